import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { connectStdio, makePlace, type Place } from '../support/mcp-client.ts';
import { hasRedis, NO_REDIS, startRedis, type TestRedis } from '../support/redis.ts';

const whenRedis = hasRedis ? describe : describe.skip;

whenRedis(`the built server on a Postgres and a Redis of its own${hasRedis ? '' : ` (${NO_REDIS})`}`, () => {
  let redis: TestRedis;
  let place: Place;
  beforeAll(async () => {
    redis = await startRedis();
    place = await makePlace({ env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await place.remove();
    await redis.stop();
  });

  it('runs in one process what another has deployed, with the schedule in Redis', async () => {
    const [one, two] = await Promise.all([connectStdio(place, '2026 era'), connectStdio(place, 'generation 1')]);
    const description = 'Every day at 7, read inbox/a.csv, drop rows without email and write the result to out/b.csv';
    const { agent } = (await one.call('create_agent', { description })).structured as { agent: { id: string } };
    const agentId = agent.id;
    const params = { path: 'inbox/a.csv', content: 'id,email\n1,a@x.org\n2,\n' };
    expect((await one.call('perform_action', { agentId, action: 'file.write', params })).isError).toBe(false);
    expect((await one.call('test_agent', { agentId, scenario: 'a normal day' })).structured['verdict']).toBe('passed');
    expect((await one.call('deploy_agent', { agentId })).structured['status']).toBe('deployed');
    const { runId } = (await two.call('run_agent', { agentId })).structured;
    let run: { status: string } | undefined;
    for (let i = 0; i < 200 && (run === undefined || ['queued', 'running'].includes(run.status)); i++) {
      run = (await two.call('get_run', { runId })).structured['run'] as { status: string };
    }
    expect(run).toMatchObject({ status: 'succeeded' });
    const out = await two.call('perform_action', { agentId, action: 'file.read', params: { path: 'out/b.csv' } });
    expect(out.structured['output']).toMatchObject({ text: 'id,email\n1,a@x.org\n' });
    const client = new Redis(redis.url);
    expect((await client.keys('agentos-*')).some((key) => key.includes(`schedule-${agentId}`))).toBe(true);
    client.disconnect();
    await Promise.all([one.close(), two.close()]);
  });
});
