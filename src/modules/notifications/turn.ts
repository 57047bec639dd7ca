import type { Channel } from './channel.ts';
import type { NotificationServices } from './services.ts';

/** Digests are of several agents: they are one more in the row. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

interface Due {
  readonly id: string;
  readonly agent: string;
}

/** Which agent had the last turn of a channel. */
const lastTurns = new WeakMap<Channel, string>();

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
  lastTurns.set(channel, next.agent);
  return wanted !== undefined && (wanted.agentId ?? NOBODY) === next.agent ? wanted.id : next.id;
}

/** The oldest that is due of the agent after the last one, in the order of their ids, which begins anew at its end. */
export async function findTurn({ db }: Pick<NotificationServices, 'db'>, channel: Channel): Promise<Due | undefined> {
  const agent = `coalesce(agent_id, '${NOBODY}')`;
  const due = `SELECT id, ${agent} AS agent FROM delivery
    WHERE channel = $1 AND status = 'pending' AND not_before IS NOT NULL AND not_before <= app_now()`;
  const first = `ORDER BY ${agent}, not_before LIMIT 1`;
  const [next] = await db.query<Due>(
    `SELECT * FROM ((${due} AND ${agent} > $2 ${first}) UNION ALL (${due} ${first})) AS each ORDER BY agent > $2 DESC LIMIT 1`,
    [channel.kind, lastTurns.get(channel) ?? NOBODY],
  );
  return next;
}
