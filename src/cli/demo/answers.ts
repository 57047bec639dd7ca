import { z } from 'zod';

/** What the demo relies on in the answers of the tools: a field that is missing here is a broken promise of the product. */

const Violation = z.object({
  policy: z.string(),
  rule: z.string(),
  message: z.string(),
  alternative: z.string().optional(),
});
const Decision = z.object({
  effect: z.enum(['allow', 'transform', 'require_approval', 'deny']),
  violations: z.array(Violation),
  mode: z.literal('strict'),
  policyVersions: z.array(z.string()).min(1),
});

export const Refusal = z
  .object({ 'agentos/decision': Decision, 'agentos/approvalId': z.uuid().optional() })
  .transform((meta) => ({ decision: meta['agentos/decision'], approvalId: meta['agentos/approvalId'] }));

export const Created = z.object({
  agent: z.object({
    id: z.uuid(),
    name: z.string().min(1),
    version: z.literal(1),
    status: z.literal('draft'),
    template: z.string().optional(),
    summary: z.object({ source: z.string(), processing: z.string(), output: z.string() }),
    schedule: z.object({
      cron: z.string(),
      timezone: z.string(),
      text: z.string(),
      nextRuns: z.array(z.iso.datetime()).length(3),
    }),
    policies: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
    steps: z
      .array(z.object({ name: z.string(), action: z.string(), params: z.record(z.string(), z.unknown()) }))
      .min(1),
  }),
  missing: z.array(z.object({ what: z.string(), hint: z.string() })),
});
export type Created = z.infer<typeof Created>;

export const Tested = z.object({
  verdict: z.enum(['passed', 'approval_required', 'failed']),
  passed: z.boolean(),
  configuration: z.object({ valid: z.boolean(), problems: z.array(z.unknown()) }),
  steps: z.array(z.object({ name: z.string(), action: z.string(), decision: Decision })),
  violations: z.array(Violation),
  warnings: z.array(z.unknown()),
  estimates: z.object({ durationMs: z.number(), costUsd: z.number() }),
});

export const Deployed = z.object({
  deploymentId: z.string(),
  status: z.literal('deployed'),
  version: z.literal(1),
  nextRunAt: z.iso.datetime(),
});

export const Started = z.object({ runId: z.uuid(), status: z.string() });

export const Ran = z.object({
  run: z.object({
    status: z.enum(['queued', 'running', 'waiting_approval', 'succeeded', 'failed', 'blocked', 'cancelled']),
    trigger: z.literal('manual'),
    steps: z.array(
      z.object({
        name: z.string(),
        action: z.string(),
        status: z.string(),
        decision: Decision.optional(),
        output: z.unknown().optional(),
        error: z.unknown().optional(),
      }),
    ),
    error: z.unknown().optional(),
  }),
});
export type Ran = z.infer<typeof Ran>;

export const Status = z.object({
  status: z.literal('deployed'),
  nextRunAt: z.iso.datetime(),
  lastRun: z.object({ id: z.uuid(), status: z.literal('succeeded') }),
  pendingApprovals: z.array(
    z.object({ id: z.uuid(), action: z.string(), description: z.string(), expiresAt: z.string() }),
  ),
  metrics: z.object({
    runs: z.number(),
    succeeded: z.number(),
    actions: z.number(),
    denied: z.number(),
    approvals: z.number(),
    costUsd: z.number(),
  }),
});

export const Trail = z.object({
  entries: z.array(
    z.object({
      seq: z.number(),
      at: z.iso.datetime(),
      kind: z.string(),
      actor: z.string(),
      outcome: z.string(),
      action: z.object({ type: z.string() }).optional(),
      decision: Decision.optional(),
    }),
  ),
  counts: z.object({
    allowed: z.number(),
    denied: z.number(),
    held: z.number(),
    succeeded: z.number(),
    failed: z.number(),
  }),
  chain: z.object({ size: z.number().min(1), root: z.string().regex(/^[0-9a-f]{64}$/), verified: z.boolean() }),
});

export const Agents = z.object({ agents: z.array(z.unknown()) });
