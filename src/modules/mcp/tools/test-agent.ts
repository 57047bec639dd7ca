import { z } from 'zod';
import { decidedLine, violationLines } from '../decision-text.ts';
import { bullets, code, fields, inline, numbered, page, section } from '../markdown.ts';
import { AgentRef, AnyJson, Decision, Violation } from '../schemas.ts';
import { ACTS, defineTool, type View } from '../tool.ts';

const Input = z.strictObject({
  agentId: AgentRef,
  scenario: z
    .string()
    .trim()
    .min(1, 'a sentence that says what to test')
    .max(20_000)
    .describe('What to test, in plain words'),
  mockData: z
    .strictObject({
      input: AnyJson.exactOptional().describe('What the run would get as `input`'),
      userRequest: z.string().max(20_000).exactOptional().describe('The words of the user that started it'),
      steps: z
        .record(z.string(), AnyJson)
        .exactOptional()
        .describe('Output by step name, for steps that a dry run does not execute'),
      servers: z
        .record(z.string(), z.strictObject({ tools: z.array(z.looseObject({ name: z.string() })) }))
        .exactOptional()
        .describe('Stand for servers that are not connected: their tools, by name of the server'),
      connections: z
        .record(
          z.string(),
          z.strictObject({
            kind: z.enum(['postgres', 'mysql', 'sqlite', 'imap', 'smtp', 'slack', 'anthropic', 'openai', 's3', 'http']),
            environment: z.enum(['development', 'test', 'staging', 'production', 'unknown']).exactOptional(),
          }),
        )
        .exactOptional()
        .describe('Stand for connections that are not there, by name'),
    })
    .exactOptional(),
  dryRun: z.boolean().default(true).describe('false: a real run with trigger `test`'),
});

const Decided = z.object({ action: z.string(), decision: Decision });
const Output = z.object({
  verdict: z.enum(['passed', 'approval_required', 'failed']),
  passed: z.boolean(),
  mode: z.string(),
  configuration: z.object({ valid: z.boolean(), problems: z.array(z.string()) }),
  workflow: z.object({ valid: z.boolean(), steps: z.int() }),
  steps: z.array(Decided.extend({ name: z.string() })),
  scenario: z.object({
    understood: z.array(z.string()),
    notUnderstood: z.array(z.string()),
    actions: z.array(Decided),
  }),
  violations: z.array(Violation),
  warnings: z.array(z.string()),
  estimates: z.object({ durationMs: z.number(), costUsd: z.number() }),
  sideEffects: z.array(z.object({ step: z.string(), action: z.string(), where: z.string() })),
  runId: z.string().exactOptional(),
});

const HEADS = {
  passed: '# ✅ Test PASSED',
  approval_required: '# ⏸️ Test PASSED: APPROVAL REQUIRED',
  failed: '# ❌ Test FAILED',
} as const;

/** What was asked about stands beside the verdict when nothing of it could be read. */
const NO_SCENARIO = "the scenario: it names no action that could be read from it, so only the agent's own steps were";

const NEXT = {
  passed: 'Use `deploy_agent` to deploy this agent.',
  approval_required:
    'Use `deploy_agent` to deploy this agent; the steps that need approval will wait for a person when they run.',
  failed: 'Change what the violations and problems name, then use `test_agent` again.',
} as const;

type Report = View<z.output<typeof Output>>;

function checkText({ configuration, workflow }: Report): string {
  const problems = bullets(configuration.problems.map(inline));
  return page(
    section('Configuration Check', configuration.valid ? '✅ Valid' : page('❌ Not valid', problems)),
    section(
      'Workflow Check',
      `${workflow.valid ? '✅ Valid' : '❌ Not valid'} (${workflow.steps} ${workflow.steps === 1 ? 'step' : 'steps'})`,
    ),
  );
}

function effectText({ mode, sideEffects }: Report): string {
  const lines = sideEffects.map(({ step, action, where }) => `${inline(step)}: ${code(action)} (${where})`);
  return section(
    mode === 'dry_run' ? 'What a Run Would Change (nothing was changed)' : 'What the Run Changed',
    bullets(lines),
  );
}

function toText(name: string, agentId: string, scenario: string, report: Report): string {
  const { estimates, violations } = report;
  return page(
    HEADS[report.verdict],
    fields([
      ['Agent', inline(name)],
      ['ID', agentId],
      ['Scenario', inline(scenario)],
      ['⚠️ Not tested', report.scenario.actions.length > 0 ? undefined : NO_SCENARIO],
      ['Mode', report.mode === 'dry_run' ? 'Dry Run (no changes)' : 'Real run'],
      ['Run', report.runId],
    ]),
    checkText(report),
    section('Workflow Steps', numbered(report.steps.map((step) => decidedLine(step.name, step.action, step.decision)))),
    section('Policy Evaluation', violations.length === 0 ? '✅ No violations detected' : violationLines(violations)),
    section(
      'Scenario',
      bullets(report.scenario.actions.map(({ action, decision }) => decidedLine('asked', action, decision))),
    ),
    section('Not Understood', bullets(report.scenario.notUnderstood.map(inline))),
    section('Warnings', bullets(report.warnings.map((warning) => `⚠️ ${inline(warning)}`))),
    effectText(report),
    section(
      'Resource Estimates',
      bullets([`Duration: ~${seconds(estimates.durationMs)}`, `Cost: $${estimates.costUsd.toFixed(2)}`]),
    ),
    section('Next Steps', NEXT[report.verdict]),
  );
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.ceil(ms)} ms` : `${Math.ceil(ms / 1_000)} seconds`;
}

export const testAgent = defineTool({
  name: 'test_agent',
  title: 'Test agent',
  description:
    'Dry-run the latest version of an agent: every step is decided by its policies, reads of local files really happen, everything else takes `mockData`, nothing is changed. Needed before `deploy_agent`.',
  annotations: ACTS,
  input: Input,
  output: Output,
  run: async ({ agents, runs }, input, { caller, progress }) => {
    const report = await runs.test(caller, { ...input, onProgress: progress });
    const { name, id } = await agents.get(caller, input.agentId);
    return { kind: 'answer', structured: report, text: toText(name, id, input.scenario, report) };
  },
});
