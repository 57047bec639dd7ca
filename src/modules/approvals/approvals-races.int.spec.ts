import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import {
  addAgent,
  addPerson,
  ask,
  readEvents,
  readRecord,
  startNode,
  until,
  type Asked,
  type Node,
} from '../../../test/support/approvals.ts';
import { hasRedis, NO_REDIS, startRedis, type TestRedis } from '../../../test/support/redis.ts';
import { mayBecome } from '../../kernel/approval/transitions.ts';
import type { ApprovalStatus } from '../../kernel/approval/model.ts';
import { AppError } from '../../platform/errors/index.ts';
import type { SignedIn } from '../identity/index.ts';

const ROUNDS = 500;
const AT_ONCE = 8;

let database: TestDatabase;
let nodes: Node[];
let agentId: string;
let people: SignedIn[];

const backends = [
  { name: 'Postgres', isRedis: false, isThere: true },
  { name: hasRedis ? 'Redis' : NO_REDIS, isRedis: true, isThere: hasRedis },
];

const at = (index: number): Node => nodes[index % nodes.length]!;
const who = (index: number): SignedIn => people[index]!;

async function askMany(quorum: number): Promise<Asked[]> {
  return inTurns(Array.from({ length: ROUNDS }), (_, index) =>
    ask(at(index), agentId, { ruleRequirements: [{ quorum }] }),
  );
}

/** Some at once, so that many requests race in a short time. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const turn = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  return results;
}

async function review(index: number, { id, actionHash }: Asked, verdict: 'approve' | 'deny'): Promise<string> {
  const result = await at(index).approvals.review(who(index), id, { verdict, actionHash, channel: 'console' });
  return result.kind === 'refused' ? result.code : result.counted ? 'counted' : 'repeated';
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : String(error));

async function statuses(ids: readonly string[]): Promise<Map<string, ApprovalStatus>> {
  const rows = await at(0).db.query<{ id: string; status: ApprovalStatus }>(
    'SELECT id, status FROM approval_request WHERE id = ANY($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, status }) => [id, status]));
}

/** History, record and row tell the same, and only along the life of a request. */
async function expectOneStory(asked: readonly Asked[]): Promise<void> {
  await at(0).audit.list(at(0).caller, { limit: 1 });
  const [events, record, ends] = await Promise.all([
    readEvents(at(0)),
    readRecord(at(0)),
    statuses(asked.map(({ id }) => id)),
  ]);
  for (const { id } of asked) {
    const told = events.get(id) ?? [];
    expect(
      record
        .get(id)
        ?.map((kind) => (kind === 'requested' ? 'opened' : kind))
        ?.toSorted(),
    ).toEqual(told.toSorted());
    const path = told.filter(
      (kind) => !['opened', 'reviewed'].includes(kind) && !kind.endsWith('_refused'),
    ) as ApprovalStatus[];
    let status: ApprovalStatus = 'pending';
    for (const next of path) {
      expect(mayBecome(status, next)).toBe(true);
      status = next;
    }
    expect(ends.get(id)).toBe(status);
  }
}

describe.each(backends)('answers at the same moment, with the queue on $name', ({ isRedis, isThere }) => {
  const check = isThere ? test : test.skip;
  let redis: TestRedis | undefined;

  beforeAll(async () => {
    if (!isThere) return;
    database = await createTestDatabase();
    if (isRedis) redis = await startRedis();
    const queue = redis === undefined ? {} : { redisUrl: redis.url };
    nodes = [];
    for (let n = 0; n < 3; n++) nodes.push(await startNode(database.url, queue));
    agentId = await addAgent(at(0));
    people = [];
    for (const name of ['ada', 'bo', 'cy']) people.push(await addPerson(at(0), name));
  }, 30_000);
  afterAll(async () => {
    if (!isThere) return;
    for (const node of nodes) await node.close();
    await redis?.stop();
    await database.drop();
  });

  describe.each([1, 2, 3])('three people approve at the same moment, quorum %i', (quorum) => {
    check(
      `${ROUNDS} times one resolution, and everybody is told the truth`,
      async () => {
        const asked = await askMany(quorum);
        const answers = await inTurns(asked, (one) =>
          Promise.all([0, 1, 2].map((index) => review(index, one, 'approve'))),
        );
        const expected = [0, 1, 2].map((n) => (n < quorum ? 'counted' : 'already_decided')).toSorted();
        for (const round of answers) expect(round.toSorted()).toEqual(expected);
        expect([...(await statuses(asked.map(({ id }) => id))).values()]).toEqual(Array(ROUNDS).fill('approved'));
        const events = await readEvents(at(0));
        for (const { id } of asked) {
          const told = events.get(id)?.toSorted();
          const refused = Array<string>(3 - quorum).fill('review_refused');
          expect(told).toEqual(
            ['opened', 'approved', ...Array<string>(quorum).fill('reviewed'), ...refused].toSorted(),
          );
        }
        await expectOneStory(asked);
        const told = () => new Set(nodes.flatMap(({ resolved }) => resolved));
        await until(() => asked.every(({ id }) => told().has(id)));
      },
      120_000,
    );
  });

  check(
    `approve, deny, cancel and revoke at the same moment: ${ROUNDS} times one legal ending, and the others hear it`,
    async () => {
      const asked = await askMany(1);
      const olga = await addPerson(at(0), 'olga', ['owner']);
      const rounds = await inTurns(asked, async (one) => {
        const ending = (work: Promise<void>): Promise<string> => work.then(() => 'counted', codeOf);
        const [approve, deny, cancel, revoke] = await Promise.all([
          review(0, one, 'approve'),
          review(1, one, 'deny'),
          ending(at(2).approvals.cancel(at(2).caller, one.id)),
          ending(at(0).approvals.revoke(olga, one.id)),
        ]);
        return { approve, deny, cancel, revoke };
      });
      const ends = await statuses(asked.map(({ id }) => id));
      rounds.forEach(({ approve, deny, cancel, revoke }, index) => {
        const status = ends.get(asked[index]!.id);
        const wins = { approved: approve, denied: deny, cancelled: cancel };
        expect(Object.values(wins).toSorted()).toEqual(['already_decided', 'already_decided', 'counted']);
        if (revoke === 'counted') expect([status, approve]).toEqual(['revoked', 'counted']);
        else expect([revoke, wins[status as keyof typeof wins]]).toEqual(['already_decided', 'counted']);
      });
      // A race that always ends the same way is none.
      expect(new Set(ends.values()).size).toBeGreaterThan(1);
      await expectOneStory(asked);
    },
    120_000,
  );

  check('of one person on many devices at once one answer counts', async () => {
    const asked = await inTurns(Array.from({ length: 50 }), () =>
      ask(at(0), agentId, { ruleRequirements: [{ quorum: 2 }] }),
    );
    const answers = await inTurns(asked, ({ id, actionHash }) =>
      Promise.all(
        (['console', 'slack', 'email'] as const).map(async (channel, index) => {
          const result = await at(index).approvals.review(who(0), id, { verdict: 'approve', actionHash, channel });
          return result.kind === 'answered' && result.counted;
        }),
      ),
    );
    for (const round of answers) expect(round.filter(Boolean)).toHaveLength(1);
    expect(new Set((await statuses(asked.map(({ id }) => id))).values())).toEqual(new Set(['pending']));
  });
});
