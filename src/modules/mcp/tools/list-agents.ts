import { cutText } from '../../../kernel/json.ts';
import { z } from 'zod';
import { AGENT_STATUSES } from '../../../kernel/run/model.ts';
import { code, page, table } from '../markdown.ts';
import { Cursor, Limit } from '../schemas.ts';
import { defineTool, READS, type View } from '../tool.ts';

const Input = z.strictObject({
  status: z.enum(AGENT_STATUSES).exactOptional(),
  search: z.string().trim().min(1).max(200).exactOptional().describe('Words in name or task'),
  limit: Limit.default(100),
  cursor: Cursor.exactOptional(),
});

const Output = z.object({
  agents: z.array(z.object({ id: z.string(), name: z.string(), status: z.string(), task: z.string() })),
  nextCursor: z.string().exactOptional(),
});

function toText({ agents, nextCursor }: View<z.output<typeof Output>>): string {
  return page(
    `# Agents (${agents.length}${nextCursor === undefined ? '' : ', more follow'})`,
    table(
      ['Agent', 'ID', 'Status', 'Task'],
      agents.map(({ name, id, status, task }) => [name, id, status, cutText(task, 120)]),
    ) || 'No agent matches. Use `create_agent` to make one.',
    nextCursor && `More: call again with cursor ${code(nextCursor)}.`,
  );
}

export const listAgents = defineTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'Find agents by status or words, newest first, a page at a time.',
  annotations: READS,
  input: Input,
  output: Output,
  run: async ({ agents }, input, { caller }) => {
    const found = await agents.list(caller, input);
    return { kind: 'answer', structured: found, text: toText(found) };
  },
});
