const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** A five-field cron as people say it, such as `Every day at 09:00`; the cron itself where words would be longer. */
export function describeSchedule(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  const fallback = `On the cron schedule ${cron.trim()}`;
  if (month !== '*') return fallback;
  const days = describeDays(day, weekday);
  if (days === undefined) return fallback;
  if (/^\d+$/.test(minute) && /^\d+$/.test(hour))
    return `${days} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  const interval = describeInterval(minute, hour);
  if (interval === undefined) return fallback;
  return days === 'Every day' ? interval : `${interval}, ${days.charAt(0).toLowerCase()}${days.slice(1)}`;
}

function describeDays(day: string, weekday: string): string | undefined {
  if (day === '*' && weekday === '*') return 'Every day';
  if (weekday === '*') return /^\d+$/.test(day) ? `On day ${day} of every month` : undefined;
  if (day !== '*') return undefined;
  if (weekday === '1-5') return 'Every weekday';
  if (weekday === '0,6' || weekday === '6,0') return 'Every Saturday and Sunday';
  if (!/^[0-7](?:-[0-7])?(?:,[0-7](?:-[0-7])?)*$/.test(weekday)) return undefined;
  const name = (number: string): string => DAYS[Number(number)] ?? '';
  const names = weekday.split(',').map((part) => part.split('-').map(name).join(' to '));
  const last = names.pop() ?? '';
  return `Every ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}`;
}

function describeInterval(minute: string, hour: string): string | undefined {
  const minutes = /^\*\/(\d+)$/.exec(minute)?.[1];
  const hours = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (minute === '*' && hour === '*') return 'Every minute';
  if (minutes !== undefined && hour === '*') return `Every ${minutes} minutes`;
  if (!/^\d+$/.test(minute)) return undefined;
  const past = minute === '0' ? '' : ` at ${minute} minutes past`;
  if (hour === '*') return `Every hour${past}`;
  return hours === undefined ? undefined : `Every ${hours} hours${past}`;
}
