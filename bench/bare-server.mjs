// The least that the SDK needs to list as many tools as we do: what our start is compared with.
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const tools = Array.from({ length: 12 }, (_, i) => ({
  name: `tool_${i}`,
  description: 'Does nothing.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}));

serveStdio(() => {
  const server = new Server({ name: 'bare', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools }));
  return server;
});
