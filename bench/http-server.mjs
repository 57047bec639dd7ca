// A built server process that is reached over HTTP, and what several parts do with it.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_FIRST = {
  name: 'ask-first',
  condition: 'action.sideEffect != "none"',
  action: 'require_approval',
  severity: 'high',
};
/** The limits of a minute are for agents at work, not for benches. */
const PARAMETERS = { identicalPerMinute: 10_000, writesPerMinute: 100_000 };

export async function startServer(ours, env) {
  const child = spawn(process.execPath, [ours, '--http', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(log)?.[0];
    if (url !== undefined) return { url, log: () => log, stop: () => child.kill('SIGTERM'), child };
    if (child.exitCode !== null) throw new Error(`the server did not start: ${log}`);
    await sleep(10);
  }
}

/** What the tool answers, refusals too. */
export async function askTool(url, name, args, signal) {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const data = text.split('\n').findLast((line) => line.startsWith('data: '));
  const { result } = JSON.parse(data?.slice('data: '.length) ?? text);
  if (result === undefined) throw new Error(`${name}: ${text}`);
  return result;
}

export async function callTool(url, name, args, signal) {
  const result = await askTool(url, name, args, signal);
  if (result.isError) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result.structuredContent;
}

/** An agent whose every write is held. */
export async function addHeldAgent({ url }) {
  const { agent } = await callTool(url, 'create_agent', {
    description: 'Keep files',
    grants: ['file.*'],
    steps: [{ name: 'look', action: 'file.list', params: { path: '.' } }],
    parameters: PARAMETERS,
  });
  await callTool(url, 'attach_policy', {
    agentId: agent.id,
    policyId: 'rate-limiting',
    customRules: [ASK_FIRST],
    parameters: PARAMETERS,
  });
  return agent.id;
}
