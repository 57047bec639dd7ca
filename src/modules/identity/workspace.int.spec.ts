import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startServices, type TestServices } from '../../../test/support/services.ts';
import {
  changeSettings,
  IdentityService,
  parseMaxOpenApprovals,
  readSettings,
  type SettingsChange,
  type Workspace,
} from './index.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

beforeEach(async () => {
  await s.db.query('DELETE FROM workspace_setting');
  await s.db.query("DELETE FROM person WHERE email <> 'owner@localhost'");
});

const read = (): Promise<Workspace> => new IdentityService(s.db).workspace(s.caller);
const change = (what: SettingsChange) => changeSettings(s, s.caller, what);

async function addPerson(email: string, active = true): Promise<void> {
  await s.db.query('INSERT INTO person (id, workspace_id, email, roles, active) VALUES ($1, $2, $3, $4, $5)', [
    randomUUID(),
    s.caller.workspaceId,
    email,
    ['requester'],
    active,
  ]);
}

describe('what is known about a workspace', () => {
  test('without settings: its time zone, and no own domain for the local owner', async () => {
    expect(await read()).toEqual({
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      mailDomains: [],
      parameters: {},
    });
  });

  test('own mail domains are those of the settings and of active members, never of public providers', async () => {
    await addPerson('ada@shop.example');
    await addPerson('bo@shop.example');
    await addPerson('cy@gmail.com');
    await addPerson('dee@left.example', false);
    await change({ mailDomains: ['Parent.example', 'bücher.example', 'parent.example'] });
    expect((await read()).mailDomains).toEqual(['parent.example', 'shop.example', 'xn--bcher-kva.example']);
  });

  test('one that reads often sees a change after three seconds, not never', async () => {
    const identity = new IdentityService(s.db);
    await identity.workspace(s.caller);
    await change({ slackTeam: 'T012AB3CD' });
    await expect(identity.workspace(s.caller)).resolves.not.toHaveProperty('slackTeam');
    await new Promise((resolve) => setTimeout(resolve, 3_050));
    await expect(identity.workspace(s.caller)).resolves.toHaveProperty('slackTeam', 'T012AB3CD');
  });

  test('one that does not exist is not found, each time it is asked for', async () => {
    const identity = new IdentityService(s.db);
    const nobody = { ...s.caller, workspaceId: randomUUID() as never };
    await expect(identity.workspace(nobody)).rejects.toMatchObject({ code: 'not_found' });
    await expect(identity.workspace(nobody)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('changing settings', () => {
  test('leaves alone what is not named, and an empty value takes one away', async () => {
    await change({ mailDomains: ['shop.example'], slackTeam: 'T012AB3CD' });
    await change({
      parameters: [
        { policy: 'p', name: 'limit', value: 5 },
        { policy: 'q', name: 'on', value: true },
      ],
    });
    expect(await readSettings(s.db, s.caller)).toEqual({
      mailDomains: ['shop.example'],
      slackTeam: 'T012AB3CD',
      parameters: { p: { limit: 5 }, q: { on: true } },
      quorums: {},
      maxOpenApprovals: 20,
    });
    await change({ mailDomains: [], slackTeam: '', parameters: [{ policy: 'p', name: 'limit', value: undefined }] });
    expect(await readSettings(s.db, s.caller)).toEqual({
      mailDomains: [],
      parameters: { q: { on: true } },
      quorums: {},
      maxOpenApprovals: 20,
    });
  });

  test.each([
    ['mail', { mailDomains: ['gmail.com'] }, /anybody can have a mailbox/],
    ['mail', { mailDomains: ['nonsense'] }, /`nonsense` is no mail domain/],
    ['mail', { mailDomains: ['a b.example'] }, /is no mail domain/],
    ['Slack', { slackTeam: 'my-team' }, /is no Slack team/],
  ])('a wrong %s setting changes nothing', async (_, wrong, message) => {
    await change({ mailDomains: ['shop.example'] });
    await expect(change({ ...wrong, parameters: [{ policy: 'p', name: 'limit', value: 5 }] })).rejects.toThrow(message);
    expect(await readSettings(s.db, s.caller)).toMatchObject({ mailDomains: ['shop.example'], parameters: {} });
  });

  test('is recorded with what was changed', async () => {
    await change({ slackTeam: 'T0RECORD', parameters: [{ policy: 'p', name: 'limit', value: 5 }] });
    const { entries } = await s.audit.list(s.caller, { actionFilter: 'workspace.', limit: 1 });
    expect(entries).toMatchObject([{ kind: 'workspace.changed', outcome: 'succeeded' }]);
    const rows = await s.db.query<{ body: Buffer }>("SELECT body FROM audit_entry WHERE body LIKE '%T0RECORD%'");
    expect(JSON.parse(rows[0]!.body.toString())).toMatchObject({
      data: { slackTeam: 'T0RECORD', parameters: ['p.limit'] },
    });
  });

  test('how many requests of an agent may wait is 20 unless it is set, and is checked', async () => {
    await change({ maxOpenApprovals: parseMaxOpenApprovals('7') });
    await change({ mailDomains: [] });
    expect(await readSettings(s.db, s.caller)).toMatchObject({ maxOpenApprovals: 7 });
    await change({ maxOpenApprovals: parseMaxOpenApprovals('') });
    expect(await readSettings(s.db, s.caller)).toMatchObject({ maxOpenApprovals: 20 });
    for (const wrong of ['0', '10001', '-1', '1.5', 'many'])
      expect(() => parseMaxOpenApprovals(wrong)).toThrow(/1 to 10000/);
  });

  test('of two changes at the same time none is lost', async () => {
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    await Promise.all(numbers.map((n) => change({ parameters: [{ policy: 'p', name: `n${n}`, value: n }] })));
    const { parameters } = await readSettings(s.db, s.caller);
    expect(Object.keys(parameters['p'] ?? {})).toHaveLength(8);
  });
});
