import { AppError } from '../errors/index.ts';

/** `host:port` with the port always named, as the operator lists it. */
export function hostAndPort(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.hostname.replace(/\.$/, '')}:${port}`;
}

/** `listable`: whether the operator could allow it. */
export function blocked(url: URL, why: string, listable = false): AppError {
  const wayOut = listable
    ? ` If it is meant to be reached, the operator adds \`${hostAndPort(url)}\` to AGENTOS_ALLOWED_HOSTS.`
    : '';
  return new AppError('outbound_blocked', `The address \`${url.host || url.protocol}\` is blocked: ${why}.${wayOut}`, {
    host: url.host,
  });
}

export function failed(url: URL, why: string, cause?: unknown): AppError {
  return new AppError(
    'upstream_failed',
    `The request to \`${url.host}\` failed: ${why}.`,
    { host: url.host },
    { cause },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the name does not exist',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'connecting took too long',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  HPE_HEADER_OVERFLOW: 'its headers are larger than 16 kB',
  Z_DATA_ERROR: 'its content is not encoded as its headers say',
  Z_BUF_ERROR: 'its content ends too early',
};

/** Why an exchange failed, in words. */
export function reasonOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return String(error);
  const { code, message, errors } = error as { code?: unknown; message?: unknown; errors?: unknown };
  // Several addresses were tried: the first failure stands for all.
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  if (typeof code === 'string' && REASONS[code] !== undefined) return REASONS[code];
  if (typeof code === 'string' && code.startsWith('HPE_')) return 'the answer is not valid HTTP';
  return String(message ?? code);
}
