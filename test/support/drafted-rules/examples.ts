import type { Decision, Rule } from '../../../src/kernel/policy/model.ts';
import { numbersOf, toActions, type Candidate, type Tried } from './candidates.ts';

export interface Example {
  readonly candidate: Candidate;
  readonly decision: Decision;
}

/** What a policy does to concrete actions, decided by the engine itself. */
export interface Examples {
  readonly matching: readonly Example[];
  readonly others: readonly Example[];
}

export type Decide = (candidate: Candidate) => Promise<Decision>;

const WANTED = 3;
/** Decisions that are asked for one rule, at most. */
const MAX_TRIES = 200;
const DECLARED = {
  purpose: 'support',
  legalBasis: 'contract',
  consent: 'verified',
  ticket: 'OPS-1234',
  backupConfirmed: true,
  rollbackPlan: 'restore the snapshot of 02:00',
} as const;
/** Hours of a week in which one of the usual limits of time begins or ends. */
const TIMES = [
  '2026-01-28T10:30',
  '2026-01-28T23:30',
  '2026-01-31T12:00',
  '2026-01-30T16:30',
  '2026-01-26T07:30',
  '2026-01-27T19:30',
  '2026-01-29T13:00',
  '2026-02-01T03:00',
];

type Surroundings = Omit<Candidate, 'action'> & { readonly facts?: Record<string, string | boolean> };

function toTimes(condition: string): Surroundings[] {
  return condition.includes('time.') ? TIMES.map((at) => ({ at: new Date(`${at}:00Z`) })) : [];
}

function toStates(condition: string): Surroundings[] {
  const names = [...condition.matchAll(/(rate|budget)\.([A-Za-z0-9]+)/g)];
  const counted = names.flatMap(([name, group = '', field = '']) => {
    const plain = numbersOf(condition, name);
    const budget = numbersOf(condition, `${name} + cost.micros`).concat(numbersOf(condition, `${name} + cost.tokens`));
    return [...plain, ...budget].flatMap((count) => [
      ...[count, count + 1, count * 3].map((many) => ({ state: { [group]: { [field]: many } } })),
      { state: { [group]: { [field]: Math.max(count - 2, 0) } } },
    ]);
  });
  const first = condition.includes('first.')
    ? [{ state: { first: { target: true, recipient: true, tool: true } } }]
    : [];
  return [...counted, ...first];
}

function toActors(condition: string): Surroundings[] {
  const texts = (attribute: string) =>
    [...condition.matchAll(new RegExp(`${attribute} == "([^"]{1,200})"`, 'g'))].map(([, text = '']) => text);
  return [...texts('agent\\.name').map((agent) => ({ agent })), ...texts('trigger').map((trigger) => ({ trigger }))];
}

function toEnvironments(condition: string): Surroundings[] {
  const named = /environment == "(staging|test|development)"/.exec(condition)?.[1] as Candidate['environment'];
  return [
    ...(condition.includes('action.production') ? [{ environment: 'production' as const }] : []),
    ...(named === undefined ? [] : [{ environment: named }]),
  ];
}

function toSurroundings(condition: string): Surroundings[] {
  const single = [...toTimes(condition), ...toStates(condition), ...toActors(condition), ...toEnvironments(condition)];
  const declared = condition.includes('declared.') ? [{}, { facts: DECLARED }] : [{}];
  const all = [
    {},
    ...single,
    ...toEnvironments(condition).flatMap((one) => toTimes(condition).map((other) => ({ ...one, ...other }))),
  ];
  return all.flatMap((one) => declared.map((facts) => ({ ...one, ...facts })));
}

function toCandidate({ action, ...tried }: Tried, { facts, ...around }: Surroundings): Candidate {
  const declared = facts === undefined ? action : { ...action, facts: { ...facts, ...action.facts } };
  return { ...tried, ...around, action: declared };
}

/** Candidates of one condition; each action in each of its surroundings. */
export function toCandidates(condition: string): Candidate[] {
  const surroundings = toSurroundings(condition);
  return toActions(condition).flatMap((tried) => surroundings.map((around) => toCandidate(tried, around)));
}

function hasMatched({ violations, warnings }: Decision, { name }: Rule): boolean {
  return [...violations, ...warnings].some((each) => each.rule === name);
}

async function findForRule(rule: Rule, decide: Decide): Promise<{ matching: Example[]; others: Example[] }> {
  const matching: Example[] = [];
  const others: Example[] = [];
  for (const candidate of toCandidates(rule.condition).slice(0, MAX_TRIES)) {
    if (matching.length >= WANTED && others.length >= WANTED) break;
    const decision = await decide(candidate);
    const isNothing = decision.violations.length === 0 && decision.warnings.length === 0;
    if (hasMatched(decision, rule) && matching.length < WANTED) matching.push({ candidate, decision });
    else if (isNothing && others.length < WANTED) others.push({ candidate, decision });
  }
  return { matching, others };
}

/** Three actions that the rules match, of each rule one if there is room, and three that none of them does. */
export async function toExamples(rules: readonly Rule[], decide: Decide): Promise<Examples> {
  const found: { matching: Example[]; others: Example[] }[] = [];
  for (const rule of rules.slice(0, WANTED)) found.push(await findForRule(rule, decide));
  const take = (lists: readonly (readonly Example[])[]): Example[] => {
    const turns = Array.from({ length: WANTED }, (_, turn) => lists.flatMap((list) => list[turn] ?? []));
    return turns.flat().slice(0, WANTED);
  };
  return { matching: take(found.map(({ matching }) => matching)), others: take(found.map(({ others }) => others)) };
}
