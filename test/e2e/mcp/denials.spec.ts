import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAgent, perform } from '../../support/agents.ts';
import { type Answer, connectStdio, type Json, makePlace, type Place, type Session } from '../../support/mcp-client.ts';

const UUID = /^[0-9a-f-]{36}$/;
const POLICIES = ['data-deletion', 'secrets-protection', 'rate-limiting'];

let place: Place;
let session: Session;
let server: Server;
let base: string;
let requests = 0;
let agentId: string;

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  place = await makePlace({ env: { AGENTOS_ALLOWED_HOSTS: `127.0.0.1:${port}` } });
  session = await connectStdio(place);
  agentId = await createAgent(session, { grants: ['file.*', 'http.request'], policies: POLICIES });
});

afterAll(async () => {
  await session?.close();
  server?.close();
  await place?.remove();
});

function expectDenied(answer: Answer, rule: string): void {
  expect(answer).toMatchObject({ isError: true, structured: {} });
  expect(answer.text.split('\n')).toContain(`Denied by: ${rule}`);
  expect(answer.text).toMatch(/^Reason: .{20}/m);
  expect(answer.text).toMatch(/^Alternative: .{10}/m);
  expect(answer.meta['agentos/decision']).toMatchObject({ effect: 'deny', mode: 'strict' });
}

function expectHeld(answer: Answer, rule: string): string {
  expect(answer).toMatchObject({ isError: true, structured: {} });
  const id = String(answer.meta['agentos/approvalId']);
  expect(id).toMatch(UUID);
  expect(answer.text).toMatch(new RegExp(`^Approval: ${id}$`, 'm'));
  expect(answer.text).toMatch(new RegExp(`^Link: http://127\\.0\\.0\\.1:\\d+/approvals/${id}$`, 'm'));
  expect(answer.text).toContain(`**${rule}**`);
  expect(answer.text).toMatch(
    /^Asked: nobody.*^Waits until: \d{4}-\d\d-\d\dT.*only person who could answer.*no tool can.*call again with the same arguments/ms,
  );
  expect(answer.meta['agentos/decision']).toMatchObject({ effect: 'require_approval' });
  return id;
}

