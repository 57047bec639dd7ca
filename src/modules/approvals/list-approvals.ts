import { cutText } from '../../kernel/json.ts';
import { couldReview } from '../../kernel/approval/may-review.ts';
import type { ApprovalStatus, Reviewer } from '../../kernel/approval/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { ApprovalView } from './approval.ts';
import { readPanel, type ApprovalServices } from './services.ts';
import { JOINED, SHOWN, toViews, type ShownRow } from './show.ts';

export interface ListApprovalsQuery {
  readonly status?: ApprovalStatus;
  readonly agentId?: string;
  /** Those that wait for an answer of this person. */
  readonly mine?: boolean;
  /** 1 to 200, 50 when absent. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface ApprovalList {
  readonly approvals: readonly ApprovalView[];
  readonly nextCursor?: string;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Bytes of params that a list still carries: pages ask for it every few seconds. */
const LISTED_BYTES = 4_096;

/** One page, newest first, walked on an index from the cursor. */
export async function listApprovals(
  services: ApprovalServices,
  { workspaceId, personId }: { readonly workspaceId: string; readonly personId: string },
  query: ListApprovalsQuery,
): Promise<ApprovalList> {
  const limit = Math.min(Math.max(query.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const values: unknown[] = [workspaceId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['r.workspace_id = $1'];
  if (query.status !== undefined) where.push(`r.status = ${bind(query.status)}`);
  if (query.agentId !== undefined) where.push(`r.agent_id = ${bind(toAgentId(query.agentId))}::uuid`);
  if (query.mine === true) where.push(await toMine(services, workspaceId, personId, bind));
  if (query.cursor !== undefined) {
    const { at, id } = parseCursor(query.cursor);
    const created = `${bind(at)}::timestamptz`;
    where.push(
      `(r.created_at < ${created} OR (r.created_at = ${created} AND r.id > ${bind(id)}::uuid))`,
      `r.created_at <= ${created}`,
    );
  }
  const rows = await services.db.query<ShownRow & { created: string }>(
    `${SHOWN}, r.created_at::text AS created
     FROM (SELECT * FROM approval_request r WHERE ${where.join(' AND ')} ORDER BY r.created_at DESC, r.id LIMIT ${limit + 1}) r ${JOINED}
     ORDER BY r.created_at DESC, r.id`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const views = await toViews(services, services.db, workspaceId, shown);
  return {
    approvals: views.map((view, index) => toListed(view, shown[index])),
    ...(rows.length > limit && last !== undefined ? { nextCursor: toCursor(last.created, last.id) } : {}),
  };
}

function toListed(view: ApprovalView, row: ShownRow | undefined): ApprovalView {
  return row !== undefined && row.params.length > LISTED_BYTES ? { ...view, params: {}, paramsOmitted: true } : view;
}

/** The rule of the kernel's `mayReview`, with what is known of the person filled in; a test holds the two together. */
async function toMine(
  services: ApprovalServices,
  workspaceId: string,
  personId: string,
  bind: (value: unknown) => string,
): Promise<string> {
  const reviewer = await services.identity.findReviewer(services.db, personId);
  if (reviewer === undefined || !couldReview(reviewer)) return 'false';
  const { singleOperator } = await readPanel(services, services.db, workspaceId);
  return toMineSql(reviewer, singleOperator, bind);
}

function toMineSql({ personId, roles }: Reviewer, singleOperator: boolean, bind: (value: unknown) => string): string {
  const me = `${bind(personId)}::uuid`;
  const always = singleOperator || roles.includes('owner') || roles.includes('approver');
  return [
    `r.status = 'pending' AND r.expires_at > app_now()`,
    `(r.approvers IS NULL OR ${me} = ANY (r.approvers))`,
    `NOT EXISTS (SELECT FROM approval_review v WHERE v.request_id = r.id AND v.person_id = ${me})`,
    ...(singleOperator ? [] : [`NOT ${me} = ANY (r.conflicts)`]),
    ...(always ? [] : ['r.escalated_at IS NOT NULL']),
  ].join(' AND ');
}

function toAgentId(id: string): string {
  if (UUID.test(id)) return id;
  throw new AppError('not_found', `No agent has the id \`${cutText(id, 80)}\`. list_agents shows all.`);
}

function toCursor(created: string, id: string): string {
  return Buffer.from(`${created}|${id}`).toString('base64url');
}

function parseCursor(cursor: string): { at: string; id: string } {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (!isTime(at) || !UUID.test(id)) {
    throw new AppError(
      'invalid_input',
      'The `cursor` was not made by this list. Pass the `nextCursor` of the page before, or none for the first page.',
    );
  }
  return { at, id };
}

/** As the database writes it, of a day that there is. */
function isTime(text: string): boolean {
  const [, day = ''] = /^(\d{4}-\d\d-\d\d) \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d){0,2}$/.exec(text) ?? [];
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && !Number.isNaN(Date.parse(text));
}
