import { cutText } from '../../kernel/json.ts';
import type { ParameterValue, ParameterValues } from '../../kernel/policy/model.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import type { Parameter } from './policy-template.ts';

const MAX_TEXT = 200;
const MAX_TEXTS = 100;
/** Dollars times 1,000,000 must stay a whole number that JavaScript can hold. */
const MAX_USD = 1_000_000_000;
const TYPE_WORDS: Record<Parameter['type'], string> = {
  int: 'a whole number',
  usd: 'an amount in US dollars, such as 12.50',
  bool: 'true or false',
  text: `a text of at most ${MAX_TEXT} characters`,
  texts: `a list of at most ${MAX_TEXTS} texts`,
};

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT && !/[\p{Cc}\p{Surrogate}]/u.test(value);
}

function isOfType(value: unknown, type: Parameter['type']): value is ParameterValue {
  switch (type) {
    case 'int':
      return Number.isSafeInteger(value);
    case 'usd':
      return typeof value === 'number' && value >= 0 && value <= MAX_USD;
    case 'bool':
      return typeof value === 'boolean';
    case 'text':
      return isText(value);
    case 'texts':
      return Array.isArray(value) && value.length <= MAX_TEXTS && value.every(isText);
  }
}

/** What may be given, in words: type and range. */
export function describeParameter({ type, minimum, maximum }: Parameter): string {
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? `, at least ${minimum}`
        : maximum !== undefined
          ? `, at most ${maximum}`
          : '';
  return `${TYPE_WORDS[type]}${range}`;
}

/** The value, when it is one that the parameter takes; else `invalid_input` with the valid ones. */
export function checkParameter(value: unknown, parameter: Parameter, path: string): ParameterValue {
  const { type, minimum = -Infinity, maximum = Infinity } = parameter;
  if (isOfType(value, type) && (typeof value !== 'number' || (value >= minimum && value <= maximum))) return value;
  const given = JSON.stringify(value) ?? 'nothing';
  throw new AppError(
    'invalid_input',
    `\`${path}\` must be ${describeParameter(parameter)}, not \`${cutText(given, 80)}\`.`,
    {
      path,
    },
  );
}

type Given = Readonly<Record<string, unknown>>;
/** Values by the id of the policy they are for. */
export type Assigned = ReadonlyMap<string, ParameterValues>;

export interface Open {
  readonly id: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

function isRecord(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Says which parameters there are instead of one that is not known. */
export function refuseUnknown(
  name: string,
  policies: readonly Open[],
  others: readonly string[],
  root: string,
): AppError {
  const own = policies.filter(({ parameters }) => Object.keys(parameters).length > 0);
  const valid = [...new Set([...others, ...own.flatMap(({ id, parameters }) => [...Object.keys(parameters), id])])];
  const ids = policies.map(({ id }) => `\`${id}\``).join(', ');
  const none = ids === '' ? 'Give a `template`, or attach a policy, that has it.' : `Nothing is left open by ${ids}.`;
  const way = valid.length > 0 ? hint(name, valid) : none;
  const path = `${root}.${cutText(name, 80)}`;
  return new AppError('invalid_input', `\`${path}\` is not known. ${way}`, { path, valid });
}

/**
 * Values as people give them, by policy: `{name: value}` for each policy that has a parameter of that name, `{policy: {name: value}}` for one
 * alone, which is the stronger. Names in `others` belong to somebody else. Throws `invalid_input` with what is valid.
 */
export function assignParameters(
  given: Given,
  policies: readonly Open[],
  { root = 'parameters', others = [] }: { readonly root?: string; readonly others?: readonly string[] } = {},
): Assigned {
  const assigned = new Map<string, Record<string, ParameterValue>>();
  const assign = ({ id, parameters }: Open, name: string, value: unknown, path: string): void => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined)
      throw refuseUnknown(name, [{ id, parameters }], [], path.slice(0, path.lastIndexOf('.')));
    assigned.set(id, { ...assigned.get(id), [name]: checkParameter(value, parameter, path) });
  };
  for (const [name, value] of Object.entries(given)) {
    if (others.includes(name) || policies.some(({ id }) => id === name)) continue;
    const holders = policies.filter(({ parameters }) => Object.hasOwn(parameters, name));
    if (holders.length === 0) throw refuseUnknown(name, policies, others, root);
    for (const holder of holders) assign(holder, name, value, `${root}.${name}`);
  }
  for (const policy of policies) {
    const values = Object.hasOwn(given, policy.id) && !others.includes(policy.id) ? given[policy.id] : undefined;
    if (values === undefined) continue;
    const path = `${root}.${policy.id}`;
    if (!isRecord(values))
      throw new AppError('invalid_input', `\`${path}\` must be an object of parameters and values.`, { path });
    for (const [name, value] of Object.entries(values)) assign(policy, name, value, `${path}.${name}`);
  }
  return assigned;
}

/** The same of what was accepted for other policies too: names that none of these has are left out. */
export function pickParameters(given: Given, policies: readonly Open[], root = 'parameters'): Assigned {
  const names = new Set(policies.flatMap(({ id, parameters }) => [id, ...Object.keys(parameters)]));
  return assignParameters(Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name))), policies, {
    root,
  });
}
