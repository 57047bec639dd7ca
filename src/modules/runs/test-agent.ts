import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../kernel/caller.ts';
import type { Json } from '../../kernel/json.ts';
import type { Decision, Violation } from '../../kernel/policy/model.ts';
import { isRunOver } from '../../kernel/run/transitions.ts';
import { AppError } from '../../platform/errors/index.ts';
import { CATALOGUE, type PreviewRequest } from '../actions/index.ts';
import type { AgentVersion, TestVerdict } from '../agents/index.ts';
import { checkConfiguration, findUnknownTools, toLacking } from './check-configuration.ts';
import { dryRun, type DryRun } from './dry-run.ts';
import { getRun, type RunView } from './get-run.ts';
import { Session } from './provenance.ts';
import type { RunServices } from './run.ts';
import { readScenario } from './scenario.ts';
import { startRun } from './start-run.ts';

const DAY_MS = 24 * 3_600_000;
const MAX_WAIT_MS = 60_000;
const ASK_EVERY_MS = 100;

export interface TestRequest {
  readonly agentId: string;
  readonly scenario: string;
  readonly mockData?: {
    readonly input?: Json;
    readonly userRequest?: string;
    readonly steps?: { readonly [name: string]: Json };
    /** Stand for servers that are not connected: the tools of each. */
    readonly servers?: { readonly [name: string]: { readonly tools: readonly { readonly name: string }[] } };
    /** Stand for connections that are not there. */
    readonly connections?: { readonly [name: string]: { readonly kind: string; readonly environment?: string } };
  };
  /** false: a real run with trigger `test`. */
  readonly dryRun: boolean;
  /** Told of a real run's progress: steps that are over, steps in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

const NO_ACTION =
  'The scenario names no action that could be read from it, so only the steps of the agent were tested. Name what it would do, such as `DELETE FROM users`, `email customers their invoice` or `read reports/a.csv`.';

interface Decided {
  readonly action: string;
  readonly decision: Decision;
}

export interface TestReport {
  readonly verdict: TestVerdict;
  readonly passed: boolean;
  readonly mode: 'dry_run' | 'real_run';
  readonly configuration: { readonly valid: boolean; readonly problems: readonly string[] };
  readonly workflow: { readonly valid: boolean; readonly steps: number };
  readonly steps: readonly (Decided & { readonly name: string })[];
  readonly scenario: {
    readonly understood: readonly string[];
    readonly notUnderstood: readonly string[];
    readonly actions: readonly Decided[];
  };
  readonly violations: readonly Violation[];
  readonly warnings: readonly string[];
  /** `basis` says where they come from. */
  readonly estimates: {
    readonly durationMs: number;
    readonly costUsd: number;
    readonly basis: 'past runs' | 'this test';
  };
  /** Of a dry run: what would have changed. Of a real run: what has. */
  readonly sideEffects: DryRun['sideEffects'];
  readonly runId?: string;
}

/** Tests the latest version and keeps the result, which deploying asks for. */
export async function testAgent(services: RunServices, caller: Caller, request: TestRequest): Promise<TestReport> {
  const agent = await services.agents.getVersion(caller, request.agentId);
  const configuration = await checkConfiguration(agent);
  const lacking = toLacking(agent);
  if (!request.dryRun && configuration.length + lacking.length > 0) {
    throw new AppError('incomplete', `A real run needs a complete agent: ${[...configuration, ...lacking].join(' ')}`);
  }
  const startedAt = performance.now();
  const tested = request.dryRun
    ? await testDry(services, caller, agent, request)
    : await testForReal(services, caller, agent, request);
  const durationMs = Math.max(1, Math.round(performance.now() - startedAt));
  const scenario = await judgeScenario(services, caller, agent, request);
  const report = await toReport(services, caller, agent, { ...tested, configuration, lacking, scenario, durationMs });
  await services.agents.recordTest(caller, agent.agent.id, agent.version, report.verdict, request.scenario, report);
  return report;
}

type Tested = Pick<TestReport, 'mode' | 'steps' | 'sideEffects'> & {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
  readonly costUsd: number;
  readonly runId?: string;
  /** Of a real run that did not succeed. */
  readonly verdict?: TestVerdict;
};

async function testDry(
  services: RunServices,
  caller: Caller,
  agent: AgentVersion,
  { mockData }: TestRequest,
): Promise<Tested> {
  const [clock] = await services.db.query<{ now: Date }>('SELECT app_now() AS now');
  if (clock === undefined) throw new AppError('internal', 'The database gave no time.');
  const done = await dryRun(services.actions, caller, agent, {
    now: clock.now,
    outputs: mockData?.steps ?? {},
    connections: toConnections(mockData?.connections),
    ...(mockData?.userRequest === undefined ? {} : { session: new Session(mockData.userRequest) }),
    ...(mockData?.input === undefined ? {} : { input: mockData.input }),
  });
  const names = agent.definition.steps.map(({ name }) => name);
  const unknown = Object.keys(mockData?.steps ?? {}).filter((name) => !names.includes(name));
  const warnings = [
    ...done.warnings,
    ...unknown.map(
      (name) => `mockData has an output for \`${name}\`, but there is no such step. Steps: ${names.join(', ')}.`,
    ),
  ];
  return {
    mode: 'dry_run',
    steps: done.steps,
    problems: [...done.problems, ...findUnknownTools(agent, mockData?.servers)],
    warnings,
    sideEffects: done.sideEffects,
    costUsd: done.costUsd,
  };
}

type MockData = NonNullable<TestRequest['mockData']>;

