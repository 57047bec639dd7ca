import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { deployAgent, makeAgent, openRuns, type Runs } from '../../../test/support/runs.ts';
import { shiftClock } from '../../../test/support/services.ts';
import { startTsProcess } from '../../../test/support/ts-process.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Step } from '../../kernel/run/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { RunView } from './get-run.ts';

const going = new AbortController().signal;
let database: TestDatabase;
let all: Runs;

beforeAll(async () => {
  database = await createTestDatabase();
  all = await openRuns(database.url);
});
afterAll(async () => {
  await all.close();
  await database.drop();
});

const get = (url: string, name = 'ask'): Step => ({
  name,
  action: 'http.request',
  params: { url: `https://example.com/${url}` },
});
const append = (name: string, path: string): Step => ({
  name,
  action: 'file.write',
  params: { path, content: `${name}\n`, mode: 'append' },
});
const lines = (path: string): string[] => readFileSync(join(all.root, path), 'utf8').split('\n').filter(Boolean);
const start = async (steps: readonly Step[], input?: object): Promise<string> => {
  const agentId = await deployAgent(all, steps);
  const given = input === undefined ? {} : { input: input as Record<string, never> };
  return (await all.runs.start(all.caller, { agentId, trigger: 'manual', ...given })).runId;
};
const view = async (runId: string): Promise<RunView> => (await all.runs.get(all.caller, runId)).run;
const run = async (steps: readonly Step[], input?: object): Promise<RunView> => {
  const runId = await start(steps, input);
  await all.runs.execute(runId, going);
  return view(runId);
};
const statuses = ({ steps }: RunView): string[] => steps.map((step) => step.status);

