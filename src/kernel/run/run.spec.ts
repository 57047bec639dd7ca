import { describe, expect, it } from '@jest/globals';
import { isLeaseOver, HEARTBEAT_MS, LEASE_MS } from './lease.ts';
import { RUN_STATUSES, STEP_STATUSES } from './model.ts';
import { toRetryDelay } from './retry-delay.ts';
import { isRunOver, isStepOver, toRunEnd, toRunSources, toStepSources } from './transitions.ts';

describe('a run', () => {
  it('moves only along its life, and nothing leaves an end', () => {
    expect(Object.fromEntries(RUN_STATUSES.map((status) => [status, toRunSources(status)]))).toEqual({
      queued: [],
      running: ['queued', 'waiting_approval'],
      waiting_approval: ['running'],
      succeeded: ['running'],
      failed: ['running'],
      blocked: ['running', 'waiting_approval'],
      cancelled: ['queued', 'running', 'waiting_approval'],
    });
    expect(RUN_STATUSES.filter(isRunOver)).toEqual(['succeeded', 'failed', 'blocked', 'cancelled']);
  });

  it('ends as its step did not succeed, unless the step may fail', () => {
    expect(STEP_STATUSES.map((status) => toRunEnd(status))).toEqual([
      undefined,
      undefined,
      'waiting_approval',
      undefined,
      'failed',
      'blocked',
      undefined,
    ]);
    expect(toRunEnd('failed', 'continue')).toBeUndefined();
    expect(toRunEnd('denied', 'continue')).toBe('blocked');
  });
});

describe('a step', () => {
  it('is never repeated once it is over', () => {
    expect(STEP_STATUSES.filter(isStepOver)).toEqual(['succeeded', 'failed', 'denied', 'skipped']);
    expect(toStepSources('running')).toEqual(['pending', 'waiting_approval']);
    expect(toStepSources('pending')).toEqual([]);
  });
});

describe('the pause between attempts', () => {
  it.each([
    [100, 1, 100],
    [100, 2, 200],
    [100, 5, 1_600],
    [60_000, 4, 300_000],
    [0, 9, 0],
    [3_600_000, 1, 300_000],
    [1, 1_000, 300_000],
  ])('of %i ms after attempt %i is %i ms', (backoffMs, attempt, delay) => {
    expect(toRetryDelay(backoffMs, attempt)).toBe(delay);
  });
});

describe('a lease', () => {
  const now = new Date('2026-03-01T12:00:00.000Z');

  it('is over at its very end and free when nobody has it', () => {
    expect(isLeaseOver(undefined, now)).toBe(true);
    expect(isLeaseOver(new Date(now.getTime()), now)).toBe(true);
    expect(isLeaseOver(new Date(now.getTime() + 1), now)).toBe(false);
  });

  it('outlives two lost signs of life', () => {
    expect(LEASE_MS).toBeGreaterThan(2 * HEARTBEAT_MS);
  });
});
