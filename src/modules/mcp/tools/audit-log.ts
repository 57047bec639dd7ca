import { z } from 'zod';
import { bullets, code, fields, page, section, table } from '../markdown.ts';
import { AgentRef, Cursor, Decision } from '../schemas.ts';
import { defineTool, READS, type View } from '../tool.ts';

const OUTCOMES = ['allowed', 'denied', 'held', 'succeeded', 'failed', 'unknown'] as const;
const Time = z.iso.datetime({ offset: true });

const Input = z.strictObject({
  agentId: AgentRef.exactOptional(),
  startTime: Time.exactOptional().describe('ISO 8601 with zone, such as `2026-11-22T09:00:00Z`'),
  endTime: Time.exactOptional(),
  actionFilter: z
    .string()
    .min(1)
    .max(100)
    .exactOptional()
    .describe('Beginning of the kind of entry, such as `action.` or `run.ended`'),
  outcome: z.enum(OUTCOMES).exactOptional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: Cursor.exactOptional(),
});

const Output = z.object({
  entries: z.array(
    z.object({
      seq: z.number(),
      id: z.string(),
      at: z.string(),
      kind: z.string(),
      actor: z.string(),
      agentId: z.string().exactOptional(),
      runId: z.string().exactOptional(),
      action: z.object({ id: z.string(), type: z.string() }).exactOptional(),
      outcome: z.enum(OUTCOMES),
      decision: Decision.exactOptional(),
    }),
  ),
  counts: z.object({
    allowed: z.number(),
    denied: z.number(),
    held: z.number(),
    succeeded: z.number(),
    failed: z.number(),
  }),
  nextCursor: z.string().exactOptional(),
  chain: z.object({ size: z.number(), root: z.string(), verified: z.boolean(), brokenAt: z.number().exactOptional() }),
});

function toText({ entries, counts, chain, nextCursor }: View<z.output<typeof Output>>): string {
  const rows = entries.map((entry) => [
    String(entry.seq),
    entry.at,
    entry.kind,
    entry.outcome,
    entry.action?.type ?? '',
    entry.decision?.violations.map(({ policy, rule }) => `${policy}/${rule}`).join(', ') ?? '',
    entry.actor,
  ]);
  return page(
    '# Audit Trail',
    fields([
      ['Entries', `${entries.length}${nextCursor === undefined ? '' : ' (more follow)'}`],
      [
        'Trail',
        chain.verified
          ? `✅ verified, ${chain.size} entries`
          : `❌ BROKEN at entry ${chain.brokenAt ?? 'unknown'} of ${chain.size}`,
      ],
      ['Root', chain.root === '' ? undefined : code(chain.root)],
    ]),
    section('Counts', bullets(Object.entries(counts).map(([outcome, count]) => `${outcome}: ${count}`))),
    section(
      'Entries',
      table(['Seq', 'At', 'Kind', 'Outcome', 'Action', 'Rules', 'Actor'], rows) || 'No entry matches.',
    ),
    nextCursor && `More: call again with cursor ${code(nextCursor)}.`,
  );
}

export const auditLog = defineTool({
  name: 'audit_log',
  title: 'Read the audit trail',
  description:
    'What happened, newest first, with counts of the asked window (24 hours unless given) and a fresh check that the trail was not altered.',
  annotations: READS,
  input: Input,
  output: Output,
  run: async ({ agents, audit }, input, { caller }) => {
    if (input.agentId !== undefined) await agents.get(caller, input.agentId);
    const trail = await audit.list(caller, input);
    return { kind: 'answer', structured: trail, text: toText(trail) };
  },
});
