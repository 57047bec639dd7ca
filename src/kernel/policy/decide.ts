import type { Facts } from './facts.ts';
import type { CompiledPolicy, CompiledRule, Decision, Effect, PolicyMode, RuleAction, Violation } from './model.ts';
import { SEVERITIES } from './model.ts';

const STRENGTH: Record<RuleAction, number> = { deny: 4, require_approval: 3, transform: 2, allow: 1, log: 0 };

interface Match {
  readonly policy: string;
  readonly rule: CompiledRule;
  /** What the rule says, taken as written. */
  readonly strict: RuleAction;
  readonly isError: boolean;
  readonly message: string;
}

function toText(policy: string, rule: CompiledRule): string {
  return rule.message ?? rule.description ?? `Rule \`${policy}.${rule.name}\` matched: \`${rule.condition}\`.`;
}

/** INVARIANT: a rule that gives neither true nor false counts as matched, with the strongest effect. */
function toErrorMatch(policy: string, rule: CompiledRule, cause: string): Match {
  const message = `rule_error: the condition of \`${policy}.${rule.name}\` could not be evaluated (${cause}), so it counts as matched.`;
  return { policy, rule, strict: 'deny', isError: true, message };
}

function findMatch(policy: string, rule: CompiledRule, facts: Facts): Match | undefined {
  let matches: unknown;
  try {
    matches = rule.matches(facts);
  } catch (error) {
    return toErrorMatch(policy, rule, error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown cause');
  }
  if (matches === false) return undefined;
  if (matches !== true) return toErrorMatch(policy, rule, 'it gave neither true nor false');
  const message = toText(policy, rule);
  if (rule.action !== 'transform') return { policy, rule, strict: rule.action, isError: false, message };
  // Nobody can carry out a transform yet, and an obligation that nobody can fulfil refuses the action.
  const cause = `It asks for the transform \`${rule.transform?.kind ?? 'unknown'}\`, which cannot be carried out, so the action is refused.`;
  return { policy, rule, strict: 'deny', isError: false, message: `${message} ${cause}` };
}

/** What a match comes to in a mode. INVARIANT: never stronger than what `strict` makes of it. */
function toApplied(match: Match, mode: PolicyMode): RuleAction {
  if (mode === 'strict' || match.strict === 'allow') return match.strict;
  if (match.isError) return 'require_approval';
  switch (match.rule.severity) {
    case 'critical':
      return match.strict;
    case 'high':
      return match.strict === 'deny' ? 'require_approval' : match.strict;
    case 'warning':
    case 'info':
      return 'log';
  }
}

function toStrongest(actions: readonly RuleAction[]): Effect {
  let strongest: Effect = 'allow';
  for (const action of actions) if (action !== 'log' && STRENGTH[action] > STRENGTH[strongest]) strongest = action;
  return strongest;
}

interface Applied extends Match {
  readonly applied: RuleAction;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareApplied(a: Applied, b: Applied): number {
  return (
    STRENGTH[b.applied] - STRENGTH[a.applied] ||
    SEVERITIES.indexOf(b.rule.severity) - SEVERITIES.indexOf(a.rule.severity) ||
    compareText(a.policy, b.policy) ||
    compareText(a.rule.name, b.rule.name) ||
    compareText(a.message, b.message)
  );
}

function toViolation({ policy, rule, message }: Match): Violation {
  return {
    policy,
    rule: rule.name,
    severity: rule.severity,
    message,
    ...(rule.alternative === undefined ? {} : { alternative: rule.alternative }),
  };
}

/**
 * The policy decision point: pure and total. The strongest effect of all matching rules wins, whatever the order of the
 * policies; without a match the action is allowed. `violations` holds the rules that deny or hold, `warnings` those that only
 * log in this mode; a matching `allow` is in neither.
 */
export function decide(request: {
  readonly policies: readonly CompiledPolicy[];
  readonly facts: Facts;
  readonly mode: PolicyMode;
}): Decision {
  const { policies, facts, mode } = request;
  const matches: Applied[] = [];
  for (const { id, rules } of policies) {
    for (const rule of rules) {
      const match = findMatch(id, rule, facts);
      if (match !== undefined) matches.push({ ...match, applied: toApplied(match, mode) });
    }
  }
  matches.sort(compareApplied);
  return {
    effect: toStrongest(matches.map(({ applied }) => applied)),
    violations: matches.filter(({ applied }) => applied !== 'log' && applied !== 'allow').map(toViolation),
    warnings: matches.filter(({ applied }) => applied === 'log').map(toViolation),
    redactions: [],
    mode,
    strictEffect: toStrongest(matches.map(({ strict }) => strict)),
    policyVersions: policies.map(({ version }) => version).sort(compareText),
  };
}
