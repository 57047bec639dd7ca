import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addPerson } from '../../../test/support/approvals.ts';
import { Channels, until } from '../../../test/support/channels.ts';
import { TEAM } from '../../../test/support/slack-stand-in.ts';
import type { SignedIn } from '../identity/index.ts';

let on: Channels;
beforeAll(async () => {
  on = await Channels.start();
}, 60_000);
afterAll(async () => on.close());
beforeEach(async () => on.advance(61));

type Headers = Readonly<Record<string, string>>;
let people = 0;

async function post(path: string, body: object, headers: Headers = {}): Promise<Response> {
  return fetch(`${on.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** A person with a session, as a browser has it. */
async function signIn(): Promise<{ readonly person: SignedIn; readonly headers: Headers }> {
  const person = await addPerson(on.node, `linker-${++people}`);
  await post('auth/code', { email: person.email });
  const mail = await until(() => on.sink.mails.find(({ to }) => to === person.email));
  const code = /code: (\d{6})/.exec(mail.raw)?.[1];
  const opened = await post('auth/session', { email: person.email, code });
  const { csrfToken } = (await opened.json()) as { csrfToken: string };
  const cookie = /^[^;]+/.exec(opened.headers.get('set-cookie') ?? '')?.[0] ?? '';
  return { person, headers: { cookie, 'x-csrf-token': csrfToken } };
}

const offer = async (userId: string, headers: Headers, teamId = TEAM): Promise<Response> =>
  post('me/slack', { teamId, userId }, headers);
const confirm = async (code: string, headers: Headers): Promise<Response> =>
  post('me/slack/confirm', { code }, headers);
const codeIn = (userId: string): string =>
  /Your AgentOS code: (\d{6})/.exec(on.slack.in(`D${userId.slice(1)}`).at(-1)?.text ?? '')?.[1] ?? 'none';
const linkedTo = async (userId: string) => (await on.notifications.findLinked({ teamId: TEAM, userId }))?.personId;
const answer = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code?: string }).code,
];
const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');

describe('linking a Slack account over the API', () => {
  it('sends a code to the account by direct message, and links whoever types it here', async () => {
    const { person, headers } = await signIn();
    const userId = on.slack.addUser('U0LINK1');
    const offered = await offer(userId, headers);
    expect([offered.status, await offered.json(), offered.headers.get('cache-control')]).toEqual([
      202,
      { sent: true },
      'no-store',
    ]);
    expect(await linkedTo(userId)).toBeUndefined();
    const confirmed = await confirm(` ${codeIn(userId)} `, headers);
    expect([confirmed.status, await confirmed.json()]).toEqual([200, { linked: true }]);
    expect(await linkedTo(userId)).toBe(person.personId);
    const { entries } = await on.node.audit.list(on.node.caller, { actionFilter: 'slack.linked', limit: 1 });
    expect(entries[0]).toMatchObject({ kind: 'slack.linked', actor: `person:${person.personId}` });
    expect(JSON.stringify(entries)).not.toContain(codeIn(userId));
    expect(await answer(await confirm(codeIn(userId), headers))).toEqual([400, 'invalid_input']);
  });

  it('needs a session, its token, and no key', async () => {
    const { headers } = await signIn();
    const userId = on.slack.addUser('U0LINK2');
    const { cookie = '' } = headers;
    for (const path of ['me/slack', 'me/slack/confirm'])
      for (const [given, status] of [
        [{}, 401],
        [{ authorization: 'Bearer agk_x' }, 401],
        [{ ...headers, authorization: 'Bearer agk_x' }, 401],
        [{ cookie }, 403],
        [{ cookie, 'x-csrf-token': 'x' }, 403],
        [{ ...headers, 'sec-fetch-site': 'cross-site' }, 403],
      ] as const)
        expect([path, given, (await post(path, { teamId: TEAM, userId, code: '123456' }, given)).status]).toEqual([
          path,
          given,
          status,
        ]);
    expect(on.slack.in('D0LINK2')).toEqual([]);
  });

  it('takes no code after five wrong ones, none older than ten minutes, and none of somebody else', async () => {
    const [mine, other] = [await signIn(), await signIn()];
    const userId = on.slack.addUser('U0LINK3');
    await offer(userId, mine.headers);
    expect(await answer(await confirm(codeIn(userId), other.headers))).toEqual([400, 'invalid_input']);
    for (let i = 0; i < 5; i++)
      expect(await answer(await confirm(wrong(codeIn(userId)), mine.headers))).toEqual([400, 'invalid_input']);
    expect(await answer(await confirm(codeIn(userId), mine.headers))).toEqual([400, 'invalid_input']);
    await offer(userId, mine.headers);
    await on.advance(11);
    expect(await answer(await confirm(codeIn(userId), mine.headers))).toEqual([400, 'invalid_input']);
    expect(await linkedTo(userId)).toBeUndefined();
    await offer(userId, mine.headers);
    expect((await confirm(codeIn(userId), mine.headers)).status).toBe(200);
  });

  it('makes an older code worthless by a newer one', async () => {
    const { headers } = await signIn();
    const userId = on.slack.addUser('U0LINK4');
    await offer(userId, headers);
    const older = codeIn(userId);
    await offer(userId, headers);
    if (codeIn(userId) !== older) expect((await confirm(older, headers)).status).toBe(400);
    expect((await confirm(codeIn(userId), headers)).status).toBe(200);
  });

  it.each([
    ['a guest', { is_restricted: true }, TEAM],
    ['a bot', { is_bot: true }, TEAM],
    ['deactivated', { deleted: true }, TEAM],
    ['of another team', {}, 'T0OTHER'],
  ])('refuses an account that is %s, and sends it nothing', async (_, change, teamId) => {
    const { headers } = await signIn();
    const userId = on.slack.addUser('U0LINK5', change);
    expect(await answer(await offer(userId, headers, teamId))).toEqual([403, 'not_eligible']);
    expect(on.slack.in('D0LINK5')).toEqual([]);
  });

  it.each([
    ['me/slack', {}],
    ['me/slack', { teamId: 7, userId: 'U1' }],
    ['me/slack', { teamId: TEAM, userId: '<@U0ADA>' }],
    ['me/slack/confirm', {}],
    ['me/slack/confirm', { code: 'abcdef' }],
    ['me/slack/confirm', { code: '1234567' }],
  ])('says what %s takes when it is given %j', async (path, body) => {
    const { headers } = await signIn();
    expect(await answer(await post(path, body, headers))).toEqual([400, 'invalid_input']);
  });

  it('says so when Slack does not answer, and links nothing', async () => {
    const { headers } = await signIn();
    const userId = on.slack.addUser('U0LINK6');
    on.slack.faults.set('*', { kind: 'status', status: 500 });
    const response = await offer(userId, headers);
    on.slack.faults.clear();
    expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
      503,
      expect.stringContaining('Slack'),
    ]);
  });
});