describe('a run', () => {
  it('carries outputs from step to step, leaves out what is not wanted, and repeats for each item', async () => {
    for (const name of ['a', 'b']) writeFileSync(join(all.root, `${name}.txt`), `text of ${name}`);
    const done = await run(
      [
        { name: 'never', action: 'file.read', params: { path: 'gone' }, when: 'input.files.size() > 5' },
        { name: 'read-all', action: 'file.read', forEach: '${{ input.files }}', params: { path: '${{ item }}' } },
        {
          name: 'write',
          action: 'file.write',
          params: {
            path: 'out/joined.txt',
            content:
              '${{ steps["read-all"].output.map(o, o.text).join("|") }} ${{ agent.name }} ${{ steps.never.output }}.',
          },
        },
      ],
      { files: ['a.txt', 'b.txt'] },
    );
    expect(done).toMatchObject({ status: 'succeeded', trigger: 'manual' });
    expect(statuses(done)).toEqual(['skipped', 'succeeded', 'succeeded']);
    expect(readFileSync(join(all.root, 'out/joined.txt'), 'utf8')).toBe('text of a|text of b order-cleaner .');
    expect(done.steps[1]?.output).toMatchObject([{ text: 'text of a' }, { text: 'text of b' }]);
    expect(done.steps[1]?.decision?.effect).toBe('allow');
  });

  it.each<[string, (agentId: string) => Promise<unknown>, RegExp]>([
    ['a draft', async () => undefined, /is a draft\. Test it with test_agent/],
    ['a paused agent', (id) => all.runs.stopAgent(all.caller, id, 'pause'), /is paused\. Deploy it again/],
    ['a stopped agent', (id) => all.runs.stopAgent(all.caller, id, 'stop'), /was stopped for good/],
  ])('is refused for %s, with the way out', async (_, prepare, message) => {
    const agentId = await makeAgent(all, [get('x')]);
    await prepare(agentId);
    const starting = all.runs.start(all.caller, { agentId, trigger: 'manual' });
    await expect(starting).rejects.toThrow(message);
    await expect(starting).rejects.toMatchObject({ code: 'not_runnable' });
  });

  it('is blocked by a denied step, and what comes after is skipped', async () => {
    const done = await run([
      append('before', 'denied.txt'),
      { ...append('out', '/etc/agentos-x') },
      append('after', 'denied.txt'),
    ]);
    expect(done.status).toBe('blocked');
    expect(statuses(done)).toEqual(['succeeded', 'denied', 'skipped']);
    expect(done.error).toMatch(/^Step `out`: Denied by: baseline\//);
    expect(lines('denied.txt')).toEqual(['before']);
  });

  it('waits for an approval, and is blocked when nobody answers in time', async () => {
    mkdirSync(join(all.root, 'box'));
    writeFileSync(join(all.root, 'box/keep.txt'), 'x');
    const held: Step = { name: 'clear', action: 'file.delete', params: { path: 'box', recursive: true } };
    const agentId = await deployAgent(all, [held, append('after', 'held.txt')], { policies: ['data-deletion'] });
    const { runId } = await all.runs.start(all.caller, { agentId, trigger: 'manual' });
    await all.runs.execute(runId, going);
    const waiting = await view(runId);
    expect(waiting.status).toBe('waiting_approval');
    expect(statuses(waiting)).toEqual(['waiting_approval', 'pending']);
    expect(waiting.steps[0]?.approvalId).toBeDefined();
    await all.runs.sweep();
    await all.runs.execute(runId, going);
    expect((await view(runId)).status).toBe('waiting_approval');
    await shiftClock(all.db, '25 hours');
    await all.approvals.sweep();
    await all.runs.sweep();
    await shiftClock(all.db, '0');
    const expired = await view(runId);
    expect(expired).toMatchObject({
      status: 'blocked',
      error: 'Step `clear`: approval_expired: Nobody decided it in time.',
    });
    expect(statuses(expired)).toEqual(['denied', 'skipped']);
    expect(readFileSync(join(all.root, 'box/keep.txt'), 'utf8')).toBe('x');
  });

  it('fails with its step, unless the step may fail', async () => {
    const gone: Step = { name: 'read', action: 'file.read', params: { path: 'not-there' } };
    const failed = await run([gone, get('x')]);
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('Step `read`: file_not_found') });
    expect(statuses(failed)).toEqual(['failed', 'skipped']);
    const wentOn = await run([
      { ...gone, onError: 'continue' },
      { ...get('x'), when: 'steps.read.output == null' },
    ]);
    expect(wentOn.status).toBe('succeeded');
    expect(statuses(wentOn)).toEqual(['failed', 'succeeded']);
  });

  it('tries again what may succeed later, and nothing else', async () => {
    let calls = 0;
    all.http.answer = async () => {
      calls += 1;
      if (calls < 3) throw new AppError('upstream_failed', 'not now');
      return { text: 'at last' };
    };
    const retry = { attempts: 5, backoffMs: 1 };
    expect(await run([{ ...get('flaky'), retry }])).toMatchObject({ status: 'succeeded' });
    expect(calls).toBe(3);
    all.http.answer = async () => {
      calls += 1;
      throw new AppError('outbound_blocked', 'never');
    };
    expect(await run([{ ...get('blocked'), retry }])).toMatchObject({ status: 'failed' });
    expect(calls).toBe(4);
    all.http.answer = async (url) => ({ text: url });
  });

  it('waits for a person when it is not known whether an action happened, and not for ever', async () => {
    all.http.answer = async () => Promise.reject(new AppError('upstream_failed', 'the line went dead'));
    const done = await run([
      { name: 'order', action: 'http.request', params: { url: 'https://example.com/o', method: 'POST' } },
      get('x'),
    ]);
    expect(done).toMatchObject({ status: 'waiting_approval', error: 'effect_unknown' });
    expect(done.steps[0]).toMatchObject({ status: 'waiting_approval', error: 'effect_unknown' });
    expect(done.steps[0]?.approvalId).toBeDefined();
    await shiftClock(all.db, '25 hours');
    await all.approvals.sweep();
    await all.runs.sweep();
    expect(await view(done.id)).toMatchObject({
      status: 'blocked',
      error: expect.stringContaining('approval_expired'),
    });
    await shiftClock(all.db, '0');
    all.http.answer = async (url) => ({ text: url });
  });

  it('is given up when it has ended every process that worked on it', async () => {
    const runId = await start([append('one', 'poison.txt')]);
    await all.db.query('UPDATE run SET fence = 20 WHERE id = $1', [runId]);
    await all.runs.execute(runId, going);
    const { status, error } = await view(runId);
    expect(status).toBe('failed');
    expect(error).toMatch(/taken up 20 times/);
  });

  it('says which expression was wrong', async () => {
    const done = await run([{ name: 'read', action: 'file.read', params: { path: '${{ input.pth }}' } }], {
      path: 'a',
    });
    expect(done.error).toContain('there is no field `pth`; it has `path`');
  });

  it('is started and ended once in the record', async () => {
    const { id, agentId } = await run([get('x')]);
    const { entries } = await all.audit.list(all.caller, { agentId, limit: 100 });
    const kinds = entries.filter((entry) => entry.runId === id).map(({ kind, outcome }) => `${kind} ${outcome}`);
    expect(kinds.toReversed()).toEqual([
      'run.started allowed',
      'action.decided allowed',
      'action.executed succeeded',
      'run.ended succeeded',
    ]);
  });
});

