import { describe, expect, it } from '@jest/globals';
import { nextTimes } from './next-times.ts';

const times = async (cron: string, zone: string, after: string, count = 3): Promise<string[]> =>
  (await nextTimes(cron, zone, new Date(after), count)).map((time) => time.toISOString());

describe('the next times of a schedule', () => {
  it('are in its own zone, in summer as in winter', async () => {
    expect(await times('0 9 * * 1-5', 'Europe/Berlin', '2026-01-09T08:00:00Z')).toEqual([
      '2026-01-12T08:00:00.000Z',
      '2026-01-13T08:00:00.000Z',
      '2026-01-14T08:00:00.000Z',
    ]);
    expect(await times('0 9 * * *', 'Europe/Berlin', '2026-07-01T07:00:00Z', 1)).toEqual(['2026-07-02T07:00:00.000Z']);
  });

  it('skip no day when the clock goes forward over them', async () => {
    // 2026-03-29: 02:00 becomes 03:00 in Berlin, so there is no 02:30.
    expect(await times('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ]);
  });

  it('come once when the clock goes back over them', async () => {
    // 2026-10-25: 03:00 becomes 02:00 in Berlin, so there are two 02:30.
    expect(await times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ]);
  });

  it('are strictly later, also at the time itself', async () => {
    expect(await times('0 * * * *', 'UTC', '2026-05-01T10:00:00Z', 1)).toEqual(['2026-05-01T11:00:00.000Z']);
    expect(await times('0 * * * *', 'UTC', '2026-05-01T09:59:59.999Z', 1)).toEqual(['2026-05-01T10:00:00.000Z']);
  });

  it.each([
    ['61 * * * *', 'UTC', /is not valid/],
    ['0 0 31 2 *', 'UTC', /is not valid/],
    ['@daily', 'UTC', /has 1 fields; five are needed/],
    ['0 0 9 * * *', 'UTC', /has 6 fields/],
    ['0 9 * * *', 'Mars/Olympus', /no time zone.*Europe\/Berlin/],
    ['', 'UTC', /fields; five are needed/],
  ])('%p in %p is refused with a way out', async (cron, zone, message) => {
    await expect(times(cron, zone, '2026-01-01T00:00:00Z')).rejects.toThrow(message);
  });
});
