import { PERSONAL_CLASSES } from '../../kernel/policy/data-classes.ts';
import { NEUTRAL_FACTS } from '../../kernel/policy/facts.ts';
import { OPERATIONS } from '../../kernel/policy/vocabulary-action.ts';
import { USUAL_TYPES, type FactValue } from './witness.ts';
import type { Choice } from './partial.ts';

/** Verbs of types that change nothing. */
const READING = ['read', 'list', 'parse', 'search', 'query', 'get'];
/** Facts that only actions of these families have. */
const OWNERS: readonly (readonly [group: string, kinds: readonly string[]])[] = [
  ['file.', ['file', 'storage', 'email', 'mcp', 'code']],
  ['url.', ['http', 'mcp', 'model']],
  ['sql.', ['sql', 'mcp', 'http']],
  ['shell.', ['code', 'mcp']],
  ['storage.', ['storage']],
  ['model.', ['model']],
  ['tool.', ['mcp']],
  ['message.', ['slack', 'email', 'http', 'mcp']],
  ['recipients.', ['slack', 'email', 'http', 'mcp']],
];
/** Each at most as many as the next: the longer time, or the wider count. */
export const RISING: readonly (readonly string[])[] = [
  ['rate.calls1m', 'rate.calls1h', 'rate.calls1d'],
  ['rate.kind1m', 'rate.kind10m', 'rate.kind1h', 'rate.kind1d'],
  ['rate.type1m', 'rate.type10m', 'rate.type1h', 'rate.type1d'],
  ['rate.http1m', 'rate.calls1m'],
  ['rate.writes1m', 'rate.writes1h', 'rate.calls1h'],
  ['rate.deletes1h', 'rate.deletes1d'],
  ['rate.messages1h', 'rate.messages1d'],
  ['rate.recipient1h', 'rate.recipient1d'],
  ['rate.target1m', 'rate.target1h'],
  ['rate.identical1m', 'rate.calls1m'],
  ['budget.spentTodayMicros', 'budget.spentMonthMicros'],
  ['recipients.externalCount', 'recipients.count'],
];

const FAMILIES: readonly string[] = Object.keys(USUAL_TYPES);

function neutralOf(name: string): unknown {
  const [group = '', field = ''] = name.split('.');
  const values: unknown = new Map(Object.entries(NEUTRAL_FACTS)).get(group);
  return typeof values === 'object' && values !== null ? new Map(Object.entries(values)).get(field) : values;
}

function isNeutral(name: string, value: FactValue): boolean {
  return typeof value === 'object' ? value.length === 0 : value === neutralOf(name);
}

/** Every condition of this file says: no action has these facts together. */
type Rule = (choice: Choice) => boolean;

const contradictsType: Rule = (choice) => {
  const type = choice.get('action.type');
  if (typeof type !== 'string') return false;
  const [family, verb = ''] = type.split('.');
  if (verb === '') return false;
  const [kind, operation] = [choice.get('action.kind'), choice.get('action.operation')];
  if (kind !== undefined && kind !== family) return true;
  if (operation !== undefined && OPERATIONS.some((known) => known === verb) && operation !== verb) return true;
  return READING.includes(verb) && (choice.get('action.sideEffect') ?? 'none') !== 'none';
};

const isOfAnotherFamily: Rule = (choice) => {
  const type = choice.get('action.type');
  const kind = choice.get('action.kind') ?? (typeof type === 'string' ? type.split('.', 1).join() : undefined);
  // A family that nobody knows may have any facts.
  if (typeof kind !== 'string' || !FAMILIES.includes(kind)) return false;
  return OWNERS.some(
    ([group, kinds]) =>
      !kinds.includes(kind) &&
      [...choice].some(([name, value]) => name.startsWith(group) && name !== 'file.bytes' && !isNeutral(name, value)),
  );
};

/** Without a statement or a program, all that is said about one is what stands for none. */
const isAbsent: Rule = (choice) =>
  ['sql', 'shell'].some(
    (group) =>
      choice.get(`${group}.present`) === false &&
      [...choice].some(([name, value]) => name.startsWith(`${group}.`) && !isNeutral(name, value)),
  );

const contradictsAddress: Rule = (choice) =>
  choice.get('url.metadataService') === true && choice.get('url.privateNetwork') === false;

const contradictsProduction: Rule = (choice) => {
  const [environment, production] = [choice.get('environment'), choice.get('action.production')];
  if (environment === undefined || production === undefined) return false;
  return production !== (environment === 'production' || environment === 'unknown');
};

const contradictsData: Rule = (choice) => {
  const classes = choice.get('data.classes');
  const parts = ['data.contentClasses', 'data.fieldClasses'].map((name) => choice.get(name));
  if (typeof classes === 'object') {
    if (parts.some((part) => typeof part === 'object' && part.some((each) => !classes.includes(each)))) return true;
    const personal = choice.get('data.personal');
    if (personal === false && classes.some((each) => PERSONAL_CLASSES.some((known) => known === each))) return true;
  }
  const [count, kinds] = [choice.get('secrets.count'), choice.get('secrets.kinds')];
  return count === 0 && typeof kinds === 'object' && kinds.length > 0;
};

const contradictsNumbers: Rule = (choice) => {
  const [known, count] = [choice.get('records.known'), choice.get('records.count')];
  if (known !== undefined && typeof count === 'number' && known !== count >= 0) return true;
  const [weekend, weekday] = [choice.get('time.weekend'), choice.get('time.weekday')];
  if (weekend !== undefined && typeof weekday === 'number' && weekend !== weekday >= 6) return true;
  return RISING.some((names) => {
    let least = 0;
    return names.some((name) => {
      const value = choice.get(name);
      if (typeof value !== 'number') return false;
      const isFalling = value < least;
      least = value;
      return isFalling;
    });
  });
};

const RULES: readonly Rule[] = [
  contradictsType,
  isOfAnotherFamily,
  isAbsent,
  contradictsAddress,
  contradictsProduction,
  contradictsData,
  contradictsNumbers,
];

/** Whether no action can have the facts that are chosen so far: such a find would be a false alarm. */
export function isImpossible(choice: Choice): boolean {
  return RULES.some((rule) => rule(choice));
}
