import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectStdio, makePlace, RawServer, type Json, type Place } from '../support/mcp-client.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace({ embedded: true });
});
afterAll(async () => place.remove());

const postmaster = (): number =>
  Number(readFileSync(join(place.dataDir, 'postgres', 'pg18', 'postmaster.pid'), 'utf8').split('\n')[0]);
const idOf = ({ structured }: { structured: Json }): string => (structured['agent'] as { id: string }).id;

describe('kill -9 in the middle of work', () => {
  it('of the embedded database: it comes back by itself, and nothing that was answered is lost', async () => {
    const session = await connectStdio(place);
    const agentId = idOf(
      await session.call('create_agent', { description: 'Read inbox/a.csv and write it to out/a.json' }),
    );
    process.kill(postmaster(), 'SIGKILL');
    let answer = await session.call('get_agent_status', { agentId });
    // A connection that was open when the server died says so once.
    for (let i = 0; i < 10 && answer.isError; i++) {
      expect(answer.text).toMatch(/database does not answer/);
      answer = await session.call('get_agent_status', { agentId });
    }
    expect(answer.structured['status']).toBe('draft');
    const { chain } = (await session.call('audit_log')).structured as { chain: { verified: boolean; size: number } };
    expect(chain).toMatchObject({ verified: true });
    expect(chain.size).toBeGreaterThan(0);
    await session.close();
  });

  it('of the server: the next one finishes its run, each file written once', async () => {
    const steps = [
      { name: 'pause', action: 'data.transform', params: { input: null, expression: '$sum([1..2000000])' } },
      ...[1, 2, 3].map((i) => ({
        name: `write_${i}`,
        action: 'file.write',
        params: { path: 'log.txt', content: `${i}\n`, mode: 'append' },
      })),
    ];
    const first = new RawServer(place.env);
    await first.open();
    const call = async (id: number, name: string, args: Json): Promise<Json> => {
      first.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
      return ((await first.answer(id))['result'] as { structuredContent: Json }).structuredContent;
    };
    const agentId = ((await call(1, 'create_agent', { description: 'Append lines', steps }))['agent'] as { id: string })
      .id;
    await call(2, 'test_agent', { agentId, scenario: 'a crash' });
    await call(3, 'deploy_agent', { agentId });
    const runId = (await call(4, 'run_agent', { agentId }))['runId'];
    await first.kill('SIGKILL');
    const second = await connectStdio(place);
    let run: Json = { status: 'queued' };
    const deadline = performance.now() + 55_000;
    while (['queued', 'running'].includes(String(run['status'])) && performance.now() < deadline) {
      run = (await second.call('get_run', { runId })).structured['run'] as Json;
    }
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(readFileSync(join(place.files, 'log.txt'), 'utf8')).toBe('1\n2\n3\n');
    await second.close();
  }, 90_000);
});
