import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { deployAgent, makeAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import { shiftClock } from '../../../test/support/services.ts';
import type { Step } from '../../kernel/run/model.ts';

const DAY_MS = 24 * 3_600_000;
const steps: Step[] = [{ name: 'ask', action: 'http.request', params: { url: 'https://example.com/' } }];
const daily = { schedule: { cron: '0 9 * * *', timezone: 'Europe/Berlin' } };
let database: TestDatabase;
let all: Runs;

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url);
});
afterEach(() => shiftClock(all.db, '0'));
afterAll(async () => {
  await all.close();
  await database.drop();
});

const runsOf = (agentId: string): Promise<{ scheduled_for: Date; trigger: string; status: string }[]> =>
  all.db.query('SELECT scheduled_for, trigger, status FROM run WHERE agent_id = $1 ORDER BY created_at', [agentId]);
const nextRunAt = async (agentId: string): Promise<Date> => {
  const { nextRunAt: next } = await all.runs.status(all.caller, agentId);
  if (next === undefined) throw new Error('nothing is due');
  return new Date(next);
};
/** Moves the clock to `ms` after the time at which the agent is due. */
const goTo = async (due: Date, ms: number): Promise<void> => {
  await shiftClock(all.db, '0');
  const [row] = await all.db.query<{ now: Date }>('SELECT app_now() AS now');
  await shiftClock(all.db, `${due.getTime() + ms - (row?.now.getTime() ?? 0)} milliseconds`);
};

describe('a schedule', () => {
  it('is in force once the agent is deployed, and fires once at its time', async () => {
    const agentId = await makeAgent(all, steps, daily);
    const deployed = await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    expect(deployed).toMatchObject({ status: 'deployed', notice: expect.stringContaining('fires while') });
    const due = await nextRunAt(agentId);
    expect(deployed.nextRunAt).toBe(due.toISOString());
    expect(due.getTime() - Date.parse(new Date(due).toISOString().slice(0, 10))).toBeGreaterThanOrEqual(7 * 3_600_000);
    await goTo(due, -1_000);
    await all.runs.sweep();
    expect(await all.runs.fireSchedule(agentId)).toBeUndefined();
    expect(await runsOf(agentId)).toEqual([]);
    await goTo(due, 1_000);
    await all.runs.sweep();
    await all.runs.sweep();
    expect(await runsOf(agentId)).toEqual([{ scheduled_for: due, trigger: 'schedule', status: 'queued' }]);
    const after = (await nextRunAt(agentId)).getTime() - due.getTime();
    expect(Math.abs(after - DAY_MS)).toBeLessThanOrEqual(3_600_000);
  });

  it('fires once for all the times that were missed', async () => {
    const agentId = await deployAgent(all, steps, { schedule: { cron: '*/5 * * * *', timezone: 'UTC' } });
    const due = await nextRunAt(agentId);
    await goTo(due, 3 * DAY_MS);
    await all.runs.sweep();
    await all.runs.sweep();
    expect(await runsOf(agentId)).toMatchObject([{ scheduled_for: due }]);
    const next = (await nextRunAt(agentId)).getTime() - (due.getTime() + 3 * DAY_MS);
    expect(next).toBeGreaterThan(0);
    expect(next).toBeLessThanOrEqual(5 * 60_000);
  });

  it('fires once although every process fires it', async () => {
    const other = await openRuns(database.url);
    const agentId = await deployAgent(all, steps, daily);
    await goTo(await nextRunAt(agentId), 0);
    const fire = ({ runs }: Runs) => runs.fireSchedule(agentId);
    const fired = await Promise.all([fire(all), fire(other), fire(all), fire(other)]);
    expect(fired.filter((runId) => runId !== undefined)).toHaveLength(1);
    expect(await runsOf(agentId)).toHaveLength(1);
    await other.close();
  });

  it('rests while the agent is paused and goes on when it is deployed again', async () => {
    const agentId = await deployAgent(all, steps, daily);
    const due = await nextRunAt(agentId);
    await all.runs.stopAgent(all.caller, agentId, 'pause');
    expect((await all.runs.status(all.caller, agentId)).nextRunAt).toBeUndefined();
    await goTo(due, 1_000);
    await all.runs.sweep();
    expect(await all.runs.fireSchedule(agentId)).toBeUndefined();
    expect(await runsOf(agentId)).toEqual([]);
    await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    expect((await nextRunAt(agentId)).getTime()).toBeGreaterThan(due.getTime());
  });

  it('is gone when a version without one is deployed', async () => {
    const agentId = await deployAgent(all, steps, daily);
    const audit = { kind: 'agent.versioned', data: {} } as const;
    await all.agents.addVersion(all.caller, agentId, async ({ schedule: _, ...rest }) => rest, audit);
    await all.agents.recordTest(all.caller, agentId, 2, 'passed', 'made by a test', { violations: [] });
    await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    expect((await all.runs.status(all.caller, agentId)).nextRunAt).toBeUndefined();
  });

  it('has a clock in the queue exactly while it is in force', async () => {
    const agentId = await deployAgent(all, steps, daily);
    const clocks = () =>
      all.db.query<{ pattern: string; tz: string }>(
        'SELECT pattern, tz FROM bullmq.scheduler WHERE scheduler_id = $1',
        [`schedule-${agentId}`],
      );
    await until(async () => (await clocks()).length === 1);
    expect(await clocks()).toEqual([{ pattern: '0 9 * * *', tz: 'Europe/Berlin' }]);
    await all.runs.stopAgent(all.caller, agentId, 'stop');
    await until(async () => (await clocks()).length === 0);
  });
});

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
};
