import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Log } from '../telemetry/log.ts';
import { defineJob, JobHandlers } from './job.ts';
import { Sweeper } from './sweeper.ts';

const going = new AbortController().signal;

describe('jobs', () => {
  const first = defineJob('spec.first', z.strictObject({ id: z.string() }));
  const second = defineJob('spec.second', z.object({}));

  it('have one owner and one handler each', async () => {
    expect(() => defineJob('spec.first', z.object({}))).toThrow('declared twice');
    const handlers = new JobHandlers();
    const seen: string[] = [];
    handlers.add(first, async ({ id }) => void seen.push(id));
    expect(() => handlers.add(first, async () => undefined)).toThrow('two handlers');
    expect(() => handlers.requireComplete()).toThrow('No handler for the job `spec.second`');
    handlers.add(second, async () => undefined);
    handlers.requireComplete();
    await handlers.handle('spec.first', { id: 'a' }, going);
    expect(seen).toEqual(['a']);
  });

  it('with a payload of another shape, or without a handler, fail loudly', async () => {
    const handlers = new JobHandlers();
    handlers.add(first, async () => undefined);
    await expect(handlers.handle('spec.first', { id: 'a', more: 1 }, going)).rejects.toThrow();
    await expect(handlers.handle('spec.newer', {}, going)).rejects.toThrow('comes from a newer version');
  });
});

describe('the sweeper', () => {
  it('does all its work although one part fails, and never twice at once', async () => {
    const sweeper = new Sweeper(new Log('error'));
    const done: string[] = [];
    let running = 0;
    sweeper.add('fails', async () => Promise.reject(new Error('no')));
    sweeper.add('works', async () => {
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      done.push(`with ${running}`);
      running -= 1;
    });
    await Promise.all([sweeper.sweep(), sweeper.sweep()]);
    expect(done).toEqual(['with 1']);
    await sweeper.sweep();
    expect(done).toEqual(['with 1', 'with 1']);
  });

  it('sweeps again and again until it is closed', async () => {
    const sweeper = new Sweeper(new Log('error'), 5);
    let count = 0;
    const isDone = new Promise<void>((resolve) => {
      sweeper.add('count', async () => {
        count += 1;
        if (count === 3) resolve();
      });
    });
    sweeper.start();
    // The sweeper alone does not keep a process alive.
    const alive = setInterval(() => undefined, 50);
    await isDone;
    clearInterval(alive);
    await sweeper.close();
    const after = count;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(count).toBe(after);
  });
});
