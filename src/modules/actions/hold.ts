import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { StateFacts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy, Decision } from '../../kernel/policy/model.ts';
import { toRisk, toRiskReasons } from '../../kernel/policy/risk.ts';
import type { Raise } from '../../kernel/approval/to-requirement.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalsService, OpenedApproval, OpenRequest } from '../approvals/index.ts';
import type { ActionRequest, ActionResult } from './action.ts';
import type { Prepared } from './prepared.ts';
import { toBytes } from './reserve.ts';
import { toStateFacts, type State } from './state-guard.ts';

/** What beside its params makes a held action what it is: who carries it out later has nothing else. */
export interface HeldContext extends Pick<ActionRequest, 'facts' | 'trigger' | 'timeoutMs' | 'provenance'> {
  readonly personId: string;
  readonly keyCreatorId?: PersonId;
}

/** Asks people about an action that was just recorded as held. */
export async function hold(
  tx: Tx,
  approvals: ApprovalsService,
  caller: Caller,
  prepared: Prepared,
  { actionId, decision, state }: { readonly actionId: string; readonly decision: Decision; readonly state: State },
): Promise<ActionResult> {
  const { request } = prepared;
  const opened = await approvals.open(tx, {
    ...toAsked(caller, prepared, decision, toStateFacts(state)),
    purpose: 'action',
    ...(request.run === undefined ? {} : { runId: request.run.runId }),
    actionId,
    description: toQuestionText(prepared, decision),
  });
  const { facts, trigger, timeoutMs, provenance } = request;
  const { personId, keyCreatorId } = caller;
  const context = { facts, trigger, timeoutMs, provenance, personId, keyCreatorId };
  const bytes = Buffer.from(canonicalize(JSON.parse(JSON.stringify(context)) as Json), 'utf8');
  await tx.query('UPDATE action SET approval_id = $2, context = $3, awaits_answer = $4 WHERE id = $1', [
    actionId,
    opened.approvalId,
    bytes,
    request.run === undefined,
  ]);
  return toHeld(actionId, decision, opened);
}

export function toHeld(actionId: string, decision: Decision, opened: OpenedApproval): ActionResult {
  const { requirement, ...held } = opened;
  const requiredApprovals = held.singleOperator === 'on' ? 1 : requirement.quorum;
  return { kind: 'held', actionId, requiredApprovals, decision, ...held };
}

/** What people are asked about an action, whatever for. */
export function toAsked(
  caller: Caller,
  prepared: Prepared,
  decision: Decision,
  state: StateFacts,
): Omit<OpenRequest, 'purpose' | 'description'> {
  const { request, judged, executedHash, target } = prepared;
  const facts = { ...judged.facts, ...state };
  const { violations, redactions, policyVersions } = decision;
  return {
    workspaceId: caller.workspaceId,
    agentId: request.agentId,
    actionType: request.type,
    params: toBytes(judged.params),
    actionHash: executedHash,
    target,
    risk: toRisk(facts),
    evidence: { violations, redactions, riskReasons: toRiskReasons(facts), policyVersions },
    ruleRequirements: toRaises(prepared, decision),
    requestedBy: toActor(caller),
    onBehalfOf: caller.personId,
    conflicts: toConflicts(caller, prepared.authors),
  };
}

/** Nobody judges what they asked for, what they wrote, or what a key of theirs asked for. */
export function toConflicts({ personId, keyCreatorId }: Caller, authors: readonly string[]): string[] {
  return [...new Set([personId, ...authors, ...(keyCreatorId === undefined ? [] : [keyCreatorId])])];
}

/** What the matching rules and the agent ask of approvals. */
export function toRaises({ policies, raises }: Prepared, { violations }: Decision): Raise[] {
  const asked = violations.flatMap((violation) => {
    const rules = policies.flatMap((policy) => (isOf(policy, violation) ? policy.rules : []));
    return rules.find(({ name }) => name === violation.rule)?.approval ?? [];
  });
  return [...raises, ...asked];
}

function isOf({ id, version }: CompiledPolicy, violation: Decision['violations'][number]): boolean {
  return id === violation.policy && (violation.version === undefined || violation.version === version);
}

/** What somebody has to judge: the action and its target first, then why it is asked. */
function toQuestionText({ request, target }: Prepared, { violations }: Decision): string {
  const what = target === '' ? request.type : `${request.type} ${target}`;
  return `${what}: ${violations[0]?.message ?? 'a policy asks for approval.'}`;
}

export function fromBytes(bytes: Uint8Array | null): JsonObject {
  return bytes === null ? {} : (JSON.parse(Buffer.from(bytes).toString('utf8')) as JsonObject);
}
