import type { Facts } from '../../../kernel/policy/facts.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

function getFormat(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timezone, format);
  return format;
}

/** Clock and calendar on the workspace's wall. */
export function toTimeFacts(now: Date, timezone: string): Facts['time'] {
  const parts = new Map(
    getFormat(timezone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const weekday = WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1;
  return {
    hour: Number(parts.get('hour')),
    minute: Number(parts.get('minute')),
    weekday,
    weekend: weekday >= 6,
  };
}
