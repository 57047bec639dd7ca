import type { Role } from '../../kernel/caller.ts';
import type { PersonId, WorkspaceId } from '../../kernel/ids.ts';

export const SIGN_IN_METHODS = ['code', 'link'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A person in a browser, as they stand at this request. */
export interface SignedIn {
  readonly workspaceId: WorkspaceId;
  readonly personId: PersonId;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly sessionId: string;
  /** `slack`: by an account that is linked to them, for one answer only. */
  readonly method: SignInMethod | 'slack';
  /** When they proved who they are. */
  readonly signedInAt: Date;
}
