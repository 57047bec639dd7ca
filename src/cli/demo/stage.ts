import type { Created, Ran } from './answers.ts';
import type { Plan } from './plan.ts';
import type { Screen } from './screen.ts';
import type { DemoServer } from './server.ts';

/** What every act of the demo works with. */
export interface Stage {
  readonly screen: Screen;
  readonly server: DemoServer;
  readonly plan: Plan;
  /** The one folder that agents may touch. */
  readonly filesDir: string;
  readonly signal: AbortSignal;
}

export type Agent = Created['agent'];
export type Run = Ran['run'];

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A moment as people in that zone read it. */
export function toLocalTime(iso: string, timeZone: string): string {
  const parts = {
    weekday: 'long',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  const format = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone, hourCycle: 'h23' });
  const of = Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${of['weekday']} ${of['year']}-${of['month']}-${of['day']} ${of['hour']}:${of['minute']}`;
}
