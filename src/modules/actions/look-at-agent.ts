import type { Tx } from '../../platform/db/index.ts';
import { toQuestions } from './assumed-state.ts';
import type { HeldAction, Today } from './held-action.ts';
import { toPlaceArrays, toState } from './reserve.ts';
import { toAsked, type State } from './state-guard.ts';

export type AgentLook =
  | { readonly kind: 'may'; readonly state: State; readonly inForce: number }
  | { readonly kind: 'refused'; readonly reason: string };

interface Row {
  readonly outcome: 'no_agent' | 'halted' | 'run_over' | 'looked';
  readonly status: string;
  readonly name: string;
  readonly state: readonly string[] | null;
  readonly in_force: number;
}

/** Locks the agent as a decision does, and reads what is counted for it; whatever halts it halts what people approved for it. */
export async function lookAtAgent(tx: Tx, held: HeldAction, today: Today): Promise<AgentLook> {
  const questions = today.kind === 'ready' ? toQuestions(toAsked(today.prepared.policies), today.prepared) : [];
  const [row] = await tx.query<Row>('SELECT * FROM look_at_agent($1, $2, $3, $4, $5, $6)', [
    held.workspace_id,
    held.agent_id,
    held.run_id,
    ...toPlaceArrays(questions),
  ]);
  switch (row?.outcome) {
    case 'looked':
      return { kind: 'may', state: toState(row.state ?? [], questions), inForce: row.in_force };
    case 'halted':
      return { kind: 'refused', reason: `The agent \`${row.name}\` is ${row.status}.` };
    case 'run_over':
      return { kind: 'refused', reason: `The run is ${row.status}.` };
    default:
      return { kind: 'refused', reason: 'The agent is gone.' };
  }
}
