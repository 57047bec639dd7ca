// The least that the SDK needs to list as many tools as we do, and to list a folder: what our start and our calls are compared with.
import { readdir } from 'node:fs/promises';
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const tools = Array.from({ length: 12 }, (_, i) => ({
  name: `tool_${i}`,
  description: 'Does nothing.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}));
const folder = process.env.BENCH_FOLDER ?? '.';

serveStdio(() => {
  const server = new Server({ name: 'bare', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools }));
  server.setRequestHandler('tools/call', async () => {
    const structuredContent = { names: await readdir(folder) };
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  });
  return server;
});
