import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { shiftClock, startServices, type TestServices } from '../../../test/support/services.ts';
import { Mailer } from '../../platform/mail/index.ts';
import { Sweeper } from '../../platform/queue/index.ts';
import { addMember, createKey, deactivateMember, IdentityService, listKeys, offerLink, revokeKey } from './index.ts';
import { setMember } from './people.ts';
import { SessionsService } from './sessions.service.ts';

let s: TestServices;
let smtp: SMTPServer;
let sessions: SessionsService;
const mails: string[] = [];

beforeAll(async () => {
  s = await startServices();
  smtp = new SMTPServer({
    authOptional: true,
    onData: (stream, _, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => done(void mails.push(text)));
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  sessions = make(`smtp://127.0.0.1:${port}`);
  await addMember(s, 'default', { email: 'Ada@Example.com', roles: ['approver'] });
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await s.close();
});

function make(smtpUrl: string | undefined): SessionsService {
  const mailer = new Mailer({ smtpUrl, mailFrom: 'AgentOS <agentos@example.com>' });
  return new SessionsService(s.db, s.audit, mailer, new Sweeper(s.log), s.log);
}

async function mailedCode(email: string): Promise<string | undefined> {
  const before = mails.length;
  sessions.requestCode(email, '192.0.2.1');
  await sessions.beforeApplicationShutdown();
  return /^Your AgentOS code: (\d{6})\r?$/m.exec(mails[before] ?? '')?.[1];
}

const refused = { code: 'unauthorized' };

describe('signing in by code', () => {
  test('opens a session of the person, once', async () => {
    const code = (await mailedCode(' ADA@example.com '))!;
    const { token, person } = await sessions.signInByCode('ada@example.com', code);
    expect(person).toMatchObject({ email: 'ada@example.com', roles: ['approver'], method: 'code' });
    expect(await sessions.find(token)).toEqual(person);
    await expect(sessions.signInByCode('ada@example.com', code)).rejects.toMatchObject(refused);
    const stored = await s.db.query<{ text: string }>(
      'SELECT row_to_json(t)::text AS text FROM (SELECT * FROM session) t',
    );
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  test('gives five tries, then not even the right code counts', async () => {
    const code = (await mailedCode('ada@example.com'))!;
    const wrong = code === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n++) {
      await expect(sessions.signInByCode('ada@example.com', wrong)).rejects.toMatchObject(refused);
    }
    await expect(sessions.signInByCode('ada@example.com', code)).rejects.toMatchObject(refused);
    const failed = await s.audit.list(s.caller, { actionFilter: 'sign_in.failed', limit: 100 });
    expect(failed.entries).toHaveLength(5);
  });

  test('the same person gets no more than five codes an hour', async () => {
    const { email } = await addMember(s, 'default', { email: 'bo@example.com', roles: ['owner'] });
    const codes = [];
    for (let n = 0; n < 6; n++) codes.push(await mailedCode(email));
    expect(codes.map((code) => typeof code)).toEqual([...Array<string>(5).fill('string'), 'undefined']);
  });

  test('a refusal neither says nor shows by its time whether the address is known', async () => {
    expect(await mailedCode('nobody@example.com')).toBeUndefined();
    const times: number[] = [];
    for (const email of ['nobody@example.com', 'ada@example.com']) {
      const began = performance.now();
      await expect(sessions.signInByCode(email, '123456')).rejects.toMatchObject(refused);
      times.push(performance.now() - began);
    }
    expect(Math.min(...times)).toBeGreaterThan(395);
  });

  test.each([
    'a@b.example\r\nBcc: x@evil.example',
    'a@b.example, x@evil.example',
    '<a@b.example>',
    'a b@c.example',
    'a@',
  ])('mails nothing to %j', (email) => {
    expect(() => sessions.requestCode(email, '192.0.2.9')).toThrow(/is no e-mail address/);
  });

  test('says the way out when no mail can be sent', () => {
    expect(() => make(undefined).requestCode('ada@example.com', '192.0.2.1')).toThrow(/agentos sign-in-link --email/);
  });

  test('one address of the network asks 30 times an hour', () => {
    const limited = make('smtp://127.0.0.1:1');
    const ask = (): void => limited.requestCode(`x@example.org`, '192.0.2.77');
    for (let n = 0; n < 30; n++) ask();
    expect(ask).toThrow(/Too many codes/);
  });
});

describe('signing in again', () => {
  test('proves anew who it is: the session is as fresh as the code, and the one before it is over', async () => {
    const { token: old, person: before } = await sessions.signInByLink(
      await offerLink(s, 'default', 'ada@example.com'),
    );
    await shiftClock(s.db, '20 minutes');
    await expect(sessions.signInByCode('ada@example.com', '000000', old)).rejects.toMatchObject(refused);
    expect(await sessions.find(old)).toEqual(before);
    const code = (await mailedCode('ada@example.com'))!;
    const { token, person } = await sessions.signInByCode('ada@example.com', code, old);
    expect(person).toMatchObject({ personId: before.personId, method: 'code' });
    expect(person.signedInAt.getTime() - before.signedInAt.getTime()).toBeGreaterThan(19 * 60_000);
    expect(person.sessionId).not.toBe(before.sessionId);
    expect(await sessions.find(token)).toEqual(person);
    expect(await sessions.find(old)).toBeUndefined();
    const ended = await s.audit.list(s.caller, { actionFilter: 'sign_in.ended', limit: 10 });
    expect(ended.entries).toMatchObject([{ actor: `person:${person.personId}` }]);
    await s.db.query('DELETE FROM test_clock');
  });

  test('as somebody else never makes the session of the first any fresher', async () => {
    const { token: old } = await sessions.signInByLink(await offerLink(s, 'default', 'ada@example.com'));
    await addMember(s, 'default', { email: 'kim@example.com', roles: ['approver'] });
    const code = (await mailedCode('kim@example.com'))!;
    await expect(sessions.signInByCode('ada@example.com', code, old)).rejects.toMatchObject(refused);
    const { person } = await sessions.signInByCode('kim@example.com', code, old);
    expect(person.email).toBe('kim@example.com');
    expect(await sessions.find(old)).toBeUndefined();
  });
});

describe('signing in by link', () => {
  test('works once, also when two ask at the same moment', async () => {
    const token = await offerLink(s, 'default', 'ada@example.com');
    const both = await Promise.allSettled([sessions.signInByLink(token), sessions.signInByLink(token)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is over after 15 minutes, a session after 12 hours', async () => {
    const old = await offerLink(s, 'default', 'ada@example.com');
    const { token } = await sessions.signInByLink(await offerLink(s, 'default', 'ada@example.com'));
    await shiftClock(s.db, '16 minutes');
    await expect(sessions.signInByLink(old)).rejects.toMatchObject(refused);
    expect(await sessions.find(token)).toBeDefined();
    await shiftClock(s.db, '12 hours 1 minute');
    expect(await sessions.find(token)).toBeUndefined();
    await shiftClock(s.db, '2 days');
    await sessions.sweep();
    expect(await s.db.query('SELECT 1 FROM session UNION ALL SELECT 1 FROM sign_in')).toEqual([]);
    await s.db.query('DELETE FROM test_clock');
  });

  test('the session of a deactivated person is dead at once, and roles are those of now', async () => {
    const { email } = await addMember(s, 'default', { email: 'cy@example.com', roles: ['owner'] });
    const { token, csrfToken } = await sessions.signInByLink(await offerLink(s, 'default', email));
    expect(sessions.isCsrfToken(token, csrfToken)).toBe(true);
    expect(sessions.isCsrfToken(token, `${csrfToken.slice(1)}x`)).toBe(false);
    await setMember(s, 'default', { email, roles: ['auditor'] });
    expect(await sessions.find(token)).toMatchObject({ roles: ['auditor'] });
    await deactivateMember(s, 'default', email);
    expect(await sessions.find(token)).toBeUndefined();
  });
});

describe('keys', () => {
  const find = (key: string) => new IdentityService(s.db).keyCaller(key);

  test('ask on behalf of their owner, with their own role only', async () => {
    await addMember(s, 'default', { email: 'dee@example.com', roles: ['admin', 'approver'] });
    const key = await createKey(s, 'default', { name: 'ci', role: 'requester', owner: 'dee@example.com' });
    expect(key).toMatch(/^agk_[A-Za-z0-9]{49}$/);
    expect(await find(key)).toMatchObject({ roles: ['requester'], channel: 'http', workspaceId: s.caller.workspaceId });
    expect(await find(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBeUndefined();
    expect((await listKeys(s, 'default')).map(({ name }) => name)).toEqual(['ci']);
    await revokeKey(s, 'default', 'ci');
    expect(await find(key)).toBeUndefined();
  });

  test('end with the standing of their owner', async () => {
    await addMember(s, 'default', { email: 'eve@example.com', roles: ['operator'] });
    const key = await createKey(s, 'default', { name: 'eve', role: 'operator', owner: 'eve@example.com' });
    await setMember(s, 'default', { email: 'eve@example.com', roles: ['requester'] });
    expect(await find(key)).toBeUndefined();
    await setMember(s, 'default', { email: 'eve@example.com', roles: ['owner'] });
    expect(await find(key)).toMatchObject({ roles: ['operator'] });
    await deactivateMember(s, 'default', 'eve@example.com');
    expect(await find(key)).toBeUndefined();
    const more = createKey(s, 'default', { name: 'more', role: 'owner', owner: 'dee@example.com' });
    await expect(more).rejects.toThrow(/cannot do more than its owner/);
  });
});
