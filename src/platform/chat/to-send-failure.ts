import { SendFailure } from '../errors/index.ts';

/** Words of Slack after which the same call may succeed. */
const LATER = ['internal_error', 'fatal_error', 'service_unavailable', 'team_added_to_org', 'accesslimited'];

interface SlackFailure extends Error {
  readonly code?: string;
  readonly retryAfter?: number;
  readonly statusCode?: number;
  readonly data?: { readonly error?: string };
  readonly original?: Error;
}

/** What an error of the Slack client means for sending again. */
export function toSendFailure(error: unknown): SendFailure {
  const failure = error as SlackFailure;
  switch (failure.code) {
    case 'slack_webapi_rate_limited_error':
      return new SendFailure('limited', 'rate_limited', { afterMs: (failure.retryAfter ?? 1) * 1000, cause: error });
    case 'slack_webapi_platform_error': {
      const word = failure.data?.error ?? 'unknown_error';
      // `internal_error` may come after the message was posted.
      if (LATER.includes(word)) return new SendFailure('in_doubt', word, { cause: error });
      if (word === 'ratelimited') return new SendFailure('limited', word, { afterMs: 1000, cause: error });
      return new SendFailure('refused', word, { cause: error });
    }
    case 'slack_webapi_http_error':
      return new SendFailure('in_doubt', `http ${failure.statusCode ?? ''}`.trim(), { cause: error });
    default:
      return fromTransport(failure);
  }
}

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

function fromTransport(failure: SlackFailure): SendFailure {
  const codes: string[] = [];
  let at: unknown = failure.original ?? failure;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code);
    at = at.cause;
  }
  const never = codes.find((code) => NEVER_CONNECTED.includes(code));
  if (never !== undefined) return new SendFailure('later', never, { cause: failure });
  return new SendFailure('in_doubt', codes[0] ?? 'no answer', { cause: failure });
}
