import type { Reviewer } from '../../kernel/approval/model.ts';
import { couldReview } from '../../kernel/approval/may-review.ts';
import type { Config } from '../../platform/config/index.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Outbox } from '../../platform/queue/index.ts';
import type { AuditService } from '../audit/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { NotificationsService } from '../notifications/index.ts';

/** What the parts of this module work with. */
export interface ApprovalServices {
  readonly db: Database;
  readonly audit: AuditService;
  readonly identity: IdentityService;
  readonly outbox: Outbox;
  readonly config: Config;
  readonly notifications: NotificationsService;
}

/** The people of a workspace who could answer requests, and whether one of them is alone. */
export interface Panel {
  readonly people: readonly (Reviewer & { readonly email: string })[];
  /** The mode is on and one person is alone. */
  readonly singleOperator: boolean;
  /** One person is alone, whether or not the mode is on. */
  readonly isAlone: boolean;
  /** Everybody is listed. */
  readonly isWhole: boolean;
}

/** So many are listed at most: where there are more, nobody is alone. */
const MAX_LISTED = 500;

export async function readPanel(
  { identity }: Pick<ApprovalServices, 'identity'>,
  db: Pick<Tx, 'query'>,
  workspaceId: string,
): Promise<Panel> {
  const people = await identity.listReviewers(db, workspaceId);
  const isWhole = people.length < MAX_LISTED;
  const isAlone = isWhole && people.filter(couldReview).length === 1;
  const singleOperator = isAlone && (await identity.isSingleOperator(db, workspaceId));
  return { people, isAlone, isWhole, singleOperator };
}
