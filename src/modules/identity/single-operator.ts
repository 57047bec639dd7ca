import { AppError } from '../../platform/errors/index.ts';
import { isSingleOperator, type Reader } from './reviewers.ts';
import type { Desk } from './sign-in.ts';
import type { SignedIn } from './signed-in.ts';

export interface SingleOperator {
  readonly on: boolean;
  /** Exactly one active person could review anything: only then the mode counts. */
  readonly possible: boolean;
}

export async function readSingleOperator(reader: Reader, workspaceId: string): Promise<SingleOperator> {
  const on = await isSingleOperator(reader, workspaceId);
  const able = await reader.query(
    `SELECT 1 FROM person WHERE workspace_id = $1 AND active AND roles && '{owner,admin,approver}' LIMIT 2`,
    [workspaceId],
  );
  return { on, possible: able.length === 1 };
}

/** Switches it: an owner may, and on only while nobody else could answer. */
export async function setSingleOperator({ db, audit }: Desk, person: SignedIn, on: boolean): Promise<SingleOperator> {
  const { workspaceId, personId } = person;
  if (!person.roles.includes('owner')) {
    throw new AppError('forbidden', 'Only a person with the role `owner` may change the single-operator mode.');
  }
  return db.transaction(async (tx) => {
    const present = await readSingleOperator(tx, workspaceId);
    if (on && !present.possible) {
      throw new AppError(
        'conflict',
        'The single-operator mode is for workspaces where one person alone could answer; here others can. Ask one of them.',
      );
    }
    if (on === present.on) return present;
    await tx.query(
      `INSERT INTO workspace_setting (workspace_id, single_operator) VALUES ($1, $2)
       ON CONFLICT (workspace_id) DO UPDATE SET single_operator = excluded.single_operator, updated_at = app_now()`,
      [workspaceId, on],
    );
    await audit.append(tx, {
      workspaceId,
      kind: 'workspace.changed',
      actor: `person:${personId}`,
      outcome: 'succeeded',
      data: { singleOperator: on },
    });
    return { ...present, on };
  });
}
