import { describe, expect, it } from '@jest/globals';
import { describeSchedule } from './describe-schedule.ts';
import { readSchedule } from './schedule.ts';
import { Text } from './text.ts';

function schedule(sentence: string): string | undefined {
  const { schedule: found } = readSchedule(new Text(sentence));
  return found === undefined ? undefined : [found.cron, found.timezone].filter(Boolean).join(' | ');
}

describe('readSchedule', () => {
  it.each([
    ['tidy it daily', '0 9 * * *'],
    ['each day', '0 9 * * *'],
    ['every day at 7:30', '30 7 * * *'],
    ['daily at 6pm', '0 18 * * *'],
    ['daily at noon', '0 12 * * *'],
    ['every day at midnight', '0 0 * * *'],
    ['every day at 12am', '0 0 * * *'],
    ['every evening', '0 18 * * *'],
    ['every evening at 8', '0 20 * * *'],
    ['every night', '0 2 * * *'],
    ['nightly at 11', '0 23 * * *'],
    ['weekly', '0 9 * * 1'],
    ['weekly on Friday', '0 9 * * 5'],
    ['every Monday at 8', '0 8 * * 1'],
    ['on Fridays', '0 9 * * 5'],
    ['every Monday, Wednesday and Friday at 10:15', '15 10 * * 1,3,5'],
    ['every weekday', '0 9 * * 1-5'],
    ['on weekends at 10', '0 10 * * 0,6'],
    ['hourly', '0 * * * *'],
    ['every 2 hours', '0 */2 * * *'],
    ['every 15 minutes', '*/15 * * * *'],
    ['every month', '0 9 1 * *'],
    ['on the 1st of each month', '0 9 1 * *'],
    ['on the 15th of every month at 10am', '0 10 15 * *'],
    ['every day at 7 in Europe/Berlin', '0 7 * * * | Europe/Berlin'],
    ['every day at 8, but never on weekends', '0 8 * * 1-5'],
    ['daily except on Sundays', '0 9 * * 1-6'],
    ['every 15 minutes, not at weekends', '*/15 * * * 1-5'],
    ['every 2 hours, skipping Saturday and Sunday', '0 */2 * * 1-5'],
    ['every weekday except Wednesday at 10', '0 10 * * 1,2,4,5'],
    ['every night excluding Friday to Sunday', '0 2 * * 1-4'],
    ['every day unless it is a Monday or Tuesday', '0 9 * * 0,3-6'],
  ])('%s', (sentence, expected) => {
    expect(schedule(sentence)).toBe(expected);
  });

  it.each([
    'lowercase hourly_rate',
    'sort by "daily"',
    'keep rows where plan is monthly',
    'organise into monthly folders',
    'convert a.csv to json',
    'keep rows where day is not Monday',
    'keep all except Sunday rows',
  ])('finds no time in: %s', (sentence) => {
    expect(readSchedule(new Text(sentence))).toEqual({ missing: [] });
  });

  it('names the days that cron cannot leave out', () => {
    const monthly = readSchedule(new Text('on the 1st of each month, but never on weekends'));
    expect([monthly.schedule, monthly.missing[0]?.what]).toEqual([undefined, 'schedule `but never on weekends`']);
    const none = readSchedule(new Text('every Monday except Mondays'));
    expect([none.schedule, none.missing[0]?.what]).toEqual([undefined, 'schedule `except Mondays`']);
    const holidays = readSchedule(new Text('every day at 8 except public holidays'));
    expect([holidays.schedule?.cron, holidays.missing[0]?.what]).toEqual([
      '0 8 * * *',
      'schedule `except public holidays`',
    ]);
    expect(schedule('never on weekends')).toBeUndefined();
  });

  it.each(['every 7 minutes', 'every other day', 'quarterly', 'at 7pm', 'every 3 days'])(
    'does not guess a cron for: %s',
    (sentence) => {
      const { schedule: found, missing } = readSchedule(new Text(sentence));
      expect(found).toBeUndefined();
      expect(missing[0]?.what).toContain(sentence);
    },
  );
});

describe('describeSchedule', () => {
  it.each([
    ['0 9 * * *', 'Every day at 09:00'],
    ['30 7 * * 1-5', 'Every weekday at 07:30'],
    ['0 8 * * 1', 'Every Monday at 08:00'],
    ['0 8 * * 1,4', 'Every Monday and Thursday at 08:00'],
    ['0 8 * * 0,3-6', 'Every Sunday and Wednesday to Saturday at 08:00'],
    ['0 9 15 * *', 'On day 15 of every month at 09:00'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['0 */2 * * *', 'Every 2 hours'],
    ['0 * * * *', 'Every hour'],
    ['0 9 1 1 *', 'On the cron schedule 0 9 1 1 *'],
  ])('says %s in words', (cron, words) => {
    expect(describeSchedule(cron)).toBe(words);
  });
});
