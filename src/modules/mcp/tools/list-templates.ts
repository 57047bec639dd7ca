import { z } from 'zod';
import { code, inline, page, section, bullets } from '../markdown.ts';
import { Cursor, Limit } from '../schemas.ts';
import { defineTool, READS, type View } from '../tool.ts';

const Input = z.strictObject({
  type: z.enum(['agent', 'policy', 'all']).default('all'),
  category: z.string().trim().min(1).max(100).exactOptional(),
  search: z.string().trim().min(1).max(200).exactOptional().describe('Words in id, name or description'),
  framework: z.string().trim().min(1).max(100).exactOptional().describe('Such as `GDPR` or `SOC2`'),
  industry: z.string().trim().min(1).max(100).exactOptional(),
  limit: Limit.default(100),
  cursor: Cursor.exactOptional(),
});

const Template = z.object({
  id: z.string(),
  type: z.enum(['agent', 'policy']),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  framework: z.string().exactOptional(),
  defaultPolicies: z.array(z.string()).exactOptional(),
  requires: z.array(z.string()),
});
const Output = z.object({ templates: z.array(Template), total: z.int(), nextCursor: z.string().exactOptional() });

function line({
  id,
  name,
  description,
  category,
  framework,
  defaultPolicies,
  requires,
}: View<z.output<typeof Template>>): string {
  const notes = [
    framework ?? category,
    ...(defaultPolicies?.length ? [`policies: ${defaultPolicies.map(code).join(', ')}`] : []),
    ...(requires.length > 0 ? [`requires: ${requires.map(inline).join('; ')}`] : []),
  ];
  return `**${inline(name)}** (${code(id)}): ${inline(description)} _${notes.join(' · ')}_`;
}

function toText({ templates, total, nextCursor }: View<z.output<typeof Output>>): string {
  const of = (type: string): string => bullets(templates.filter((template) => template.type === type).map(line));
  return page(
    `# Templates (${templates.length} of ${total})`,
    section('Agent Templates', of('agent')),
    section('Policy Templates', of('policy')),
    templates.length === 0 ? 'No template matches. Call without filters to see all.' : undefined,
    nextCursor && `More: call again with cursor ${code(nextCursor)}.`,
  );
}

export const listTemplates = defineTool({
  name: 'list_templates',
  title: 'List templates',
  description: 'Browse ready-made agents and policies; each says what it needs that is not there yet.',
  annotations: READS,
  input: Input,
  output: Output,
  run: async ({ templates }, input, { caller }) => {
    const found = await templates.list(caller, input);
    return { kind: 'answer', structured: found, text: toText(found) };
  },
});