function toConnections(given: MockData['connections'] = {}): PreviewRequest['connections'] & object {
  return Object.fromEntries(Object.entries(given).map(([name, connection]) => [name, { name, ...connection }]));
}

async function testForReal(
  services: RunServices,
  caller: Caller,
  agent: AgentVersion,
  request: TestRequest,
): Promise<Tested> {
  const { input } = request.mockData ?? {};
  const { runId } = await startRun(services, caller, {
    agentId: agent.agent.id,
    trigger: 'test',
    ...(input === undefined ? {} : { input }),
  });
  const run = await waitForRun(services, caller, runId, request.onProgress);
  const decided = run.steps.flatMap(({ name, action, decision }) =>
    decision === undefined ? [] : [{ name, action, decision }],
  );
  const done = run.steps.filter((step) => step.status === 'succeeded');
  return {
    mode: 'real_run',
    runId,
    steps: decided,
    problems: run.status === 'failed' && run.error !== undefined ? [run.error] : [],
    warnings:
      isRunOver(run.status) || run.status === 'waiting_approval'
        ? []
        : [`The run \`${runId}\` is still under way after a minute. Follow it with get_run.`],
    sideEffects: done.flatMap(({ name, action }) => {
      const params = agent.definition.steps.find((step) => step.name === name)?.params ?? {};
      const where = CATALOGUE.get(action)?.sideEffect(params) ?? 'outside';
      return where === 'none' ? [] : [{ step: name, action, where }];
    }),
    costUsd: done.reduce((sum, { action }) => sum + (CATALOGUE.get(action)?.costUsd ?? 0), 0),
    verdict: run.status === 'succeeded' ? 'passed' : run.status === 'waiting_approval' ? 'approval_required' : 'failed',
  };
}

async function waitForRun(
  services: RunServices,
  caller: Caller,
  runId: string,
  onProgress: TestRequest['onProgress'],
): Promise<RunView> {
  for (let waitedMs = 0; ; waitedMs += ASK_EVERY_MS) {
    const { run } = await getRun(services, caller, runId);
    onProgress?.(
      run.steps.filter(({ status }) => status !== 'pending' && status !== 'running').length,
      run.steps.length,
    );
    if (isRunOver(run.status) || run.status === 'waiting_approval' || waitedMs >= MAX_WAIT_MS) return run;
    await sleep(ASK_EVERY_MS);
  }
}

async function judgeScenario(
  services: RunServices,
  caller: Caller,
  agent: AgentVersion,
  { scenario: text, mockData }: TestRequest,
): Promise<TestReport['scenario']> {
  const { understood, notUnderstood, actions } = readScenario(text);
  const decided: Decided[] = [];
  for (const { type, params, facts, counts } of actions) {
    const request = {
      agentId: agent.agent.id,
      version: agent.version,
      definition: agent.definition,
      type,
      params,
      trigger: 'test',
      connections: toConnections(mockData?.connections),
      isNamed: () => true,
      ...(facts === undefined ? {} : { facts }),
      ...(counts === undefined ? {} : { counts }),
    } as const;
    const { decision } = await services.actions.preview(caller, request);
    decided.push({ action: type, decision });
  }
  return { understood, notUnderstood, actions: decided };
}

async function toReport(
  services: RunServices,
  caller: Caller,
  agent: AgentVersion,
  tested: Tested & {
    configuration: readonly string[];
    lacking: readonly string[];
    scenario: TestReport['scenario'];
    durationMs: number;
  },
): Promise<TestReport> {
  const decisions = [...tested.steps, ...tested.scenario.actions].map(({ decision }) => decision);
  const problems = [...tested.configuration, ...tested.problems];
  const verdict = toVerdict(decisions, problems.length > 0, tested.verdict);
  const { p50Ms } = await services.audit.metrics(caller, agent.agent.id, DAY_MS);
  return {
    verdict,
    passed: verdict !== 'failed',
    mode: tested.mode,
    configuration: {
      valid: tested.configuration.length + tested.lacking.length === 0,
      problems: [...problems, ...tested.lacking],
    },
    workflow: { valid: problems.length === 0, steps: agent.definition.steps.length },
    steps: tested.steps,
    scenario: tested.scenario,
    violations: toDistinct(decisions.flatMap((decision) => decision.violations)),
    warnings: [
      ...(tested.scenario.actions.length === 0 ? [NO_ACTION] : []),
      ...tested.warnings,
      ...decisions.flatMap(({ warnings }) => warnings.map((each) => `${each.policy}/${each.rule}: ${each.message}`)),
    ],
    estimates: {
      durationMs: p50Ms ?? tested.durationMs,
      costUsd: tested.costUsd,
      basis: p50Ms === undefined ? 'this test' : 'past runs',
    },
    sideEffects: tested.sideEffects,
    ...(tested.runId === undefined ? {} : { runId: tested.runId }),
  };
}

function toVerdict(decisions: readonly Decision[], hasProblems: boolean, ofRun: TestVerdict | undefined): TestVerdict {
  if (hasProblems || ofRun === 'failed' || decisions.some(({ effect }) => effect === 'deny')) return 'failed';
  const isHeld = ofRun === 'approval_required' || decisions.some(({ effect }) => effect === 'require_approval');
  return isHeld ? 'approval_required' : 'passed';
}

function toDistinct(violations: readonly Violation[]): Violation[] {
  return [
    ...new Map(
      violations.map((violation) => [`${violation.policy}/${violation.rule}/${violation.message}`, violation]),
    ).values(),
  ];
}