describe('a worker that is killed -9', () => {
  const killIn = async (runId: string, line: string): Promise<void> => {
    const worker = startTsProcess('test/support/runs-process.ts', [database.url, all.root, runId]);
    try {
      expect(await worker.nextLine()).toBe(line);
    } finally {
      await worker.kill();
    }
  };

  it('leaves a run that another one finishes without repeating a finished step', async () => {
    const runId = await start([append('one', 'killed.txt'), get('hang'), append('two', 'killed.txt')]);
    await killIn(runId, 'hangs in https://example.com/hang');
    all.http.urls.length = 0;
    await all.runs.execute(runId, going);
    expect(await view(runId)).toMatchObject({ status: 'running' });
    expect(all.http.urls).toEqual([]);
    await shiftClock(all.db, '31 seconds');
    await all.runs.execute(runId, going);
    await shiftClock(all.db, '0');
    expect(await view(runId)).toMatchObject({ status: 'succeeded' });
    expect(lines('killed.txt')).toEqual(['one', 'two']);
    expect(all.http.urls).toEqual(['https://example.com/hang']);
  });

  it('in the middle of a forEach leaves the items that are done alone', async () => {
    const items = ['0', '1', 'hang-2', '3', '4'];
    const runId = await start([{ ...get('${{ item }}'), forEach: items }]);
    await killIn(runId, 'hangs in https://example.com/hang-2');
    all.http.urls.length = 0;
    await shiftClock(all.db, '31 seconds');
    await all.runs.execute(runId, going);
    await shiftClock(all.db, '0');
    const done = await view(runId);
    expect(done.steps[0]?.output).toEqual(items.map((item) => ({ text: `https://example.com/${item}` })));
    expect(all.http.urls).toEqual(['hang-2', '3', '4'].map((item) => `https://example.com/${item}`));
  });

  it('is replaced by the sweep: its run gets a new job when the lease is over', async () => {
    const runId = await start([get('hang')]);
    await killIn(runId, 'hangs in https://example.com/hang');
    const other = await openRuns(database.url, { root: all.root, isWorker: true });
    try {
      await shiftClock(all.db, '31 seconds');
      // Every job that the first one's worker gets is lost.
      await until(async () => {
        await other.runs.sweep();
        return (await view(runId)).status === 'succeeded';
      });
    } finally {
      await shiftClock(all.db, '0');
      await other.close();
    }
  });
});

