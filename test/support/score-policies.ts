import type { JsonObject } from '../../src/kernel/json.ts';
import type { StateFacts } from '../../src/kernel/policy/facts.ts';
import type { CompiledPolicy, Decision, Effect } from '../../src/kernel/policy/model.ts';
import { compilePolicy } from '../../src/modules/policies/policy-version.ts';
import type { Candidate } from './drafted-rules/candidates.ts';
import { draftPolicy, type PolicyDraft } from '../../src/modules/policies/sentence/draft-policy.ts';
import type { DeskAnswer, DeskQuestion, PolicyDesk } from './policy-desk.ts';

/** An action with what surrounds it, as the README beside the sentences says. */
export interface ExpectedAction {
  readonly action: { readonly type: string; readonly params: JsonObject };
  readonly expect: Effect;
  readonly facts?: JsonObject;
  readonly environment?: string;
  readonly connections?: NonNullable<DeskQuestion['connections']>;
  readonly workspace?: { readonly mailDomains?: readonly string[]; readonly slackTeam?: string };
  readonly file?: Readonly<Record<string, string>>;
  readonly output?: JsonObject;
  readonly at?: string;
  readonly earlier?: { readonly count: number; readonly withinMinutes: number };
  readonly running?: number;
  readonly failures?: number;
  readonly spentTodayUsd?: number;
  readonly spentMonthUsd?: number;
}

export interface PolicySentence {
  readonly id: string;
  readonly sentence: string;
  readonly actions: readonly ExpectedAction[];
}

export interface PolicyScore {
  readonly entry: PolicySentence;
  /** What was decided otherwise than expected; empty when all is right. */
  readonly differences: readonly string[];
  /** Rules that matched none of the actions. */
  readonly unmatched: readonly string[];
  readonly draft: PolicyDraft;
}

/** Minutes that a counter looks back. */
const WINDOWS = { '1m': 1, '10m': 10, '1h': 60, '1d': 24 * 60 } as const;
const MICROS = 1_000_000;
const TRIES = 5;

