import { cutText } from '../../kernel/json.ts';
import type { Json } from '../../kernel/json.ts';
import type { Step } from '../../kernel/run/model.ts';
import { MAX_ATTEMPTS, MAX_ITEMS, MAX_RETRY_DELAY_MS, MAX_STEPS, MAX_TIMEOUT_MS } from '../../kernel/run/limits.ts';
import {
  compileCondition,
  compileTemplate,
  hasExpression,
  type CompiledTemplate,
} from '../../platform/cel/template.ts';
import { stepPath } from '../../platform/cel/expression.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { CATALOGUE } from './catalogue.ts';
import { checkParams } from './check-params.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Something wrong with the steps of an agent. `path` leads to it, such as `steps[1].params.path`. */
export interface StepProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * Everything that can be known to be wrong with steps before they run: action types, params against their schema, expressions, references
 * to steps that do not exist or come later, names, bounds. None when they are fine.
 */
export function validateSteps(steps: readonly Step[]): StepProblem[] {
  if (steps.length > MAX_STEPS) {
    return [
      {
        path: 'steps',
        message: `An agent has at most ${MAX_STEPS} steps, not ${steps.length}. Use \`forEach\`, or several agents.`,
      },
    ];
  }
  return steps.flatMap((step, index) => {
    const path = `steps[${index}]`;
    const earlier = steps.slice(0, index).map(({ name }) => name);
    const later = steps.slice(index).map(({ name }) => name);
    return [
      ...checkName(step, path, earlier),
      ...checkAction(step, path),
      ...checkBounds(step, path),
      ...checkExpressions(step, path, earlier, later),
    ];
  });
}

function checkName({ name }: Step, path: string, earlier: readonly string[]): StepProblem[] {
  if (!NAME.test(name)) {
    const message = `\`${cutText(name, 80)}\` is no step name. Use letters, digits, \`_\` and \`-\`, at most 64, such as \`read_file\`.`;
    return [{ path: `${path}.name`, message }];
  }
  if (!earlier.includes(name)) return [];
  return [{ path: `${path}.name`, message: `Two steps are called \`${name}\`. Give each its own name.` }];
}

function checkAction({ action, params }: Step, path: string): StepProblem[] {
  const entry = CATALOGUE.get(action);
  if (entry === undefined) {
    const message = `\`${cutText(action, 80)}\` is no action. ${hint(action, CATALOGUE.keys())}`;
    return [{ path: `${path}.action`, message }];
  }
  return checkParams(entry, params, { allowExpressions: true }).map((problem) => ({
    path: `${path}.params${problem.path === '' ? '' : `.${problem.path}`}`,
    message: `${problem.path === '' ? 'params' : `\`${problem.path}\``} ${problem.message}`,
  }));
}

function checkBounds({ retry, timeoutMs, forEach }: Step, path: string): StepProblem[] {
  const problems: StepProblem[] = [];
  const within = (at: string, value: number | undefined, min: number, max: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
    problems.push({ path: `${path}.${at}`, message: `must be a whole number from ${min} to ${max}, not ${value}` });
  };
  within('retry.attempts', retry?.attempts, 1, MAX_ATTEMPTS);
  within('retry.backoffMs', retry?.backoffMs, 0, MAX_RETRY_DELAY_MS);
  within('timeoutMs', timeoutMs, 1, MAX_TIMEOUT_MS);
  if (forEach !== undefined && !isListLike(forEach)) {
    problems.push({ path: `${path}.forEach`, message: 'is a list, or one `${{ }}` that gives a list' });
  }
  if (Array.isArray(forEach) && forEach.length > MAX_ITEMS) {
    problems.push({ path: `${path}.forEach`, message: `has ${forEach.length} items; at most ${MAX_ITEMS}` });
  }
  return problems;
}

function isListLike(forEach: Json): boolean {
  return Array.isArray(forEach) || (typeof forEach === 'string' && hasExpression(forEach));
}

function checkExpressions(
  step: Step,
  path: string,
  earlier: readonly string[],
  later: readonly string[],
): StepProblem[] {
  const itemHint = step.forEach === undefined ? 'exists only in a step with `forEach`' : undefined;
  const parts: readonly [string, () => CompiledTemplate, string | undefined][] = [
    ['params', () => compileTemplate(step.params), itemHint],
    ['facts', () => compileTemplate(step.facts ?? {}), itemHint],
    [
      'when',
      () => compileCondition(step.when ?? 'true'),
      'is not known in `when`, which is asked once for the whole step',
    ],
    ['forEach', () => compileTemplate(step.forEach ?? []), 'is not known in `forEach`, which gives the items'],
  ];
  return parts.flatMap(([part, compile, noItem]) => {
    const at = `${path}.${part}`;
    try {
      return checkReferences(compile(), at, earlier, later, noItem);
    } catch (error) {
      if (error instanceof AppError) return [{ path: at, message: error.message }];
      throw error;
    }
  });
}

function checkReferences(
  template: CompiledTemplate,
  path: string,
  earlier: readonly string[],
  later: readonly string[],
  noItem: string | undefined,
): StepProblem[] {
  const items = (['item', 'index'] as const).filter((root) => noItem !== undefined && template.roots.has(root));
  const unknown = [...template.steps].filter((name) => !earlier.includes(name));
  return [
    ...items.map((root) => ({ path, message: `\`${root}\` ${noItem ?? ''}.` })),
    ...unknown.map((name) => ({ path, message: toReferenceMessage(name, earlier, later) })),
  ];
}

function toReferenceMessage(name: string, earlier: readonly string[], later: readonly string[]): string {
  const path = `\`${stepPath(name)}.output\``;
  if (later.includes(name)) return `${path} is not there yet: a step sees only the outputs of steps before it.`;
  if (earlier.length === 0) return `${path}: there is no step before this one. Use \`input\`.`;
  return `${path}: there is no step \`${name}\`. ${hint(name, new Set(earlier))}`;
}
