import { z } from 'zod';
import { EFFECTS, POLICY_CATEGORIES } from '../../../kernel/policy/model.ts';
import { effectWords } from '../decision-text.ts';
import { bullets, code, fields, inline, numbered, page, prose, section } from '../markdown.ts';
import { Rule } from '../schemas.ts';
import { defineTool, type View, WRITES } from '../tool.ts';

const Input = z.strictObject({
  description: z
    .string()
    .trim()
    .min(1, 'a sentence that says what the policy does')
    .max(10_000)
    .describe('What the policy does, in plain words, such as "Block access to customer credit card data"'),
  category: z.enum(POLICY_CATEGORIES),
  framework: z.string().trim().min(1).max(100).exactOptional().describe('Such as `GDPR` or `SOC2`'),
  basedOn: z.string().trim().min(1).max(100).exactOptional().describe('Id of a policy whose rules it inherits'),
  rules: z
    .array(Rule)
    .max(50)
    .exactOptional()
    .describe('The rules, when the description should not be read; `agentos://facts` says what they may look at'),
});

const Example = z.object({
  action: z.object({ type: z.string(), params: z.record(z.string(), z.unknown()) }),
  decision: z.object({ effect: z.enum(EFFECTS) }),
});
const Output = z.object({
  policy: z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    version: z.string(),
    category: z.string(),
    framework: z.string().exactOptional(),
    basedOn: z.string().exactOptional(),
    rules: z.array(
      z.object({
        name: z.string(),
        description: z.string().exactOptional(),
        condition: z.string(),
        action: z.string(),
        severity: z.string(),
      }),
    ),
  }),
  understood: z.array(z.string()),
  notUnderstood: z.array(z.string()),
  examples: z.array(Example),
  nextSteps: z.array(z.string()),
});

type Answer = View<z.output<typeof Output>>;

function ruleLines({ name, severity, action, condition, description }: Answer['policy']['rules'][number]): string {
  const what = description === undefined ? undefined : inline(description);
  const lines = [`🛡️ **${inline(name)}** [${severity}]`, what, `Action: ${action}`, `Condition: ${code(condition)}`];
  return lines.filter((line) => line !== undefined).join('\n  ');
}

function exampleLine({ action, decision }: View<z.output<typeof Example>>): string {
  const { type, params, ...scene } = action;
  const where = Object.keys(scene).length === 0 ? '' : ` with ${code(JSON.stringify(scene))}`;
  return `${effectWords(decision)}: ${code(type)} ${code(JSON.stringify(params))}${where}`;
}

function toText({ policy, understood, notUnderstood, examples, nextSteps }: Answer): string {
  return page(
    '# ✅ Custom Policy Created',
    fields([
      ['Policy', inline(policy.name)],
      ['ID', policy.id],
      ['Category', policy.category],
      ['Framework', policy.framework === undefined ? undefined : inline(policy.framework)],
      ['Based on', policy.basedOn === undefined ? undefined : code(policy.basedOn)],
      ['Version', policy.version],
    ]),
    section('Description', prose(policy.description)),
    section(`Rules Generated (${policy.rules.length})`, bullets(policy.rules.map(ruleLines))),
    section('Understood', bullets(understood.map(inline))),
    section('Not Understood', bullets(notUnderstood.map((each) => `⚠️ ${inline(each)}`))),
    section('Examples', bullets(examples.map(exampleLine))),
    section('Usage', numbered(nextSteps)),
  );
}

export const createPolicy = defineTool({
  name: 'create_policy',
  title: 'Create policy',
  description:
    'Create a policy from a sentence or from rules of your own. Answers with the rules, what was understood and what was not, and actions that it catches and lets go. Attach it to agents with `attach_policy`.',
  annotations: WRITES,
  input: Input,
  output: Output,
  run: async ({ templates }, input, { caller }) => {
    const created = await templates.createPolicy(caller, input);
    return { kind: 'answer', structured: created, text: toText(created) };
  },
});
