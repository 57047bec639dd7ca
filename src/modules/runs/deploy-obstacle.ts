import type { Violation } from '../../kernel/policy/model.ts';
import type { Missing } from '../../kernel/run/model.ts';
import type { AgentVersion } from '../agents/index.ts';
import type { RunServices } from './run.ts';

/** Why a version cannot be in force: nothing, or not the right thing, is known of it. */
export interface Obstacle {
  readonly violations: readonly Violation[];
  readonly missing: readonly Missing[];
}

export async function findObstacle(
  services: RunServices,
  { agent, version, definition }: AgentVersion,
): Promise<Obstacle | undefined> {
  if (definition.missing.length > 0) return { violations: [], missing: definition.missing };
  const test = await services.agents.latestTest(agent.id, version);
  if (test === undefined) {
    const hint = 'Use test_agent: a version is deployed only after its test.';
    return { violations: [], missing: [{ what: `a test of version ${version}`, hint }] };
  }
  if (test.verdict !== 'failed') return undefined;
  const [row] = await services.db.query<{ violations: Violation[] | null }>(
    `SELECT report -> 'violations' AS violations FROM agent_test WHERE agent_id = $1 AND version = $2 ORDER BY created_at DESC LIMIT 1`,
    [agent.id, version],
  );
  const hint = 'Change what the test found, then use test_agent again.';
  return {
    violations: row?.violations ?? [],
    missing: [{ what: `a passed test: the last one of version ${version} failed`, hint }],
  };
}
