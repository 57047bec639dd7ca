import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import { EFFECTS, POLICY_MODES, RULE_ACTIONS, SEVERITIES, TRANSFORM_KINDS } from '../../kernel/policy/model.ts';

/** Pieces shared by the tools. Inputs are strict; outputs name the stable keys and allow more. */

export const AgentRef = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Id of the agent (UUID), as `create_agent` and `list_agents` give it');
export const Cursor = z.string().min(1).max(500).describe('`nextCursor` of the previous page');
/** Any JSON value: what arrives over the wire is one. */
export const AnyJson = z.custom<Json>();
export const AnyObject = z.record(z.string(), AnyJson);
export const Limit = z.int().min(1).max(200);

export const Step = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'a name of letters, digits, `_` and `-`, such as `read_file`'),
    action: z.string().min(1).max(100).describe('Catalogue type such as `file.read`; see `agentos://actions`'),
    params: AnyObject.describe('Values may hold `${{ expression }}`, for example `${{ steps.read.output.text }}`'),
    facts: AnyObject.exactOptional().describe(
      'What the author declares: purpose, legalBasis, consent, ticket, backupConfirmed, rollbackPlan, recordCount, cost',
    ),
    when: z.string().max(10_000).exactOptional().describe('The step runs only if this is true'),
    forEach: AnyJson.exactOptional().describe('The step runs once for each item: a list, or `${{ }}` that gives one'),
    retry: z
      .strictObject({ attempts: z.int().min(1).max(10), backoffMs: z.int().min(0).max(3_600_000) })
      .exactOptional(),
    onError: z.enum(['fail', 'continue']).exactOptional(),
    timeoutMs: z.int().min(1).max(3_600_000).exactOptional(),
  })
  .describe('One step of an agent');

export const Rule = z
  .strictObject({
    name: z.string().min(1).max(100).describe('Slug, such as `no-exports`'),
    description: z.string().max(1_000).exactOptional(),
    condition: z
      .string()
      .min(1)
      .max(10_000)
      .describe("CEL over the facts of `agentos://facts`, such as `action.type == 'file.delete'`"),
    action: z.enum(RULE_ACTIONS),
    severity: z.enum(SEVERITIES),
    message: z.string().max(1_000).exactOptional(),
    alternative: z.string().max(1_000).exactOptional(),
    transform: z
      .strictObject({
        kind: z.enum(TRANSFORM_KINDS),
        classes: z.array(z.string()).exactOptional(),
        fields: z.array(z.string()).exactOptional(),
      })
      .exactOptional(),
    approval: z
      .strictObject({ quorum: z.int().min(1).max(20).exactOptional(), groups: z.array(z.string()).exactOptional() })
      .exactOptional(),
    controls: z.array(z.string()).exactOptional(),
  })
  .describe('One condition with its effect');

export const Violation = z.object({
  policy: z.string(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  effect: z.enum(EFFECTS).exactOptional(),
  message: z.string(),
  alternative: z.string().exactOptional(),
  classes: z.array(z.string()).exactOptional(),
  version: z.string().exactOptional(),
  controls: z.array(z.string()).exactOptional(),
});

export const Decision = z.object({
  effect: z.enum(EFFECTS),
  violations: z.array(Violation),
  warnings: z.array(z.object({ policy: z.string(), rule: z.string(), severity: z.string(), message: z.string() })),
  redactions: z.array(z.object({ path: z.string(), class: z.string(), count: z.number() })),
  mode: z.enum(POLICY_MODES),
  strictEffect: z.enum(EFFECTS),
  policyVersions: z.array(z.string()),
});

export const Missing = z.object({ step: z.string().exactOptional(), what: z.string(), hint: z.string() });