/** Makes the next request wait until the test lets it go on. */
const hang = ({ http }: Runs) => {
  let goOn: (answer: JsonObject) => void = () => undefined;
  const isReached = new Promise<void>((reached) => {
    http.answer = () => {
      reached();
      return new Promise((resolve) => (goOn = resolve));
    };
  });
  return { isReached, goOn: (answer: JsonObject): void => goOn(answer) };
};

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('two workers and one run', () => {
  it('act once', async () => {
    const other = await openRuns(database.url, { root: all.root });
    const runId = await start([get('1'), get('2', 'again')]);
    all.http.urls.length = 0;
    await Promise.all([
      all.runs.execute(runId, going),
      other.runs.execute(runId, going),
      all.runs.execute(runId, going),
    ]);
    expect([...all.http.urls, ...other.http.urls]).toEqual(['https://example.com/1', 'https://example.com/2']);
    await other.close();
  });

  it('do not mix: one that slept past its lease can write nothing more', async () => {
    const sleeper = await openRuns(database.url, { root: all.root });
    const runId = await start([get('slow'), append('end', 'fenced.txt')]);
    const held = hang(sleeper);
    const sleeping = sleeper.runs.execute(runId, going);
    await held.isReached;
    await shiftClock(all.db, '31 seconds');
    await all.runs.execute(runId, going);
    held.goOn({ text: 'of the sleeper' });
    await sleeping;
    await shiftClock(all.db, '0');
    const done = await view(runId);
    expect(done.steps[0]?.output).toEqual({ text: 'https://example.com/slow' });
    expect(lines('fenced.txt')).toEqual(['end']);
    await sleeper.close();
  });

  it('do not mix either while the second one is still at work', async () => {
    const sleeper = await openRuns(database.url, { root: all.root });
    const runId = await start([get('slow'), append('end', 'at-work.txt')]);
    const [first, second] = [hang(sleeper), hang(all)];
    const sleeping = sleeper.runs.execute(runId, going);
    await first.isReached;
    await shiftClock(all.db, '31 seconds');
    const working = all.runs.execute(runId, going);
    await second.isReached;
    first.goOn({ text: 'of the sleeper' });
    await sleeping;
    expect(statuses(await view(runId))).toEqual(['running', 'pending']);
    second.goOn({ text: 'of the second' });
    await working;
    await shiftClock(all.db, '0');
    // The action was idempotent and repeated: the outcome that was recorded first is the answer for both.
    expect(await view(runId)).toMatchObject({
      status: 'succeeded',
      steps: [{ output: { text: 'of the sleeper' } }, {}],
    });
    expect(lines('at-work.txt')).toEqual(['end']);
    all.http.answer = async (url) => ({ text: url });
    await sleeper.close();
  });

  it('hand a run over when one of them stops', async () => {
    const runId = await start([get('1'), get('2', 'again')]);
    const stopping = new AbortController();
    all.http.urls.length = 0;
    all.http.answer = async (url) => {
      stopping.abort();
      return { text: url };
    };
    await all.runs.execute(runId, stopping.signal);
    expect(statuses(await view(runId))).toEqual(['succeeded', 'running']);
    all.http.answer = async (url) => ({ text: url });
    await all.runs.execute(runId, going);
    expect(await view(runId)).toMatchObject({ status: 'succeeded' });
    expect(all.http.urls).toEqual(['https://example.com/1', 'https://example.com/2']);
  });
});

/** Resolves when so many statements wait for a lock. */
const waitingForLock = async (count: number): Promise<void> => {
  const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  for (let tries = 0; tries < 400; tries++) {
    if ((await database.pool.query(waiting)).rows.length >= count) return;
    await sleep(10);
  }
  throw new Error(`fewer than ${count} statements wait for a lock`);
};

