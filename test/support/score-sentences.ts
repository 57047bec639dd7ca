import jsonata from 'jsonata';
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import type { Step } from '../../src/kernel/run/model.ts';
import { planSentence, type Plan } from '../../src/modules/templates/index.ts';
import { compileTemplate, render } from '../../src/platform/cel/template.ts';

export interface ExpectedStep {
  readonly action: string;
  /** Each of these must be equal in the step's params. */
  readonly params?: JsonObject;
  /** Rows, or files, that stand where the step's input comes from. */
  readonly given?: Json[];
  /** The rows of each file that is merged. */
  readonly givenFiles?: Json[][];
  /** Start of the run, ISO 8601. */
  readonly now?: string;
  readonly gives?: Json;
}

export interface SentenceEntry {
  readonly id: string;
  readonly sentence: string;
  readonly expect: {
    readonly template: string | null;
    readonly schedule: { readonly cron: string; readonly timezone?: string } | null;
    readonly steps?: readonly ExpectedStep[];
    /** Each occurs in one `missing`; none means that nothing is missing. */
    readonly missing: readonly string[];
  };
}

/** How the plan of a sentence differs from what is expected of it; empty when it does not. */
export async function findDifferences({ sentence, expect }: SentenceEntry): Promise<string[]> {
  const plan = planSentence(sentence);
  const stepDifferences = expect.steps === undefined ? [] : await compareSteps(plan.steps, expect.steps);
  return [
    ...compare('template', plan.template ?? null, expect.template),
    ...compare('cron', plan.schedule?.cron ?? null, expect.schedule?.cron ?? null),
    ...(expect.schedule?.timezone === undefined
      ? []
      : compare('timezone', plan.schedule?.timezone, expect.schedule.timezone)),
    ...stepDifferences,
    ...compareMissing([...plan.missing, ...plan.unclearSchedule], expect.missing),
  ];
}

function compare(what: string, actual: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  return [`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}

function compareMissing(missing: Plan['missing'], expected: readonly string[]): string[] {
  const texts = missing.map(({ what, hint }) => `${what} ${hint}`.toLowerCase());
  if (expected.length === 0)
    return texts.length === 0 ? [] : [`missing: ${JSON.stringify(missing.map(({ what }) => what))} instead of none`];
  const lacking = expected.filter((word) => !texts.some((text) => text.includes(word.toLowerCase())));
  return lacking.map(
    (word) => `missing: nothing names ${JSON.stringify(word)}, only ${JSON.stringify(missing.map(({ what }) => what))}`,
  );
}

async function compareSteps(steps: readonly Step[], expected: readonly ExpectedStep[]): Promise<string[]> {
  const actions = compare(
    'actions',
    steps.map(({ action }) => action),
    expected.map(({ action }) => action),
  );
  if (actions.length > 0) return actions;
  const differences = await Promise.all(
    expected.map(async (wanted, index) => {
      const step = steps[index];
      if (step === undefined) return [];
      const params = Object.entries(wanted.params ?? {}).flatMap(([name, value]) =>
        compare(`${step.name}.${name}`, step.params[name], value),
      );
      return [...params, ...(await compareResult(step, steps.slice(0, index), wanted))];
    }),
  );
  return differences.flat();
}

async function compareResult(step: Step, before: readonly Step[], wanted: ExpectedStep): Promise<string[]> {
  if (wanted.gives === undefined) return [];
  try {
    const result = await evaluate(step, before, wanted);
    return compare(`${step.name} gives`, toPlainList(result), toPlainList(wanted.gives));
  } catch (error) {
    return [`${step.name} fails: ${error instanceof Error ? error.message : JSON.stringify(error)}`];
  }
}

function toPlainList(value: unknown): unknown {
  const plain: unknown = value === undefined ? [] : JSON.parse(JSON.stringify(value));
  return Array.isArray(plain) ? plain : [plain];
}

/** Renders the input of a transform as a run does, and evaluates its expression. */
async function evaluate(step: Step, before: readonly Step[], wanted: ExpectedStep): Promise<unknown> {
  const outputs = Object.fromEntries(before.map((each) => [each.name, { output: toOutput(each, wanted) }]));
  const scope = { steps: outputs, run: { startedAt: wanted.now ?? '2026-11-22T12:00:00Z' } };
  const input = render(compileTemplate(step.params['input'] ?? null), scope);
  const expression = step.params['expression'];
  return typeof expression === 'string' ? jsonata(expression).evaluate(input) : undefined;
}

function toOutput(step: Step, { given = [], givenFiles }: ExpectedStep): Json {
  if (step.action === 'file.list') return { files: given };
  if (step.action === 'data.transform') return { result: given };
  if (step.forEach !== undefined) return (givenFiles ?? [given]).map((rows) => ({ rows }));
  return { rows: given };
}
