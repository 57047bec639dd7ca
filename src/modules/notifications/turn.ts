import type { Channel } from './channel.ts';
import type { NotificationServices } from './services.ts';

/** Digests are of several agents: they are one more in the row. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const AGENTS = 200;
const REMEMBERED = 1_000;

interface Due {
  readonly id: string;
  readonly agent: string;
  readonly not_before: Date;
}

/** When each agent had its last turn, by channel: a count, not a time. */
const turns = new WeakMap<Channel, Map<string, number>>();
let count = 0;

export interface Wanted {
  readonly id: string;
  readonly agentId: string | null;
}

/**
 * Whose turn it is: what is due goes out agent by agent, so that one that has much to say keeps nobody waiting for more than one notice of each
 * other agent. `wanted` is preferred where it is the turn of its agent.
 */
export async function takeTurn(
  services: Pick<NotificationServices, 'db'>,
  channel: Channel,
  wanted?: Wanted,
): Promise<string | undefined> {
  const next = await findTurn(services, channel);
  if (next === undefined) return undefined;
  const served = servedOf(channel);
  if (served.size >= REMEMBERED) served.clear();
  served.set(next.agent, ++count);
  return wanted !== undefined && (wanted.agentId ?? NOBODY) === next.agent ? wanted.id : next.id;
}

function servedOf(channel: Channel): Map<string, number> {
  const served = turns.get(channel) ?? new Map<string, number>();
  turns.set(channel, served);
  return served;
}

/** The oldest that is due of the agent that has waited longest for its turn. */
export async function findTurn({ db }: Pick<NotificationServices, 'db'>, channel: Channel): Promise<Due | undefined> {
  const agent = `coalesce(agent_id, '${NOBODY}')`;
  const due = `SELECT id, ${agent} AS agent, not_before FROM delivery
    WHERE channel = $1 AND status = 'pending' AND not_before IS NOT NULL AND not_before <= app_now()`;
  const first = `ORDER BY ${agent}, not_before LIMIT 1`;
  const rows = await db.query<Due>(
    `WITH RECURSIVE each AS ((${due} ${first})
       UNION ALL SELECT next.* FROM each, LATERAL (${due} AND ${agent} > each.agent ${first}) AS next)
     SELECT * FROM each LIMIT ${AGENTS}`,
    [channel.kind],
  );
  const served = servedOf(channel);
  const turnOf = ({ agent: who }: Due): number => served.get(who) ?? 0;
  const [next] = rows.sort((a, b) => turnOf(a) - turnOf(b) || a.not_before.getTime() - b.not_before.getTime());
  return next;
}
