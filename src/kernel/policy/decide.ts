import { DATA_CLASSES } from './data-classes.ts';
import type { Facts } from './facts.ts';
import type {
  CarriedOut,
  CompiledPolicy,
  CompiledRule,
  Decision,
  Effect,
  PolicyMode,
  Redaction,
  RuleAction,
  Violation,
} from './model.ts';
import { EFFECTS, RULE_ACTIONS, SEVERITIES } from './model.ts';

const PLACEHOLDER = /\{([a-z]+(?:\.[A-Za-z0-9]+)?)\}/g;

export interface DecideRequest {
  readonly policies: readonly CompiledPolicy[];
  readonly facts: Facts;
  readonly mode: PolicyMode;
  /** Facts of the action as it was asked, where transforms have changed it. */
  readonly asked?: Facts;
  /** Transforms that have made the content what `facts` describe. */
  readonly carriedOut?: readonly CarriedOut[];
  readonly redactions?: readonly Redaction[];
}

interface Match {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  /** What the rule says, taken as written. */
  readonly strict: RuleAction;
  readonly isError: boolean;
  readonly message: string;
}

interface Applied extends Match {
  readonly applied: RuleAction;
}

/** The value of a fact as a message shows it; undefined for a name that is none. */
function toShown(facts: Facts, name: string): string | undefined {
  const [group = '', field] = name.split('.');
  const top: unknown = toOwn(facts, group);
  const found = field === undefined ? (typeof top === 'string' ? top : undefined) : toOwn(top, field);
  if (Array.isArray(found)) return found.join(', ');
  return ['string', 'number', 'boolean'].includes(typeof found) ? String(found) : undefined;
}

function toOwn(record: unknown, name: string): unknown {
  if (typeof record !== 'object' || record === null || !Object.hasOwn(record, name)) return undefined;
  return (record as Readonly<Record<string, unknown>>)[name];
}

function fill(text: string, facts: Facts): string {
  return text.replace(PLACEHOLDER, (placeholder, name: string) => toShown(facts, name) ?? placeholder);
}

function toText({ id }: CompiledPolicy, rule: CompiledRule, facts: Facts): string {
  return fill(rule.message ?? rule.description ?? `Rule \`${id}.${rule.name}\` matched: \`${rule.condition}\`.`, facts);
}

/** INVARIANT: a rule that gives neither true nor false counts as matched, with the strongest effect. */
function toErrorMatch(policy: CompiledPolicy, rule: CompiledRule, cause: string): Match {
  const message = `rule_error: the condition of \`${policy.id}.${rule.name}\` could not be evaluated (${cause}), so it counts as matched.`;
  return { policy, rule, strict: 'deny', isError: true, message };
}

function findMatch(policy: CompiledPolicy, rule: CompiledRule, facts: Facts): Match | undefined {
  let matches: unknown;
  try {
    matches = rule.matches(facts);
  } catch (error) {
    return toErrorMatch(policy, rule, error instanceof Error ? error.message.replace(/\n.*/s, '') : 'unknown cause');
  }
  if (matches === false) return undefined;
  if (matches !== true) return toErrorMatch(policy, rule, 'it gave neither true nor false');
  return { policy, rule, strict: rule.action, isError: false, message: toText(policy, rule, facts) };
}

function isCarriedOut({ policy, rule }: Pick<Match, 'policy' | 'rule'>, { carriedOut }: DecideRequest): boolean {
  return carriedOut?.some((each) => each.policy === policy.id && each.rule === rule.name) ?? false;
}

function isAmong(matches: readonly Match[], rule: CompiledRule): boolean {
  return matches.some((match) => match.rule === rule);
}