function expectDone(answer: Answer): Json {
  expect(answer.text).toMatch(/^# ✅ Action Succeeded\n/);
  expect(answer).toMatchObject({ isError: false, structured: { outcome: 'succeeded' } });
  return answer.structured['output'] as Json;
}

/** Ten at once, as many as the policy allows. */
async function inGroups(count: number, act: (i: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) {
    const group = Array.from({ length: Math.min(10, count - answers.length) }, (_, i) => act(answers.length + i));
    answers.push(...(await Promise.all(group)));
  }
  return answers;
}

const file = (name: string, content = 'x'): string => {
  writeFileSync(join(place.files, name), content);
  return name;
};

describe('an action as a client sees it', () => {
  it('is denied when the agent declares no such type, and done when a step or grant does', async () => {
    const reader = await createAgent(session);
    file('a.txt', 'hello');
    expectDenied(await perform(session, reader, 'file.read', { path: 'a.txt' }), 'baseline/undeclared-type');
    expectDone(await perform(session, reader, 'file.list', { path: '.' }));
    expect(expectDone(await perform(session, agentId, 'file.read', { path: 'a.txt' }))).toMatchObject({
      text: 'hello',
    });
  });

  it('is denied on a path outside the roots, however it is written', async () => {
    mkdirSync(join(place.files, 'sub'), { recursive: true });
    symlinkSync('/etc', join(place.files, 'link'));
    for (const path of ['/etc/hostname', '../secret.txt', 'sub/../../x', 'link/hostname']) {
      expectDenied(await perform(session, agentId, 'file.read', { path }), 'baseline/path-outside-roots');
    }
    expectDenied(
      await perform(session, agentId, 'file.move', { from: file('m.txt'), to: '/tmp/m.txt' }),
      'baseline/path-outside-roots',
    );
    expect(existsSync(join(place.files, 'm.txt'))).toBe(true);
    expectDone(await perform(session, agentId, 'file.move', { from: 'm.txt', to: 'sub/../moved.txt' }));
  });

  it('is held for a recursive or wildcard delete inside the roots, and the same call finds the same request', async () => {
    mkdirSync(join(place.files, 'logs'), { recursive: true });
    file('logs/1.log');
    const first = expectHeld(
      await perform(session, agentId, 'file.delete', { path: 'logs', recursive: true }),
      'data-deletion/recursive-delete-inside',
    );
    const again = expectHeld(
      await perform(session, agentId, 'file.delete', { path: 'logs', recursive: true }),
      'data-deletion/recursive-delete-inside',
    );
    expect(again).toBe(first);
    expect(
      expectHeld(
        await perform(session, agentId, 'file.delete', { path: 'logs/*.log' }),
        'data-deletion/recursive-delete-inside',
      ),
    ).not.toBe(first);
    expect(existsSync(join(place.files, 'logs/1.log'))).toBe(true);
    expectDone(await perform(session, agentId, 'file.delete', { path: 'logs/1.log' }));
    const status = await session.call('get_agent_status', { agentId });
    expect((status.structured['pendingApprovals'] as { id: string }[]).map(({ id }) => id)).toContain(first);
  });

  it('is denied for a recursive or wildcard delete outside the roots', async () => {
    expectDenied(
      await perform(session, agentId, 'file.delete', { path: '/var/log', recursive: true }),
      'data-deletion/recursive-delete-outside',
    );
    expectDenied(
      await perform(session, agentId, 'file.delete', { path: '/var/log/*' }),
      'data-deletion/recursive-delete-outside',
    );
  });

  it('is denied where credentials live, also inside the roots', async () => {
    mkdirSync(join(place.files, '.ssh'), { recursive: true });
    file('.env', 'TOKEN=1');
    file('environment.md', 'about');
    for (const path of ['.env', '.ssh/id_ed25519'])
      expectDenied(await perform(session, agentId, 'file.read', { path }), 'secrets-protection/credential-path');
    expectDone(await perform(session, agentId, 'file.read', { path: 'environment.md' }));
  });

  it('is denied to private and metadata addresses in every spelling, and done to an allowed one', async () => {
    const asked = requests;
    for (const url of [
      'http://127.0.0.1:1/',
      'http://10.0.0.8/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::ffff:127.0.0.1]/',
      'http://localhost/',
    ]) {
      expectDenied(await perform(session, agentId, 'http.request', { url }), 'baseline/private-address');
    }
    for (const url of ['http://169.254.169.254/latest/meta-data/', 'http://metadata.google.internal/']) {
      expectDenied(await perform(session, agentId, 'http.request', { url }), 'baseline/metadata-address');
    }
    expect(requests).toBe(asked);
    expect(expectDone(await perform(session, agentId, 'http.request', { url: `${base}/a` }))).toMatchObject({
      status: 200,
      json: { ok: true },
    });
    expect(requests).toBe(asked + 1);
  });

  it('is carried out without the credentials in the URL', async () => {
    const url = base.replace('http://', 'http://user:hunter2@');
    const answer = await perform(session, agentId, 'http.request', { url });
    expectDone(answer);
    expect(answer.structured['decision']).toMatchObject({
      effect: 'transform',
      violations: [{ policy: 'secrets-protection', rule: 'credentials-in-url' }],
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('is denied above 100 http requests a minute', async () => {
    const caller = await createAgent(session, { grants: ['http.request'], policies: POLICIES });
    const answers = await inGroups(100, (i) => perform(session, caller, 'http.request', { url: `${base}/${i}` }));
    answers.forEach(expectDone);
    expectDenied(
      await perform(session, caller, 'http.request', { url: `${base}/one-more` }),
      'rate-limiting/http-per-minute',
    );
  });

  it('is denied above 60 writes a minute, while reads go on', async () => {
    const writer = await createAgent(session, { grants: ['file.*'], policies: POLICIES });
    const write = (i: number): Promise<Answer> =>
      perform(session, writer, 'file.write', { path: `w/${i}.txt`, content: String(i) });
    const answers = await inGroups(61, write);
    const refused = answers.filter((answer) => answer.isError);
    expect(refused).toHaveLength(1);
    refused.forEach((answer) => expectDenied(answer, 'rate-limiting/writes-per-minute'));
    expectDone(await perform(session, writer, 'file.list', { path: 'w' }));
  });

  it('leaves a decision in the trail for each of these', async () => {
    const denied = await session.call('audit_log', { agentId, outcome: 'denied', limit: 100 });
    const rules = (
      denied.structured['entries'] as { decision?: { violations: { policy: string; rule: string }[] } }[]
    ).flatMap(({ decision }) => decision?.violations.map(({ policy, rule }) => `${policy}/${rule}`) ?? []);
    expect(rules).toEqual(
      expect.arrayContaining([
        'baseline/path-outside-roots',
        'secrets-protection/credential-path',
        'baseline/private-address',
        'baseline/metadata-address',
      ]),
    );
    expect(denied.structured).toMatchObject({ chain: { verified: true } });
  });

  it('only warns about high rules in permissive mode, and still denies critical ones', async () => {
    const permissive = await connectStdio(place, '2025 era', { AGENTOS_POLICY_MODE: 'permissive' });
    try {
      const other = await createAgent(permissive);
      const undeclared = await perform(permissive, other, 'file.read', { path: 'a.txt' });
      expectDone(undeclared);
      expect(undeclared.structured['decision']).toMatchObject({
        effect: 'allow',
        strictEffect: 'deny',
        mode: 'permissive',
        warnings: [{ rule: 'undeclared-type' }],
      });
      const outside = await perform(permissive, other, 'file.read', { path: '/etc/hostname' });
      expect(outside.text.split('\n')).toContain('Denied by: baseline/path-outside-roots');
    } finally {
      await permissive.close();
    }
  });
});
