export type Json = Record<string, unknown>;

/** A person at the JSON API, by the session of a one-time link. */
export interface Session {
  readonly cookie: string;
  readonly csrfToken: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Calls a tool; throws where it is refused, unless the refusal is what is expected. */
export async function callTool(url: string, name: string, args: Json, mayRefuse = false): Promise<Json> {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  const text = await response.text();
  const data = text.split('\n').findLast((line) => line.startsWith('data: '));
  const message = JSON.parse(data?.slice('data: '.length) ?? text) as { result?: Json };
  const { result } = message;
  if (result === undefined || (result['isError'] === true && !mayRefuse)) throw new Error(`${name}: ${text}`);
  return (result['structuredContent'] ?? {}) as Json;
}

/** Redeems a one-time link. */
export async function signIn(url: string, link: string): Promise<Session> {
  const response = await fetch(`${url}/api/v1/auth/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: link.trim().split('#')[1] }),
  });
  const body = (await response.json()) as Json;
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  if (response.status !== 200 || cookie === '') throw new Error(`sign-in: ${response.status} ${JSON.stringify(body)}`);
  return { cookie, csrfToken: String(body['csrfToken']) };
}

/** One request to the JSON API; rejects when the server dies under it. */
export async function callApi(url: string, session: Session, path: string, body?: Json): Promise<Answer> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie: session.cookie, 'x-csrf-token': session.csrfToken, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}
