import type { ParameterValue } from '../../kernel/policy/model.ts';
import { AppError } from '../../platform/errors/index.ts';
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
    `\`${path}\` must be ${describeParameter(parameter)}, not \`${given.slice(0, 80)}\`.`,
    {
      path,
    },
  );
}
