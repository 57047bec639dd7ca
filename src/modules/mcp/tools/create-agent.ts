import { z } from 'zod';
import { bullets, code, fields, inline, numbered, page, prose, section } from '../markdown.ts';
import { AnyObject, Missing, Step } from '../schemas.ts';
import { defineTool, type View, WRITES } from '../tool.ts';

const Input = z.strictObject({
  description: z
    .string()
    .trim()
    .min(1, 'a sentence that says what the agent should do')
    .max(10_000)
    .describe('What the agent should do, in plain words'),
  policies: z
    .array(z.string().min(1).max(100))
    .max(50)
    .exactOptional()
    .describe('Ids of policies to attach, exactly these; omitted: the recommended ones'),
  approvalRequired: z.boolean().exactOptional().describe('Hold each deployment for approval'),
  language: z
    .enum(['python', 'typescript', 'javascript', 'go'])
    .exactOptional()
    .describe('Default language of `code.run` steps'),
  schedule: z.string().min(1).max(100).exactOptional().describe('Cron with five fields, such as `0 9 * * 1-5`'),
  name: z.string().trim().min(1).max(100).exactOptional().describe('Omitted: made from the description'),
  timezone: z
    .string()
    .min(1)
    .max(64)
    .exactOptional()
    .describe('IANA time zone of the schedule, such as `Europe/Berlin`'),
  steps: z
    .array(Step)
    .max(50)
    .exactOptional()
    .describe('The steps, when the sentence should not be planned; see `agentos://actions`'),
  template: z
    .string()
    .min(1)
    .max(100)
    .exactOptional()
    .describe('Id of an agent template, as `list_templates` gives it'),
  grants: z
    .array(z.string().min(1).max(100))
    .max(50)
    .exactOptional()
    .describe('Action types beyond those of the steps, such as `file.*`'),
  parameters: AnyObject.exactOptional().describe(
    'Values for what a template or the policies leave open: `{"httpPerMinute": 50}`, or for one policy `{"rate-limiting": {"httpPerMinute": 50}}`; `{"approval": {"quorum": 3}}` asks more people',
  ),
});

const Output = z.object({
  agent: z.object({
    id: z.string(),
    name: z.string(),
    version: z.int(),
    status: z.string(),
    task: z.string(),
    language: z.string(),
    summary: z.object({ source: z.string(), processing: z.string(), output: z.string() }),
    schedule: z
      .object({ cron: z.string(), timezone: z.string(), text: z.string(), nextRuns: z.array(z.string()) })
      .exactOptional(),
    approvalRequired: z.boolean(),
    policies: z.array(z.object({ id: z.string(), name: z.string(), reason: z.string() })),
    grants: z.array(z.string()),
    steps: z.array(z.object({ name: z.string(), action: z.string(), params: z.record(z.string(), z.unknown()) })),
    template: z.string().exactOptional(),
  }),
  recommended: z.array(z.object({ id: z.string(), reason: z.string() })),
  missing: z.array(Missing),
  nextSteps: z.array(z.string()),
});

/** A part that is still open gets no tick. */
function summaryLine(name: string, value: string): string {
  const isOpen = value === '' || /^Not (?:named|understood)/.test(value);
  return `${isOpen ? '⚠️' : '✅'} ${name}: ${inline(value) || 'Not named yet'}`;
}

export function toText({ agent, recommended, missing, nextSteps }: View<z.output<typeof Output>>): string {
  const { summary, schedule } = agent;
  const facts = [
    summaryLine('Data Source', summary.source),
    summaryLine('Processing', summary.processing),
    summaryLine('Output', summary.output),
    ...(schedule === undefined
      ? []
      : [
          `✅ Schedule: ${schedule.text} (${code(schedule.cron)}, ${schedule.timezone}; next ${schedule.nextRuns[0] ?? 'never'})`,
        ]),
    ...(agent.approvalRequired ? ['✅ Deployments need approval'] : []),
  ];
  return page(
    '# ✅ Agent Created Successfully',
    fields([
      ['Agent', inline(agent.name)],
      ['ID', agent.id],
      ['Version', agent.version],
      ['Status', agent.status],
      ['Language', agent.language],
      ['Template', agent.template],
      ['Grants', agent.grants.map(code).join(', ')],
    ]),
    section('Task', prose(agent.task)),
    section('Summary', bullets(facts)),
    section(
      'Workflow Steps',
      numbered(agent.steps.map(({ name, action }) => `${inline(name)}: ${code(action)}`)) || 'None yet.',
    ),
    section(
      'Safety Policies Applied',
      bullets(agent.policies.map((p) => `🛡️ **${inline(p.name)}** (${code(p.id)}): ${inline(p.reason)}`)),
    ),
    section('Recommended Policies', bullets(recommended.map((p) => `${code(p.id)}: ${inline(p.reason)}`))),
    section(
      'Still Missing',
      bullets(
        missing.map((m) => `⚠️ ${m.step === undefined ? '' : `${code(m.step)}: `}${inline(m.what)}. ${inline(m.hint)}`),
      ),
    ),
    section('Next Steps', numbered(nextSteps)),
  );
}

export const createAgent = defineTool({
  name: 'create_agent',
  title: 'Create agent',
  description:
    'Create an agent from a sentence, with fitting safety policies and, where the sentence is understood, real steps. Says what is still missing. Nothing runs yet: test and deploy it next.',
  annotations: WRITES,
  input: Input,
  output: Output,
  run: async ({ templates }, input, { caller }) => {
    const created = await templates.createAgent(caller, input);
    return { kind: 'answer', structured: created, text: toText(created) };
  },
});