describe('stopping an agent', () => {
  it('cancels its runs, and no action starts after', async () => {
    const items = Array.from({ length: 5 }, (_, index) => String(index));
    const runId = await start([{ ...get('${{ item }}'), forEach: items }, append('after', 'stopped.txt')]);
    const { agentId } = await view(runId);
    all.http.urls.length = 0;
    let stopped: unknown;
    all.http.answer = async (url) => {
      if (url.endsWith('/2')) stopped = await all.runs.stopAgent(all.caller, agentId, 'pause');
      return { text: url };
    };
    await all.runs.execute(runId, going);
    all.http.answer = async (url) => ({ text: url });
    expect(stopped).toEqual({ status: 'paused', cancelledRuns: [runId] });
    expect(all.http.urls).toHaveLength(3);
    const done = await view(runId);
    expect(done).toMatchObject({ status: 'cancelled', error: 'cancelled: the agent was paused' });
    expect(statuses(done)).toEqual(['skipped', 'skipped']);
    await all.runs.execute(runId, going);
    expect(all.http.urls).toHaveLength(3);
  });

  it('cancels what waited for an approval, and has it on record', async () => {
    mkdirSync(join(all.root, 'kept'));
    const held: Step = { name: 'clear', action: 'file.delete', params: { path: 'kept', recursive: true } };
    const agentId = await deployAgent(all, [held], { policies: ['data-deletion'] });
    const { runId } = await all.runs.start(all.caller, { agentId, trigger: 'manual' });
    await all.runs.execute(runId, going);
    const approvalId = (await view(runId)).steps[0]?.approvalId;
    expect(await all.runs.stopAgent(all.caller, agentId, 'stop')).toMatchObject({ cancelledRuns: [runId] });
    const { entries } = await all.audit.list(all.caller, { agentId, actionFilter: 'approval.cancelled', limit: 10 });
    expect(entries).toMatchObject([{ outcome: 'denied', runId, data: { approvalId, action: 'file.delete' } }]);
  });

  it('aborts what is under way outside', async () => {
    const runId = await start([get('slow')]);
    const { agentId } = await view(runId);
    all.http.answer = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'aborted')));
        void all.runs.stopAgent(all.caller, agentId, 'stop');
      });
    // The step's own deadline is 30 s: that this ends at all is the heartbeat's work.
    await all.runs.execute(runId, going);
    all.http.answer = (url) => Promise.resolve({ text: url });
    expect((await view(runId)).status).toBe('cancelled');
  }, 10_000);

  it('ends its runs for good: deploying it again at once does not let them go on', async () => {
    const items = Array.from({ length: 5 }, (_, index) => String(index));
    const runId = await start([{ ...get('${{ item }}'), forEach: items, onError: 'continue' }]);
    const { agentId } = await view(runId);
    all.http.urls.length = 0;
    all.http.answer = async (url) => {
      if (!url.endsWith('/2')) return { text: url };
      await all.runs.stopAgent(all.caller, agentId, 'pause');
      await all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
      return { text: url };
    };
    await all.runs.execute(runId, going);
    all.http.answer = async (url) => ({ text: url });
    expect(all.http.urls).toHaveLength(3);
    expect(await view(runId)).toMatchObject({ status: 'cancelled' });
  });

  it('for good stands against a deployment that began before', async () => {
    const agentId = await deployAgent(all, [get('x')]);
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM agent WHERE id = $1 FOR UPDATE', [agentId]);
    const stopping = all.runs.stopAgent(all.caller, agentId, 'stop');
    await waitingForLock(1);
    const deploying = all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    const refused = expect(deploying).rejects.toThrow(/stopped for good/);
    const pausing = all.runs.stopAgent(all.caller, agentId, 'pause').catch((error: unknown) => error);
    await waitingForLock(3);
    await client.query('COMMIT');
    client.release();
    expect(await stopping).toMatchObject({ status: 'stopped' });
    await refused;
    await pausing;
    expect((await all.agents.get(all.caller, agentId)).status).toBe('stopped');
  });

  it('for good is not weakened by a pause, and deploying does not undo it', async () => {
    const agentId = await deployAgent(all, [get('x')]);
    await all.runs.stopAgent(all.caller, agentId, 'stop');
    expect(await all.runs.stopAgent(all.caller, agentId, 'pause')).toEqual({ status: 'stopped', cancelledRuns: [] });
    const deploying = all.runs.deploy(all.caller, { agentId, environment: 'local', autoStart: false });
    await expect(deploying).rejects.toThrow(/stopped for good/);
  });
});
