import { cutText } from '../../kernel/json.ts';
import { AppError } from '../errors/index.ts';

const EXAMPLE = 'Example: `0 9 * * 1-5` is 09:00 from Monday to Friday.';

/**
 * The next `count` times of a five-field cron pattern in an IANA time zone, all after `after`. A time that a zone skips in spring comes right
 * after the gap; one that it has twice in autumn comes once. Throws `invalid_input` for a pattern or zone that is none.
 */
export async function nextTimes(cron: string, timezone: string, after: Date, count = 1): Promise<Date[]> {
  requireTimezone(timezone);
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || cron.length > 200) {
    throw new AppError(
      'invalid_input',
      `The schedule \`${cutText(cron, 80)}\` has ${fields.length} fields; five are needed: minute, hour, day of month, month, day of week. ${EXAMPLE}`,
    );
  }
  // Loaded late: only what has a schedule needs it. By `default`, because a bundled CommonJS package has no other names.
  const { CronExpressionParser } = (await import('cron-parser')).default;
  try {
    const times = CronExpressionParser.parse(fields.join(' '), { tz: timezone, currentDate: after });
    return Array.from({ length: count }, () => times.next().toDate());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError('invalid_input', `The schedule \`${cron}\` is not valid: ${why}. ${EXAMPLE}`);
  }
}

/** Throws `invalid_input` unless the name is an IANA time zone. */
export function requireTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new AppError(
      'invalid_input',
      `\`${cutText(timezone, 80)}\` is no time zone. Use an IANA name, such as \`Europe/Berlin\`, \`America/New_York\` or \`UTC\`.`,
    );
  }
}
