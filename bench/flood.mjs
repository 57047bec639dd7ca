// The agent that asks too much, in a thread of its own: so many held calls, evenly over so many seconds where the server keeps up, at most 50 of them at once
// beside those that wait for people.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { askTool } from './http-server.mjs';

const { url, agentId, count, seconds } = workerData;
const told = { refused: 0, held: 0, other: 0 };
const AT_ONCE = 50 + 20;
const calls = new Set();
const start = performance.now();

async function call(i) {
  const params = { path: `flood-${i}.txt`, content: 'x', mode: 'create' };
  const { content } = await askTool(url, 'perform_action', { agentId, action: 'file.write', params });
  const text = content[0].text;
  if (text.includes('approval_backpressure')) told.refused++;
  else if (text.includes('Held for Approval')) told.held++;
  else told.other++;
}

for (let i = 0; i < count; i++) {
  const dueMs = (i * seconds * 1_000) / count - (performance.now() - start);
  if (dueMs > 1) await sleep(dueMs);
  while (calls.size >= AT_ONCE) await Promise.race(calls);
  const one = call(i)
    .catch(() => told.other++)
    .finally(() => calls.delete(one));
  calls.add(one);
}

parentPort.postMessage({ kind: 'asked', seconds: (performance.now() - start) / 1_000 });
await Promise.all(calls);
parentPort.postMessage({ kind: 'told', ...told });
