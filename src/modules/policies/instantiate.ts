import type { ParameterValue, ParameterValues, Policy, Rule } from '../../kernel/policy/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { Parameter, PolicyTemplate } from './policy-template.ts';

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;
const MICROS = 1_000_000;

/** The names that a text leaves open. */
export function findPlaceholders(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** As the condition language writes it; a JSON text is a literal there too. */
function toLiteral({ type }: Parameter, value: ParameterValue): string {
  return type === 'usd' ? String(Math.round(Number(value) * MICROS)) : JSON.stringify(value);
}

/** As people read it in a message. */
function toWords(_parameter: Parameter, value: ParameterValue): string {
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}

type Write = (parameter: Parameter, value: ParameterValue) => string;

/** Puts values into texts; those that are not given have their default. */
function toFill({ id, parameters }: PolicyTemplate, given: ParameterValues) {
  return (text: string, write: Write): string =>
    text.replace(PLACEHOLDER, (_, name: string) => {
      const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      if (parameter === undefined) throw new AppError('internal', `The policy \`${id}\` has no parameter \`${name}\`.`);
      return write(parameter, given[name] ?? parameter.default);
    });
}

/** A text about the policy, with the values as people read them. */
export function describeWith(template: PolicyTemplate, text: string, given: ParameterValues = {}): string {
  return toFill(template, given)(text, toWords);
}

/** The policy that a template is with these values, which are of the right type and range; those left out have their default. */
export function instantiate(template: PolicyTemplate, given: ParameterValues = {}): Policy {
  const { id, name, description, category, framework, parameters, rules } = template;
  const fill = toFill(template, given);
  const values = Object.entries(parameters).map(([key, one]) => [key, given[key] ?? one.default] as const);
  return {
    id,
    name,
    description,
    category,
    ...(framework === undefined ? {} : { framework }),
    ...(values.length === 0 ? {} : { parameters: Object.fromEntries(values) }),
    rules: rules.map((rule) => fillRule(rule, fill)),
  };
}

function fillRule(rule: Rule, fill: (text: string, write: Write) => string): Rule {
  const { description, message, alternative } = rule;
  return {
    ...rule,
    condition: fill(rule.condition, toLiteral),
    ...(description === undefined ? {} : { description: fill(description, toWords) }),
    ...(message === undefined ? {} : { message: fill(message, toWords) }),
    ...(alternative === undefined ? {} : { alternative: fill(alternative, toWords) }),
  };
}
