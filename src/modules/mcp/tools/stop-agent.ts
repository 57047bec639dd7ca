import { z } from 'zod';
import { bullets, code, fields, inline, page, section } from '../markdown.ts';
import { AgentRef } from '../schemas.ts';
import { defineTool } from '../tool.ts';

const Output = z.object({ status: z.string(), cancelledRuns: z.array(z.string()) });

export const stopAgent = defineTool({
  name: 'stop_agent',
  title: 'Stop agent',
  description:
    'Pause an agent (deploying it again resumes its schedule) or stop it for good. No action starts after; runs that wait or are under way are cancelled.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ agentId: AgentRef, mode: z.enum(['pause', 'stop']).default('pause') }),
  output: Output,
  run: async ({ agents, runs }, { agentId, mode }, { caller }) => {
    const stopped = await runs.stopAgent(caller, agentId, mode);
    const { name, id } = await agents.get(caller, agentId);
    const text = page(
      // A pause does not weaken a stop.
      stopped.status === 'paused' ? '# ⏸️ Agent Paused' : '# ⏹️ Agent Stopped',
      fields([
        ['Agent', inline(name)],
        ['ID', id],
        ['Status', stopped.status],
      ]),
      section('Cancelled Runs', bullets(stopped.cancelledRuns.map(code)) || 'None.'),
    );
    return { kind: 'answer', structured: stopped, text };
  },
});
