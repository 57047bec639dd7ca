import { expect, test } from '@jest/globals';
import { toTimeFacts } from './time-facts.ts';

test.each<[string, string, object]>([
  ['2026-01-28T12:34:00Z', 'UTC', { hour: 12, minute: 34, weekday: 3, weekend: false }],
  ['2026-01-30T23:30:00Z', 'Europe/Zurich', { hour: 0, minute: 30, weekday: 6, weekend: true }],
  ['2026-02-01T23:30:00Z', 'Asia/Kathmandu', { hour: 5, minute: 15, weekday: 1, weekend: false }],
])('%s in %s', (at, zone, expected) => {
  expect(toTimeFacts(new Date(at), zone)).toEqual(expected);
});
