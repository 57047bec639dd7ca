import { z } from 'zod';
import { AGENT_STATUSES } from '../../../kernel/run/model.ts';
import { bullets, code, data, fields, inline, page, section } from '../markdown.ts';
import { AgentRef } from '../schemas.ts';
import { defineTool, READS, type View } from '../tool.ts';

const Input = z.strictObject({
  agentId: AgentRef,
  includeMetrics: z.boolean().default(true),
  includeLogs: z.boolean().default(false).describe('The newest entries of the audit trail about this agent'),
});

const Metrics = z.object({
  runs: z.number(),
  succeeded: z.number(),
  failed: z.number(),
  blocked: z.number(),
  waiting: z.number(),
  actions: z.number(),
  denied: z.number(),
  approvals: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  costUsd: z.number(),
});

const Output = z.object({
  agent: z.object({ id: z.string(), name: z.string(), version: z.int(), task: z.string() }),
  status: z.enum(AGENT_STATUSES),
  policies: z.array(z.object({ id: z.string(), name: z.string() })),
  nextRunAt: z.string().exactOptional(),
  lastRun: z.object({ id: z.string(), status: z.string() }).exactOptional(),
  pendingApprovals: z.array(
    z.object({ id: z.string(), action: z.string(), description: z.string(), expiresAt: z.string() }),
  ),
  metrics: Metrics.exactOptional(),
  logs: z.array(z.unknown()).exactOptional(),
});

function metricLines(metrics: View<z.output<typeof Metrics>> | undefined): string[] {
  if (metrics === undefined) return [];
  const { p50Ms, p95Ms } = metrics;
  return [
    `Runs: ${metrics.runs} (${metrics.succeeded} succeeded, ${metrics.failed} failed, ${metrics.blocked} blocked, ${metrics.waiting} waiting)`,
    `Actions: ${metrics.actions} (${metrics.denied} denied, ${metrics.approvals} held for approval)`,
    ...(p50Ms === null ? [] : [`Duration of a run: ${p50Ms} ms median, ${p95Ms ?? p50Ms} ms p95`]),
    `Cost: $${metrics.costUsd.toFixed(2)}`,
  ];
}

const MARKS = { draft: '📝', pending_approval: '⏸️', deployed: '✅', paused: '⏸️', stopped: '⏹️' } as const;

function toText(found: View<z.output<typeof Output>>): string {
  const { agent, lastRun, logs } = found;
  return page(
    `# ${MARKS[found.status]} Agent ${found.status}: ${inline(agent.name)}`,
    fields([
      ['Agent', inline(agent.name)],
      ['ID', agent.id],
      ['Version', agent.version],
      ['Status', found.status],
      ['Next run', found.nextRunAt],
      ['Last run', lastRun && `${lastRun.status} (${lastRun.id})`],
    ]),
    section('Task', inline(agent.task)),
    section(
      'Safety Policies Applied',
      bullets(found.policies.map(({ id, name }) => `🛡️ **${inline(name)}** (${code(id)})`)),
    ),
    section(
      'Waiting for Approval',
      bullets(
        found.pendingApprovals.map((a) => `${code(a.action)} until ${a.expiresAt}: ${inline(a.description)} (${a.id})`),
      ),
    ),
    section('Metrics of the last 24 hours', bullets(metricLines(found.metrics))),
    logs === undefined ? undefined : section('Logs', data([...logs])),
  );
}

export const getAgentStatus = defineTool({
  name: 'get_agent_status',
  title: 'Get agent status',
  description:
    'Status, policies, next and last run, what waits for approval, metrics of the last 24 hours and, if asked, the newest log entries.',
  annotations: READS,
  input: Input,
  output: Output,
  run: async ({ runs }, { agentId, ...include }, { caller }) => {
    const found = await runs.status(caller, agentId, include);
    return { kind: 'answer', structured: found, text: toText(found) };
  },
});
