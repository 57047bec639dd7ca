import jsonata from 'jsonata';
import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/app-error.ts';

// JSONata works on the groups of a list side by side and counts all of them as depth, so many thousands must pass. An endless recursion
// ends at the cap on memory.
const MAX_DEPTH = 1_000_000;

/** The value of a JSONata expression as plain JSON: nothing is null, and a function is no value. */
export async function transform(input: Json, expression: string, timeoutMs: number): Promise<Json> {
  try {
    const compiled = jsonata(expression, { timeout: timeoutMs, stack: MAX_DEPTH });
    return toJson((await compiled.evaluate(input)) as unknown);
  } catch (error) {
    throw toFailure(error, expression);
  }
}

function toJson(value: unknown): Json {
  const text = JSON.stringify(value ?? null, (_key, one: unknown) => {
    if (isFunction(one))
      throw new AppError('expression_error', 'The expression gives a function, not data. Call it, such as `$f(...)`.');
    return one;
  });
  return JSON.parse(text) as Json;
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return value !== null && typeof value === 'object' && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}

/** JSONata throws plain objects with a code, a message and where in the expression it was. */
function toFailure(error: unknown, expression: string): unknown {
  if (error instanceof AppError || error instanceof RangeError) return error;
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown };
  if (typeof code !== 'string') return error;
  if (code === 'D1012')
    return new AppError(
      'analysis_failed',
      'The expression took too long and was stopped. Work on less data, or use a simpler expression.',
    );
  if (code === 'D1011')
    return new AppError(
      'analysis_failed',
      `The expression calls itself more than ${MAX_DEPTH} levels deep, and was stopped.`,
    );
  const at = typeof position === 'number' ? ` at character ${position}, near \`${excerpt(expression, position)}\`` : '';
  return new AppError(
    'expression_error',
    `The JSONata expression is wrong${at}: ${String(message)} (${code}).`,
    typeof position === 'number' ? { position } : undefined,
  );
}

function excerpt(expression: string, position: number): string {
  return expression.slice(Math.max(0, position - 20), position + 10).replaceAll('\n', ' ');
}
