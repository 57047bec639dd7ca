import { z } from 'zod';
import { bullets, code, fields, inline, numbered, page, section } from '../markdown.ts';
import { AgentRef, AnyObject, Rule } from '../schemas.ts';
import { defineTool, type View, WRITES } from '../tool.ts';

const Input = z.strictObject({
  agentId: AgentRef,
  policyId: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .describe('Id of a policy, as `list_templates` with type `policy` and `create_policy` give it'),
  customRules: z.array(Rule).max(100).exactOptional().describe('Rules added for this agent only'),
  parameters: AnyObject.exactOptional().describe(
    'Values for what the policy leaves open, such as `{"httpPerMinute": 50}`; `agentos://policies/{id}` names them',
  ),
});

const Output = z.object({
  agent: z.object({
    id: z.string(),
    version: z.int(),
    policies: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
  }),
  conflicts: z.array(
    z.object({
      kind: z.string(),
      rules: z.array(z.string()),
      witness: z.unknown().exactOptional(),
      message: z.string(),
    }),
  ),
});

function toText(name: string, policyId: string, { agent, conflicts }: View<z.output<typeof Output>>): string {
  return page(
    '# ✅ Policy Attached',
    fields([
      ['Agent', inline(name)],
      ['ID', agent.id],
      ['Version', `${agent.version} (new: test and deploy it to put it in force)`],
      ['Attached', code(policyId)],
    ]),
    section(
      'Safety Policies Applied',
      bullets(agent.policies.map(({ id, name, reason }) => `🛡️ **${inline(name)}** (${code(id)}): ${inline(reason)}`)),
    ),
    section(
      'Conflicts',
      bullets(
        conflicts.map(
          ({ kind, rules, message }) =>
            `⚠️ **${kind.replaceAll('_', ' ')}** of ${rules.map(code).join(' and ')}: ${message}`,
        ),
      ) || 'None found.',
    ),
    section(
      'Next Steps',
      numbered(['Use `test_agent` to see what the new version may do', 'Use `deploy_agent` to put it in force']),
    ),
  );
}

export const attachPolicy = defineTool({
  name: 'attach_policy',
  title: 'Attach policy',
  description:
    'Attach a policy, and those it includes, to an agent, with optional rules of your own. Says which rules clash, shown by an action. Makes a new version of the agent; a deployed version stays in force until the new one is deployed.',
  annotations: WRITES,
  input: Input,
  output: Output,
  run: async ({ agents, policies }, input, { caller }) => {
    const attached = await policies.attach(caller, input);
    const { name } = await agents.get(caller, attached.agent.id);
    return { kind: 'answer', structured: attached, text: toText(name, input.policyId, attached) };
  },
});