function isExternalMail({ action, workspace }: ExpectedAction): boolean {
  const own = workspace?.mailDomains ?? ['ourcompany.example'];
  return JSON.stringify(action.params['to'] ?? [])
    .split(/[\s",[\]]+/)
    .some((each) => each.includes('@') && !own.some((domain) => each.endsWith(`@${domain}`)));
}

/** Counters for actions of the same type and target that were carried out before. */
function toRates(expected: ExpectedAction, operation: string, isWrite: boolean): Partial<StateFacts['rate']> {
  const { action, earlier, running = 0, failures = 0 } = expected;
  const isMessage = action.type === 'slack.post' || (action.type === 'email.send' && isExternalMail(expected));
  const rates: Record<string, number> = { running, failures10m: failures };
  for (const [window, minutes] of Object.entries(WINDOWS)) {
    const count = earlier !== undefined && earlier.withinMinutes <= minutes ? earlier.count : 0;
    const counters = ['calls', 'kind', 'type', 'target', 'recipient'];
    if (action.type === 'http.request') counters.push('http');
    if (isWrite) counters.push('writes');
    if (operation === 'delete') counters.push('deletes');
    if (isMessage) counters.push('messages');
    for (const counter of counters) rates[`${counter}${window}`] = count;
  }
  return rates;
}

function toState(expected: ExpectedAction, answer: Pick<DeskAnswer, 'facts'>): NonNullable<DeskQuestion['state']> {
  const { operation, sideEffect } = answer.facts.action;
  const isFirst = expected.earlier === undefined;
  const { spentTodayUsd = 0, spentMonthUsd = spentTodayUsd } = expected;
  return {
    rate: toRates(expected, operation, sideEffect !== 'none'),
    budget: {
      spentTodayMicros: Math.round(spentTodayUsd * MICROS),
      spentMonthMicros: Math.round(spentMonthUsd * MICROS),
    },
    first: { target: isFirst, recipient: isFirst && isExternalMail(expected), tool: isFirst },
  };
}

function toOutput({ action, output, file }: ExpectedAction): JsonObject | undefined {
  if (output !== undefined) return output;
  const path = action.params['path'];
  const text = typeof path === 'string' ? file?.[path] : undefined;
  return text === undefined ? undefined : { text, size: text.length };
}

function toQuestion(policies: readonly CompiledPolicy[], expected: ExpectedAction): DeskQuestion {
  const output = toOutput(expected);
  const { action, facts, environment, connections, workspace, at } = expected;
  return {
    policies,
    action,
    ...(facts === undefined ? {} : { facts }),
    ...(environment === undefined ? {} : { environment }),
    ...(connections === undefined ? {} : { connections }),
    ...(workspace === undefined
      ? {}
      : {
          own: {
            mailDomains: workspace.mailDomains ?? ['ourcompany.example'],
            ...(workspace.slackTeam === undefined ? {} : { slackTeam: workspace.slackTeam }),
          },
        }),
    ...(at === undefined ? {} : { at: new Date(at) }),
    ...(output === undefined ? {} : { output }),
  };
}

/** A parser that ran out of time on a busy machine says nothing about the rules: it is asked again. */
export async function askUntilComplete(desk: PolicyDesk, question: DeskQuestion): Promise<DeskAnswer> {
  let answer = await desk.answer(question);
  for (let tries = 1; tries < TRIES && answer.facts.analysis.errors.length > 0; tries++)
    answer = await desk.answer(question);
  return answer;
}

export async function decideExpected(
  desk: PolicyDesk,
  policies: readonly CompiledPolicy[],
  expected: ExpectedAction,
): Promise<Decision> {
  const question = toQuestion(policies, expected);
  const first = await askUntilComplete(desk, toQuestion([], expected));
  const answer = await askUntilComplete(desk, { ...question, state: toState(expected, first) });
  return answer.decision;
}

function toPolicy({ sentence }: PolicySentence, draft: PolicyDraft): CompiledPolicy[] {
  if (draft.kind === 'nothing') return [];
  const { name, rules } = draft;
  return [compilePolicy({ id: 'custom', name, description: sentence, category: 'custom', rules }, '0'.repeat(64))];
}

/** Drafts the policy of a sentence and has its three actions decided by the real decision point. */
export async function scorePolicy(desk: PolicyDesk, entry: PolicySentence): Promise<PolicyScore> {
  const draft = draftPolicy(entry.sentence);
  const policies = toPolicy(entry, draft);
  const matched = new Set<string>();
  const differences: string[] = draft.kind === 'nothing' ? ['nothing was understood'] : [];
  for (const expected of entry.actions) {
    const decision = await decideExpected(desk, policies, expected);
    for (const { rule } of [...decision.violations, ...decision.warnings]) matched.add(rule);
    if (decision.effect !== expected.expect)
      differences.push(`${JSON.stringify(expected).slice(0, 300)}: ${decision.effect} instead of ${expected.expect}`);
  }
  const rules = draft.kind === 'nothing' ? [] : draft.rules;
  return {
    entry,
    draft,
    differences,
    unmatched: rules.filter(({ name, action }) => action !== 'allow' && !matched.has(name)).map(({ name }) => name),
  };
}

/** Has an example of a drafted policy decided by the real decision point. */
export async function decideCandidate(
  desk: PolicyDesk,
  policies: readonly CompiledPolicy[],
  { action, environment, at, state, output }: Candidate,
): Promise<Decision> {
  const { type, params, facts } = action;
  const answer = await askUntilComplete(desk, {
    policies,
    action: { type, params },
    ...(facts === undefined ? {} : { facts }),
    ...(environment === undefined ? {} : { environment }),
    ...(at === undefined ? {} : { at }),
    ...(output === undefined ? {} : { output }),
    ...(state === undefined ? {} : { state }),
  });
  return answer.decision;
}
