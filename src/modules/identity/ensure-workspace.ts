import { randomUUID } from 'node:crypto';
import type { WorkspaceId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/index.ts';
import { AppError } from '../../platform/errors/index.ts';

/** The workspace with this name, made in the time zone of this machine if it is not there. */
export async function ensureWorkspace(tx: Tx, name: string): Promise<WorkspaceId> {
  const select = 'SELECT id FROM workspace WHERE name = $1';
  const [found] = await tx.query<{ id: WorkspaceId }>(select, [name]);
  if (found !== undefined) return found.id;
  await tx.query('INSERT INTO workspace (id, name, timezone) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    randomUUID(),
    name,
    Intl.DateTimeFormat().resolvedOptions().timeZone,
  ]);
  const [made] = await tx.query<{ id: WorkspaceId }>(select, [name]);
  if (made === undefined) throw new AppError('internal', `The workspace \`${name}\` could not be made.`);
  return made.id;
}
