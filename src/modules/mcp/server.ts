import { type CallToolResult, Server, type ServerContext } from '@modelcontextprotocol/server';
import type { Asker, McpService } from './mcp.service.ts';
import { PROMPT_LIST, RESOURCE_LIST, RESOURCE_TEMPLATE_LIST } from './listings.ts';
import { SERVER_VERSION, TOOL_LIST } from './tools.generated.ts';

const INSTRUCTIONS = `AgentOS creates, tests, deploys and runs governed agents. Every action of every agent is decided by its policies, recorded, and
allowed, denied with a reason, or held for approval.

The usual way: \`create_agent\` from a sentence (or with \`steps\`; the actions they may use are in \`agentos://actions\`), \`test_agent\` (dry run), \`deploy_agent\`,
\`run_agent\`, \`get_run\`, \`get_agent_status\`, \`audit_log\`. A denied action answers with \`Denied by: <policy>/<rule>\` and an alternative: tell the person, do not try
to get around it. A held action waits for a person; nothing you can call approves it.`;

const UNCHANGING = { ttlMs: 300_000, cacheScope: 'private' } as const;

/**
 * One MCP server, for one connection (stdio) or one request (HTTP), of either protocol era. What can be listed is static: the
 * application behind it is only asked for when something is called, read or prompted.
 */
export function createMcpServer(app: () => Promise<McpService>, asker: Asker): Server {
  const server = new Server(
    { name: 'agentos', title: 'AgentOS', version: SERVER_VERSION },
    {
      capabilities: { tools: {}, resources: {}, prompts: {} },
      instructions: INSTRUCTIONS,
      cacheHints: {
        'tools/list': UNCHANGING,
        'resources/list': UNCHANGING,
        'resources/templates/list': UNCHANGING,
        'prompts/list': UNCHANGING,
        'server/discover': UNCHANGING,
      },
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: TOOL_LIST }));
  server.setRequestHandler('resources/list', () => ({ resources: [...RESOURCE_LIST] }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [...RESOURCE_TEMPLATE_LIST] }));
  server.setRequestHandler('prompts/list', () => ({ prompts: [...PROMPT_LIST] }));
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }): Promise<CallToolResult> => {
    let mcp: McpService;
    try {
      mcp = await app();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        isError: true,
        content: [{ type: 'text', text: `AgentOS could not start, so nothing was done. ${reason}` }],
      };
    }
    return mcp.callTool(asker, params.name, params.arguments ?? {}, {
      signal: mcpReq.signal,
      progress: reporter(mcpReq),
    });
  });
  server.setRequestHandler('resources/read', async ({ params }) => (await app()).readResource(asker, params.uri));
  server.setRequestHandler('prompts/get', async ({ params }) =>
    (await app()).getPrompt(asker, params.name, params.arguments ?? {}),
  );
  return server;
}

/** Progress must grow with every notice, so the same count is sent once. */
function reporter({ _meta, notify }: ServerContext['mcpReq']): (done: number, total: number) => void {
  const progressToken = _meta?.progressToken;
  let last = 0;
  return (progress, total) => {
    if (progressToken === undefined || progress <= last) return;
    last = progress;
    // A client that has gone away needs no notice.
    void notify({ method: 'notifications/progress', params: { progressToken, progress, total } }).catch(
      () => undefined,
    );
  };
}
