// Critical risk over HTTP, with a mail server that takes codes and without one.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addPerson } from '../../../test/support/approvals.ts';
import { Channels, until } from '../../../test/support/channels.ts';
import { offerLink, type SignedIn } from '../identity/index.ts';

interface Browser {
  readonly cookie: string;
  readonly csrfToken: string;
}
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
interface Page {
  readonly status: string;
  readonly approvals: number;
  readonly you: { readonly mayReview: boolean; readonly stepUp?: string };
  readonly history: readonly { readonly kind: string; readonly actor: string; readonly data: object }[];
}

let on: Channels;
let olga: SignedIn;

async function send(method: string, path: string, who: Partial<Browser>, body?: object): Promise<Response> {
  return fetch(`${on.url}/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(who.cookie === undefined ? {} : { cookie: who.cookie }),
      ...(who.csrfToken === undefined ? {} : { 'x-csrf-token': who.csrfToken }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function signIn(path: string, body: object, before: Partial<Browser> = {}): Promise<Browser> {
  const response = await send('POST', path, before, body);
  const { csrfToken, message } = (await response.json()) as { csrfToken?: string; message?: string };
  if (csrfToken === undefined) throw new Error(`${response.status} ${message}`);
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '', csrfToken };
}

async function mailedCode({ email }: SignedIn): Promise<string> {
  const codesTo = (): string[] =>
    on.sink.mails.flatMap(({ to, raw }) =>
      to === email ? (/^Your AgentOS code: (\d{6})\r?$/m.exec(raw)?.[1] ?? []) : [],
    );
  const before = codesTo().length;
  expect((await send('POST', '/auth/code', {}, { email })).status).toBe(202);
  return until(() => codesTo()[before]);
}

const byCode = async (person: SignedIn, before?: Browser): Promise<Browser> =>
  signIn('/auth/session', { email: person.email, code: await mailedCode(person) }, before);
const byLink = async ({ email }: SignedIn, before?: Browser): Promise<Browser> =>
  signIn('/auth/link', { token: await offerLink(on.node, 'default', email) }, before);

async function pageOf(who: Browser, id: string): Promise<Page> {
  return (await (await send('GET', `/approvals/${id}`, who)).json()) as Page;
}

async function review(who: Browser, id: string, verdict = 'approve'): Promise<Answer> {
  const { actionHash } = await on.node.approvals.get(on.node.caller, id);
  const response = await send('POST', `/approvals/${id}/reviews`, who, { verdict, actionHash, reason: 'looked at it' });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const refusal = (message: RegExp): object => ({
  status: 403,
  body: { code: 'step_up_required', message: expect.stringMatching(message) },
});
const counted = (status: string): object => ({ status: 200, body: { counted: true, approval: { status } } });

async function start(env: Readonly<Record<string, string | undefined>> = {}): Promise<void> {
  on = await Channels.start(env);
  olga = await addPerson(on.node, 'olga', ['owner']);
}

describe('approving critical risk, where codes can be mailed', () => {
  beforeAll(() => start(), 60_000);
  afterAll(() => on.close());

  test('takes a code of each person that was just used; the refusals and the proofs are in the history', async () => {
    const id = await on.open({ risk: 'critical' });
    let [ada, other] = [await byLink(on.ada), await byCode(olga)];
    expect((await pageOf(ada, id)).you).toMatchObject({ mayReview: true, stepUp: 'code' });
    expect(await review(ada, id)).toMatchObject(refusal(/auth\/code.*auth\/session/));

    const stale = ada;
    ada = await byCode(on.ada, ada);
    expect((await send('GET', `/approvals/${id}`, stale)).status).toBe(401);
    expect((await pageOf(ada, id)).you).not.toHaveProperty('stepUp');
    expect(await review(ada, id)).toMatchObject(counted('pending'));

    await on.advance(5);
    expect((await pageOf(other, id)).you).toMatchObject({ mayReview: true, stepUp: 'code' });
    expect(await review(other, id)).toMatchObject(refusal(/less than 5 minutes ago/));
    const code = await mailedCode(on.ada);
    const foreign = await send('POST', '/auth/session', other, { email: olga.email, code });
    expect(foreign.status).toBe(401);
    expect(await review(other, id)).toMatchObject(refusal(/code/));
    other = await byCode(olga, other);
    expect(await review(other, id)).toMatchObject(counted('approved'));

    const { history } = await pageOf(other, id);
    expect(
      history.filter(({ kind }) => /^review/.test(kind)).map(({ kind, actor, data }) => [kind, actor, data]),
    ).toEqual([
      ['review_refused', on.ada.email, expect.objectContaining({ code: 'step_up_required', method: 'link' })],
      ['reviewed', on.ada.email, expect.objectContaining({ verdict: 'approve', method: 'code' })],
      ['review_refused', olga.email, expect.objectContaining({ code: 'step_up_required', method: 'code' })],
      ['review_refused', olga.email, expect.objectContaining({ code: 'step_up_required' })],
      ['reviewed', olga.email, expect.objectContaining({ verdict: 'approve', method: 'code' })],
    ]);
  });

  test('is over as soon as the proof is five minutes old, by the clock of the database', async () => {
    const id = await on.open({ risk: 'critical' });
    const { actionHash } = await on.node.approvals.get(on.node.caller, id);
    const now = (await on.nowSeconds()) * 1000;
    const at = async (agoMs: number): Promise<string> => {
      const person = { ...on.ada, method: 'code', signedInAt: new Date(now - agoMs) } as const;
      const result = await on.approvals.review(person, id, { verdict: 'approve', actionHash, channel: 'console' });
      return result.kind === 'refused' ? result.code : result.kind;
    };
    expect(await at(300_000)).toBe('step_up_required');
    expect(await at(270_000)).toBe('answered');
  });

  test('no fresh link makes up for the code', async () => {
    const id = await on.open({ risk: 'critical' });
    expect(await review(await byLink(olga), id)).toMatchObject(refusal(/code by e-mail/));
  });

  test('denying takes none, and neither does anything of high risk', async () => {
    const [critical, high] = [await on.open({ risk: 'critical' }), await on.open({ risk: 'high' })];
    const ada = await byLink(on.ada);
    await on.advance(60);
    expect((await pageOf(ada, high)).you).not.toHaveProperty('stepUp');
    expect(await review(ada, high)).toMatchObject(counted('pending'));
    expect(await review(ada, critical, 'deny')).toMatchObject(counted('denied'));
  });

  test('who may not answer at all is told that, not how to prove who they are', async () => {
    const id = await on.open({ risk: 'critical', approvers: [olga.personId] });
    const ada = await byLink(on.ada);
    expect((await pageOf(ada, id)).you).toMatchObject({ mayReview: false, refusal: 'not_eligible' });
    expect((await pageOf(ada, id)).you).not.toHaveProperty('stepUp');
    expect(await review(ada, id)).toMatchObject({ status: 403, body: { code: 'not_eligible' } });
  });
});

describe('approving critical risk, where nothing can be mailed', () => {
  beforeAll(() => start({ SMTP_URL: undefined, AGENTOS_MAIL_FROM: undefined }), 60_000);
  afterAll(() => on.close());

  test('takes a link of the operator that was just used, and the history says so', async () => {
    const id = await on.open({ risk: 'critical' });
    let ada = await byLink(on.ada);
    await on.advance(5);
    expect((await pageOf(ada, id)).you).toMatchObject({ mayReview: true, stepUp: 'link' });
    expect(await review(ada, id)).toMatchObject(refusal(/agentos sign-in-link --email/));
    ada = await byLink(on.ada, ada);
    expect(await review(ada, id)).toMatchObject(counted('pending'));
    const { history } = await pageOf(ada, id);
    expect(history.find(({ kind }) => kind === 'reviewed')?.data).toMatchObject({ method: 'link' });
  });
});
