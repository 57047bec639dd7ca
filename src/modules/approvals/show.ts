import { applyReview } from '../../kernel/approval/apply-review.ts';
import { couldReview, mayReview } from '../../kernel/approval/may-review.ts';
import type { ApprovalState, Reviewer } from '../../kernel/approval/model.ts';
import { findStepUp } from '../../kernel/approval/step-up.ts';
import { tally, toEffective } from '../../kernel/approval/tally.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { linkBase } from '../../platform/config/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { ApprovalPage, ApprovalView } from './approval.ts';
import { mayCancel } from './end-request.ts';
import { readClock, readReviews } from './lock.ts';
import { toObstacle } from './obstacle.ts';
import { toEligibility, toProof, toState } from './eligibility.ts';
import type { SignedIn } from '../identity/index.ts';
import type { DeliveryView } from '../notifications/index.ts';
import { toRefusalText } from './refusal-text.ts';
import { toCounted, toRow, type ApprovalRow, type SqlRow, type StoredReview } from './row.ts';
import { readPanel, type ApprovalServices, type Panel } from './services.ts';

type Db = Pick<Tx, 'query'>;

export interface ShownRow extends SqlRow {
  readonly agent_name: string;
  readonly agent_task: string;
  readonly execution: ApprovalView['execution'] | null;
}

/** What a view needs of a request beside its row `r`. */
export const SHOWN = `SELECT r.*, a.name AS agent_name, a.task AS agent_task, x.execution`;
export const JOINED = 'JOIN agent a ON a.id = r.agent_id LEFT JOIN action x ON x.id = r.action_id';

interface Scene {
  readonly panel: Panel;
  readonly reviewers: ReadonlyMap<string, Reviewer>;
  readonly emails: ReadonlyMap<string, string>;
  readonly reviews: ReadonlyMap<string, readonly StoredReview[]>;
  readonly deliveries: ReadonlyMap<string, readonly DeliveryView[]>;
}

const MAX_NAMED = 100;

/** Requests as tools and lists show them: a fixed number of queries, however many they are. */
export async function toViews(
  services: ApprovalServices,
  db: Db,
  workspaceId: string,
  shown: readonly ShownRow[],
): Promise<ApprovalView[]> {
  if (shown.length === 0) return [];
  const now = await readClock(db);
  const scene = await readScene(services, db, workspaceId, shown);
  return shown.map((row) => toView(services, toRow(row, now), row, scene));
}

async function readScene(
  services: ApprovalServices,
  db: Db,
  workspaceId: string,
  shown: readonly ShownRow[],
): Promise<Scene> {
  const panel = await readPanel(services, db, workspaceId);
  const ids = shown.map(({ id }) => id);
  const reviews = await readReviews(db, ids);
  const deliveries = await services.notifications.list(db, ids);
  const people = new Set([...reviews.values()].flat().map(({ personId }) => personId));
  for (const { on_behalf_of, requested_by, ended_by, approvers } of shown) {
    for (const id of [on_behalf_of, personOf(requested_by), personOf(ended_by), ...(approvers ?? [])])
      if (id) people.add(id);
  }
  const emails = await services.identity.emails(db, [...people]);
  return {
    panel,
    reviewers: new Map(panel.people.map((person) => [person.personId, person])),
    emails,
    reviews,
    deliveries,
  };
}

function personOf(actor: string | null): string | undefined {
  return actor?.startsWith('person:') === true ? actor.slice('person:'.length) : undefined;
}

/** An actor as people know it. */
function nameOf(actor: string, emails: ReadonlyMap<string, string>, agentName: string): string {
  const personId = personOf(actor);
  if (personId !== undefined) return emails.get(personId) ?? actor;
  return actor.startsWith('agent:') ? `agent:${agentName}` : actor;
}

function toShownState(services: ApprovalServices, row: ApprovalRow, scene: Scene): ApprovalState {
  return toState(services, row, scene.panel, toCounted(scene.reviews.get(row.id) ?? [], scene.reviewers));
}

function toView(services: ApprovalServices, row: ApprovalRow, shown: ShownRow, scene: Scene): ApprovalView {
  const { emails } = scene;
  const reviews = scene.reviews.get(row.id) ?? [];
  const state = toShownState(services, row, scene);
  const isLive = row.status === 'pending' || row.status === 'approved';
  const { quorum, groups } = row.status === 'pending' ? toEffective(row.requirement, state) : row.requirement;
  const approvers = toApprovers(row, scene);
  const obstacle = toObstacle(row, scene.panel, state.reviews);
  const onBehalfOf = row.onBehalfOf === undefined ? undefined : emails.get(row.onBehalfOf);
  return {
    ...{ id: row.id, status: row.status, purpose: row.purpose, agentId: row.agentId, agentName: shown.agent_name },
    ...(row.runId === undefined ? {} : { runId: row.runId }),
    ...{ action: row.actionType, params: toParams(row.params), actionHash: row.actionHash, target: row.target },
    ...{ description: row.description, riskLevel: row.risk, requiredApprovals: quorum, requiredGroups: groups },
    // What has ended shows who approved it then, whoever may still do so.
    approvals: isLive
      ? tally(row.requirement, state, state.reviews).approvals
      : reviews.filter(({ verdict }) => verdict === 'approve').length,
    requestedBy: nameOf(row.requestedBy, emails, shown.agent_name),
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ...(row.resolvedAt === undefined ? {} : { resolvedAt: row.resolvedAt.toISOString() }),
    ...(row.endReason === undefined ? {} : { endReason: row.endReason }),
    reviews: reviews.map(({ personId, verdict, channel, reason, at, singleOperator }) => ({
      ...{ email: emails.get(personId) ?? personId, verdict, channel, at: at.toISOString() },
      ...(reason === undefined ? {} : { reason }),
      ...(singleOperator ? { singleOperator: true as const } : {}),
    })),
    approvers,
    ...(obstacle === undefined ? {} : { obstacle }),
    ...(shown.execution ? { execution: shown.execution } : {}),
    url: `${linkBase(services.config)}/approvals/${row.id}`,
    // The console shows a request to whoever may answer it.
    notifications: [
      ...approvers
        .filter(({ eligible }) => eligible)
        .map(({ email }) => ({ channel: 'console', to: email, status: 'shown' })),
      ...(scene.deliveries.get(row.id) ?? []),
    ],
  };
}

