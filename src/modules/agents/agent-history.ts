import type { AgentDefinition } from '../../kernel/run/model.ts';
import type { Prisma } from '../../platform/db/index.ts';
import type { AgentRecord } from './agent.ts';

const SHOWN = 20;

export interface AgentHistory extends AgentRecord {
  readonly schedule?: {
    readonly cron: string;
    readonly timezone: string;
    readonly active: boolean;
    readonly nextRunAt: string;
  };
  /** Newest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly hash: string;
    readonly createdAt: string;
    readonly definition: AgentDefinition;
    readonly tests: readonly { readonly verdict: string; readonly scenario: string; readonly at: string }[];
    readonly deployments: readonly {
      readonly id: string;
      readonly environment: string;
      readonly status: string;
      readonly at: string;
    }[];
  }[];
}

/** One nested read instead of a query for each version. */
export async function readHistory(prisma: Prisma, agent: AgentRecord): Promise<AgentHistory> {
  const newest = { orderBy: { createdAt: 'desc' }, take: SHOWN } as const;
  const { schedule, versions } = await prisma.agent.findUniqueOrThrow({
    where: { id: agent.id },
    select: {
      schedule: true,
      versions: { orderBy: { version: 'desc' }, take: SHOWN, include: { tests: newest, deployments: newest } },
    },
  });
  return {
    ...agent,
    ...(schedule === null ? {} : { schedule: toSchedule(schedule) }),
    versions: versions.map(({ version, definitionHash, createdAt, definition, tests, deployments }) => ({
      version,
      hash: definitionHash,
      createdAt: createdAt.toISOString(),
      definition: definition as unknown as AgentDefinition,
      tests: tests.map((test) => ({
        verdict: test.verdict,
        scenario: test.scenario,
        at: test.createdAt.toISOString(),
      })),
      deployments: deployments.map((each) => ({
        id: each.id,
        environment: each.environment,
        status: each.status,
        at: each.createdAt.toISOString(),
      })),
    })),
  };
}

function toSchedule({
  cron,
  timezone,
  active,
  nextRunAt,
}: {
  cron: string;
  timezone: string;
  active: boolean;
  nextRunAt: Date;
}) {
  return { cron, timezone, active, nextRunAt: nextRunAt.toISOString() };
}
