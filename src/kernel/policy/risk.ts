import type { Facts } from './facts.ts';
import type { Risk } from './model.ts';

const QUORUM: Record<Risk, number> = { low: 1, medium: 1, high: 2, critical: 2 };

/** Records from which on an action counts as one on many. */
const MANY_RECORDS = 100;

function isIrreversible({ action, url }: Facts): boolean {
  // A message cannot be taken back, and a method does not tell what a server makes of it: both are the contract's `medium`.
  if (action.operation === 'send') return false;
  if (action.kind === 'http') return url.unparsed || (url.privateNetwork && !url.allowlisted);
  return action.sideEffect !== 'none' && action.reversible !== 'yes';
}

/** How far an action reaches, which is not the severity of a rule. Unknown counts as the worst that it can be. */
export function toRisk(facts: Facts): Risk {
  const { action, environment, file, declared } = facts;
  if (!action.known || action.operation === 'pay' || action.operation === 'grant') return 'critical';
  const isProduction = environment === 'production' || environment === 'unknown';
  const isBulkDelete = action.operation === 'delete' && (file.recursive || file.wildcard);
  if (isProduction || isBulkDelete || declared.recordCount > MANY_RECORDS || isIrreversible(facts)) return 'high';
  return action.sideEffect === 'outside' || file.outsideRoots ? 'medium' : 'low';
}

/** How many people must approve by default. */
export function toQuorum(risk: Risk): number {
  return QUORUM[risk];
}