function toParams(bytes: Uint8Array): JsonObject {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : { value: value as JsonObject[string] };
}

function toApprovers(row: ApprovalRow, { panel, reviewers, emails }: Scene): ApprovalView['approvers'] {
  const eligibility = toEligibility(row, panel);
  const asked: (Reviewer & { email: string })[] =
    row.approvers === undefined
      ? panel.people.filter(couldReview)
      : row.approvers.map((personId) => ({
          ...(reviewers.get(personId) ?? { personId, active: false, roles: [], groups: [] }),
          email: emails.get(personId) ?? personId,
        }));
  return asked.slice(0, MAX_NAMED).map((person) => {
    const refusal = mayReview(person, eligibility);
    if (refusal === undefined) return { email: person.email, eligible: true };
    return { email: person.email, eligible: false, reason: toRefusalText(refusal, row, person) };
  });
}

/** One request as its page shows it to one person, or undefined. */
export async function toPage(
  services: ApprovalServices,
  db: Db,
  person: SignedIn,
  approvalId: string,
): Promise<ApprovalPage | undefined> {
  const [shown] = await db.query<ShownRow>(
    `${SHOWN} FROM approval_request r ${JOINED} WHERE r.id = $1 AND r.workspace_id = $2`,
    [approvalId, person.workspaceId],
  );
  if (shown === undefined) return undefined;
  const row = toRow(shown, await readClock(db));
  const scene = await readScene(services, db, person.workspaceId, [shown]);
  return {
    ...toView(services, row, shown, scene),
    evidence: row.evidence,
    ...(row.prose === undefined ? {} : { prose: row.prose }),
    agentTask: shown.agent_task,
    ...(await readHistory(services, db, row, shown.agent_name)),
    you: await toYou(services, db, person, row, scene),
    now: row.now.toISOString(),
  };
}

async function toYou(
  services: ApprovalServices,
  db: Db,
  person: SignedIn,
  row: ApprovalRow,
  scene: Scene,
): Promise<ApprovalPage['you']> {
  const { personId } = person;
  const me = (await services.identity.findReviewer(db, personId)) ?? { personId, active: false, roles: [], groups: [] };
  const state = toShownState(services, row, scene);
  const review = { reviewer: me, actionHash: row.actionHash, channel: 'console', proof: toProof(person) } as const;
  // Denying asks for the least: whoever may not even deny may not answer at all.
  const outcome = applyReview(state, { ...review, verdict: 'deny' }, row.now);
  const refusal = outcome.kind === 'refused' ? outcome.code : undefined;
  const stepUp = findStepUp(state, { ...review, verdict: 'approve' }, row.now);
  const rules = me.active && (me.roles.includes('owner') || me.roles.includes('admin'));
  const isAlone = scene.panel.isAlone && !scene.panel.singleOperator && me.active && me.roles.includes('owner');
  return {
    mayReview: refusal === undefined,
    ...(refusal === undefined ? {} : { refusal, message: toRefusalText(refusal, row, me) }),
    ...(refusal === undefined && stepUp !== undefined ? { stepUp } : {}),
    mayCancel: row.status === 'pending' && mayCancel(row, `person:${personId}`, personId, me.active ? me.roles : []),
    mayRevoke: row.status === 'approved' && (rules || mayReview(me, state) === undefined),
    singleOperatorOffered: isAlone && refusal === 'self_review',
  };
}

const SHOWN_EVENTS = 250;

/** The beginning and the end: how it came out is shown however much happened between. */
async function readHistory(
  { identity }: ApprovalServices,
  db: Db,
  { id }: ApprovalRow,
  agentName: string,
): Promise<Pick<ApprovalPage, 'history' | 'historyIsCut'>> {
  const found = await db.query<{ at: Date; kind: string; actor: string; data: JsonObject }>(
    `SELECT at, kind, actor, data FROM (
       (SELECT * FROM approval_event WHERE request_id = $1 ORDER BY id LIMIT ${SHOWN_EVENTS})
       UNION (SELECT * FROM approval_event WHERE request_id = $1 ORDER BY id DESC LIMIT ${SHOWN_EVENTS + 1})) AS e ORDER BY id`,
    [id],
  );
  const isCut = found.length > 2 * SHOWN_EVENTS;
  const rows = isCut ? found.toSpliced(SHOWN_EVENTS, 1) : found;
  const emails = await identity.emails(db, [...new Set(rows.flatMap(({ actor }) => personOf(actor) ?? []))]);
  return {
    history: rows.map(({ at, kind, actor, data }) => ({
      ...{ at: at.toISOString(), kind, data },
      actor: nameOf(actor, emails, agentName),
    })),
    ...(isCut ? { historyIsCut: true } : {}),
  };
}
