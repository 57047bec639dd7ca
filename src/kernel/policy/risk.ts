import type { Facts } from './facts.ts';
import type { Risk } from './model.ts';

const QUORUM: Record<Risk, number> = { low: 1, medium: 1, high: 2, critical: 2 };

/** Records from which on an action counts as one on many. */
const MANY_RECORDS = 100;
const READING = ['read', 'list'];
const BACKUP = /(?:^|[^a-z])(?:backups?|snapshots?|archives?)(?:[^a-z]|$)/i;

/** Money, rights, accounts and backups: what cannot be made good again. */
function isGrave({ action, storage, sql, shell }: Facts): boolean {
  if (!action.known || ['pay', 'grant'].includes(action.operation) || action.credentialChange || action.ownControls)
    return true;
  const dropsDatabase =
    sql.operations.includes('drop') && ['database', 'schema'].some((each) => sql.objects.includes(each));
  const deletesBackup =
    action.operation === 'delete' && [storage.bucket, storage.key].some((name) => BACKUP.test(name));
  return dropsDatabase || deletesBackup || shell.destructive;
}

function isIrreversible({ action, url }: Facts): boolean {
  // A message cannot be taken back, and a method does not tell what a server makes of it: both are the contract's `medium`.
  if (action.operation === 'send') return false;
  if (action.kind === 'http') return url.unparsed || (url.privateNetwork && !url.allowlisted);
  return action.sideEffect !== 'none' && action.reversible !== 'yes';
}

function isBulk({ action, file, records, declared }: Facts): boolean {
  const deletesUncounted = action.operation === 'delete' && (file.recursive || file.wildcard || !records.known);
  return deletesUncounted || records.count > MANY_RECORDS || declared.recordCount > MANY_RECORDS;
}

/** How far an action reaches, which is not the severity of a rule. Unknown counts as the worst that it can be. */
export function toRisk(facts: Facts): Risk {
  const { action, file, sql, shell } = facts;
  if (isGrave(facts)) return 'critical';
  // A read that is none: what cannot be read may do anything.
  const isUnread = (sql.present && !sql.parsed) || (shell.present && !shell.parsed);
  if (action.production || isUnread || isBulk(facts) || isIrreversible(facts)) return 'high';
  const isInternalMessage = action.operation === 'send' && !action.external;
  const leaves = action.sideEffect === 'outside' || (action.external && !READING.includes(action.operation));
  return (leaves && !isInternalMessage) || file.outsideRoots ? 'medium' : 'low';
}

/** How many people must approve by default. */
export function toQuorum(risk: Risk): number {
  return QUORUM[risk];
}

/** What makes the risk what it is, in words; the heaviest first. */
export function toRiskReasons(facts: Facts): string[] {
  const { action, file, sql, shell, records, declared, storage } = facts;
  const isDelete = action.operation === 'delete';
  const reasons: readonly (readonly [boolean, string])[] = [
    [!action.known, 'nobody knows what this kind of action does'],
    [action.operation === 'pay', 'it moves money'],
    [action.operation === 'grant', 'it gives rights'],
    [action.credentialChange, 'it changes a credential'],
    [action.ownControls, 'it changes what controls the agent itself'],
    [sql.operations.includes('drop'), 'it drops a part of a database'],
    [isDelete && [storage.bucket, storage.key].some((name) => BACKUP.test(name)), 'it deletes a backup'],
    [shell.destructive, 'a command in it destroys data'],
    [action.production, 'it acts in production'],
    [sql.present && !sql.parsed, 'the SQL in it cannot be read'],
    [shell.present && !shell.parsed, 'a command in it cannot be read'],
    [records.count > MANY_RECORDS, `it concerns ${records.count} records`],
    [declared.recordCount > MANY_RECORDS, `its author says that it concerns ${declared.recordCount} records`],
    [isDelete && file.recursive, 'it deletes a folder with all that is in it'],
    [isDelete && file.wildcard, 'it deletes by a pattern'],
    [isDelete && !records.known && !file.recursive && !file.wildcard, 'it deletes nobody knows how much'],
    [isIrreversible(facts), 'it cannot be undone, or nobody knows how'],
    [action.sideEffect === 'outside' && action.operation !== 'send', 'another system may change'],
    [action.operation === 'send' && action.external, 'somebody outside is told something'],
    [action.external && !READING.includes(action.operation) && action.operation !== 'send', 'data leave the workspace'],
    [action.external && READING.includes(action.operation), 'it asks a place outside for something'],
    [file.outsideRoots, 'it reaches outside the allowed folders'],
  ];
  const found = reasons.flatMap(([holds, text]) => (holds ? [text] : []));
  return found.length > 0 ? found : ['it can be undone and stays inside'];
}
