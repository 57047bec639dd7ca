import type { JsonObject } from '../../kernel/json.ts';
import type { Facts, StateFacts } from '../../kernel/policy/facts.ts';
import { NEUTRAL_FACTS } from '../../kernel/policy/facts.ts';
import type { FactChoice } from '../policies/index.ts';

const MICROS = 1_000_000;
/** A Monday; the days of its week follow. */
const MONDAY = Date.UTC(2026, 0, 26);
const MINUTE_MS = 60_000;

/** What surrounds an example: what its author declares, where and when it happens, and what was before. */
export interface Scene {
  readonly facts?: JsonObject;
  readonly environment?: string;
  readonly trigger?: string;
  /** ISO 8601; the workspace of the examples is in UTC. */
  readonly at?: string;
  /** Counted facts that are not neutral, by their names. */
  readonly earlier?: Readonly<Record<string, number | boolean>>;
}

function toDeclared(choice: FactChoice): JsonObject {
  const declared: JsonObject = {};
  for (const [name, value] of Object.entries(choice)) {
    const [group, field = ''] = name.split('.');
    if (group === 'declared' && field !== 'costMicros' && value !== -1 && value !== '') {
      declared[field] = typeof value === 'object' ? [...value] : value;
    }
  }
  const count = choice['records.count'];
  if (typeof count === 'number' && count >= 0) declared['recordCount'] = count;
  const micros = choice['declared.costMicros'] ?? choice['cost.micros'];
  if (typeof micros === 'number' && micros > 0) declared['cost'] = micros / MICROS;
  return declared;
}

function toEarlier(choice: FactChoice): Record<string, number | boolean> {
  return Object.fromEntries(
    Object.entries(choice).flatMap(([name, value]) =>
      /^(?:rate|budget|first)\./.test(name) && (value === true || (typeof value === 'number' && value > 0))
        ? [[name, value]]
        : [],
    ),
  );
}

function toTime(choice: FactChoice): string | undefined {
  const names = ['time.hour', 'time.minute', 'time.weekday', 'time.weekend'];
  if (!names.some((name) => choice[name] !== undefined)) return undefined;
  const [hour = 12, minute = 0] = [choice['time.hour'], choice['time.minute']].map((each) =>
    typeof each === 'number' ? each : undefined,
  );
  const weekday = choice['time.weekday'] ?? (choice['time.weekend'] === true ? 6 : 3);
  return new Date(MONDAY + ((Number(weekday) - 1) * 1_440 + hour * 60 + minute) * MINUTE_MS).toISOString();
}

/** The surroundings in which an action can have these facts. */
export function toScene(choice: FactChoice): Scene {
  const [facts, earlier, at] = [toDeclared(choice), toEarlier(choice), toTime(choice)];
  const { environment, trigger } = choice;
  const place = environment ?? (choice['action.production'] === true ? 'production' : undefined);
  return {
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
    ...(typeof place === 'string' && place !== NEUTRAL_FACTS.environment ? { environment: place } : {}),
    ...(typeof trigger === 'string' && trigger !== NEUTRAL_FACTS.trigger ? { trigger } : {}),
    ...(at === undefined ? {} : { at }),
    ...(Object.keys(earlier).length === 0 ? {} : { earlier }),
  };
}

/** The state that was before, as the decision point takes it. */
export function toState({ earlier = {} }: Scene): StateFacts {
  const of = (group: keyof StateFacts): object =>
    Object.fromEntries(
      Object.entries(earlier).flatMap(([name, value]) =>
        name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), value]] : [],
      ),
    );
  const { rate, budget, first } = NEUTRAL_FACTS;
  return {
    rate: { ...rate, ...of('rate') },
    budget: { ...budget, ...of('budget') },
    first: { ...first, ...of('first') },
  };
}

/** What a scene makes of the facts of an action, without looking into it again: about enough to choose what is worth replaying. */
export function toRoughly(scene: Scene, choice: FactChoice): (facts: Facts) => Facts {
  const group = (name: string): object =>
    Object.fromEntries(
      Object.entries(choice).flatMap(([key, value]) =>
        key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value]] : [],
      ),
    );
  const [state, declared, time] = [toState(scene), group('declared'), group('time')];
  const count = scene.facts?.['recordCount'];
  const records = typeof count === 'number' ? { count, known: true } : undefined;
  return (facts) => {
    const environment = scene.environment ?? facts.environment;
    const production =
      scene.environment === undefined ? facts.action.production : ['production', 'unknown'].includes(environment);
    return {
      ...facts,
      ...state,
      environment,
      trigger: scene.trigger ?? facts.trigger,
      // What stays the same stays the same record: conditions know it already.
      action: production === facts.action.production ? facts.action : { ...facts.action, production },
      declared: withChanges(facts.declared, declared),
      time: withChanges(facts.time, time),
      records: records ?? facts.records,
    };
  };
}

function withChanges<T extends object>(record: T, changes: object): T {
  return Object.keys(changes).length === 0 ? record : { ...record, ...changes };
}
