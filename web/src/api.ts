import type { ApprovalPage, ApprovalView } from '../../src/modules/approvals/approval.ts';
import type { ApprovalStatus, Verdict } from '../../src/kernel/approval/model.ts';

export type { ApprovalPage, ApprovalStatus, ApprovalView, Verdict };

export interface SingleOperator {
  readonly on: boolean;
  readonly possible: boolean;
}

export interface Session {
  readonly person: { readonly email: string; readonly roles: readonly string[]; readonly groups: readonly string[] };
  readonly csrfToken: string;
  readonly signedInAt: string;
  readonly workspace: { readonly name: string; readonly singleOperator: SingleOperator };
}

export interface ApprovalList {
  readonly approvals: readonly ApprovalView[];
  readonly nextCursor?: string;
}

/** The server said no; `code` is one of its own, or `unreachable`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let clockOffsetMs = 0;

/** The server's time as its last answer told it, to the second. */
export function serverNow(): Date {
  return new Date(Date.now() + clockOffsetMs);
}

function noteClock(response: Response): void {
  const told = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(told)) clockOffsetMs = told - Date.now();
}

async function send<T>(method: string, path: string, options: SendOptions = {}): Promise<T> {
  const { body, csrfToken, signal } = options;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (csrfToken !== undefined) headers['x-csrf-token'] = csrfToken;
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, 'unreachable', 'The server does not answer. Check the connection; nothing was changed here.');
  });
  noteClock(response);
  const answer = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
  if (response.ok) return answer as T;
  const message = answer.message ?? `The server answered with status ${response.status}.`;
  throw new ApiError(response.status, answer.code ?? 'failed', message);
}

interface SendOptions {
  readonly body?: object;
  readonly csrfToken?: string;
  readonly signal?: AbortSignal;
}

const at = (id: string): string => `/approvals/${encodeURIComponent(id)}`;

export const getSession = (signal?: AbortSignal): Promise<Session> => send('GET', '/auth/session', withSignal(signal));

export const requestCode = (email: string): Promise<unknown> => send('POST', '/auth/code', { body: { email } });

export const signInByCode = (email: string, code: string): Promise<unknown> =>
  send('POST', '/auth/session', { body: { email, code } });

export const signInByLink = (token: string): Promise<unknown> => send('POST', '/auth/link', { body: { token } });

export const signOut = (csrfToken: string): Promise<unknown> => send('DELETE', '/auth/session', { csrfToken });

export interface ListQuery {
  readonly status?: ApprovalStatus;
  readonly mine?: boolean;
  readonly cursor?: string;
  readonly limit?: number;
}

export function listApprovals(query: ListQuery, signal?: AbortSignal): Promise<ApprovalList> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  return send('GET', `/approvals?${search}`, withSignal(signal));
}

export const getApproval = (id: string, signal?: AbortSignal): Promise<ApprovalPage> =>
  send('GET', at(id), withSignal(signal));

export interface ReviewBody {
  readonly verdict: Verdict;
  readonly actionHash: string;
  readonly reason?: string;
}

export const review = (
  id: string,
  body: ReviewBody,
  csrfToken: string,
): Promise<{ readonly counted: boolean; readonly approval: ApprovalPage }> =>
  send('POST', `${at(id)}/reviews`, { body, csrfToken });

export const endApproval = (
  id: string,
  how: 'revoke' | 'cancel',
  reason: string,
  csrfToken: string,
): Promise<unknown> => send('POST', `${at(id)}/${how}`, { body: reason === '' ? {} : { reason }, csrfToken });

export const setSingleOperator = (
  on: boolean,
  csrfToken: string,
): Promise<{ readonly singleOperator: SingleOperator }> =>
  send('POST', '/workspace/single-operator', { body: { on }, csrfToken });

export interface SlackStanding {
  readonly isConfigured: boolean;
  /** Where AgentOS is installed; absent while Slack does not say. */
  readonly teamId?: string;
  readonly linked?: { readonly teamId: string; readonly userId: string };
}

export const getSlackStanding = (signal?: AbortSignal): Promise<SlackStanding> =>
  send('GET', '/me/slack', withSignal(signal));

export const offerSlackLink = (teamId: string, userId: string, csrfToken: string): Promise<unknown> =>
  send('POST', '/me/slack', { body: { teamId, userId }, csrfToken });

export const confirmSlackLink = (code: string, csrfToken: string): Promise<unknown> =>
  send('POST', '/me/slack/confirm', { body: { code }, csrfToken });

function withSignal(signal: AbortSignal | undefined): SendOptions {
  return signal === undefined ? {} : { signal };
}