/** INVARIANT: what a transform should have changed and did not refuses the action: an obligation that nobody fulfils is a denial. */
function toObligation(match: Match, request: DecideRequest): Match {
  if (toApplied(match, request.mode) !== 'transform' || isCarriedOut(match, request)) return match;
  const kind = match.rule.transform?.kind ?? 'unknown';
  const message = `${match.message} It asks for the transform \`${kind}\`, which cannot be carried out here, so the action is refused.`;
  return { ...match, strict: 'deny', message };
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
  return EFFECTS.find((effect) => actions.includes(effect)) ?? 'allow';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareApplied(a: Applied, b: Applied): number {
  return (
    RULE_ACTIONS.indexOf(a.applied) - RULE_ACTIONS.indexOf(b.applied) ||
    SEVERITIES.indexOf(b.rule.severity) - SEVERITIES.indexOf(a.rule.severity) ||
    compareText(a.policy.id, b.policy.id) ||
    compareText(a.rule.name, b.rule.name) ||
    compareText(a.message, b.message)
  );
}

/** The classes that a rule about data matched on: those it names, else all that are there. */
function toClasses({ condition, attributes }: CompiledRule, { data }: Facts): readonly string[] {
  if (!attributes.some((name) => name.startsWith('data.'))) return [];
  const named = DATA_CLASSES.filter((each) => condition.includes(`"${each}"`) || condition.includes(`'${each}'`));
  const there = [...new Set([...data.classes, ...data.suspectedClasses])];
  return named.length === 0 ? there : there.filter((each) => named.some((name) => name === each));
}

function toViolation({ policy, rule, message, applied }: Applied, facts: Facts): Violation {
  const classes = toClasses(rule, facts);
  return {
    policy: policy.id,
    rule: rule.name,
    severity: rule.severity,
    ...(applied === 'log' ? {} : { effect: applied }),
    message,
    ...(rule.alternative === undefined ? {} : { alternative: fill(rule.alternative, facts) }),
    ...(classes.length === 0 ? {} : { classes }),
    version: policy.version,
    ...(rule.controls === undefined ? {} : { controls: rule.controls }),
  };
}

function findMatches(policies: readonly CompiledPolicy[], facts: Facts, isWanted?: (rule: CompiledRule) => boolean) {
  const matches: Match[] = [];
  for (const policy of policies) {
    for (const rule of policy.rules) {
      if (isWanted !== undefined && !isWanted(rule)) continue;
      const match = findMatch(policy, rule, facts);
      if (match !== undefined) matches.push(match);
    }
  }
  return matches;
}

/** Rules whose transform is owed before an action with these facts may go on in this mode. */
export function findTransforms({ policies, facts, mode }: Omit<DecideRequest, 'carriedOut' | 'redactions'>): readonly {
  readonly policy: string;
  readonly rule: CompiledRule;
}[] {
  // No other rule comes to a transform in any mode, and one without an answer comes to none.
  return findMatches(policies, facts, ({ action }) => action === 'transform')
    .filter((match) => toApplied(match, mode) === 'transform')
    .map(({ policy, rule }) => ({ policy: policy.id, rule }));
}

/** Rules of which the transform was carried out and that no longer match, because of it. */
function toFulfilled(request: DecideRequest, matches: readonly Match[]): Match[] {
  return request.policies.flatMap((policy) =>
    policy.rules
      .filter((rule) => isCarriedOut({ policy, rule }, request) && !isAmong(matches, rule))
      .map((rule) => ({
        policy,
        rule,
        strict: 'transform' as const,
        isError: false,
        message: toText(policy, rule, request.facts),
      })),
  );
}

/** INVARIANT: a transform never takes an action from under a stronger rule: what denied or held it as it was asked still does. */
function findAsked({ policies, asked }: DecideRequest, matches: readonly Match[]): Match[] {
  if (asked === undefined) return [];
  const matched = new Set(matches.map(({ rule }) => rule));
  return findMatches(policies, asked, (rule) => !matched.has(rule)).filter(({ strict }) => strict !== 'transform');
}

/**
 * The policy decision point: pure and total. The strongest effect of all matching rules wins, whatever the order of the
 * policies; without a match the action is allowed. `violations` holds the rules that deny, hold or transform, `warnings` those that
 * only log in this mode; a matching `allow` is in neither.
 */
export function decide(request: DecideRequest): Decision {
  const { policies, facts, mode, redactions = [] } = request;
  const matches = findMatches(policies, facts).map((match) => toObligation(match, request));
  const all = [...matches, ...toFulfilled(request, matches), ...findAsked(request, matches)];
  const applied: Applied[] = all.map((match) => ({ ...match, applied: toApplied(match, mode) })).sort(compareApplied);
  const toViolations = (some: readonly Applied[]) => some.map((match) => toViolation(match, facts));
  return {
    effect: toStrongest(applied.map((each) => each.applied)),
    violations: toViolations(applied.filter((each) => each.applied !== 'log' && each.applied !== 'allow')),
    warnings: toViolations(applied.filter((each) => each.applied === 'log')),
    redactions,
    mode,
    strictEffect: toStrongest(applied.map(({ strict }) => strict)),
    policyVersions: policies.map(({ version }) => version).sort(compareText),
  };
}
