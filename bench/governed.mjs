// Measures governed actions with many clients at once: facts, decision, reservation and record committed, carried out, outcome recorded.
// What governing adds is told against a tool of a bare SDK server that lists the same folder, asked by as many clients in the same run.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from './measure.mjs';

const CLIENTS = 50;
const CALLS = 1_500;
/** Time from the start of a call to the start of the next one of the same client, where clients do not ask back to back. */
const PACE_MS = 1_000;

/** `total` calls by clients that each wait for their answer; milliseconds each, and calls in a second. */
async function atOnce(total, work, paceMs = 0) {
  const times = [];
  let next = 0;
  const start = performance.now();
  const client = async (_, index) => {
    if (paceMs > 0) await sleep((index * paceMs) / CLIENTS);
    while (next < total) {
      const i = next++;
      const began = performance.now();
      await work(i);
      const took = performance.now() - began;
      times.push(took);
      if (paceMs > took) await sleep(paceMs - took);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { times, perSecond: (total / (performance.now() - start)) * 1_000 };
}

async function addAgent(client, name) {
  const { agent } = await client.call('create_agent', {
    description: 'Keep files',
    name,
    grants: ['file.*'],
    steps: [{ name: 'look', action: 'file.list', params: { path: '.' } }],
    policies: ['rate-limiting'],
    parameters: { maxRunning: 1_000, identicalPerMinute: 10_000 },
  });
  return agent.id;
}

/** One busy agent, whose calls pass one by one, and as many agents as there are clients. */
export async function measureGoverned(report, { ours, bare }) {
  const agents = [];
  for (let i = 0; i < CLIENTS; i++) agents.push(await addAgent(ours, `governed-${i}`));
  const read = (agentId) => ours.call('perform_action', { agentId, action: 'file.list', params: { path: '.' } });
  const ungoverned = () => bare.call('tool_1');
  const each = (i) => read(agents[i % agents.length]);
  for (const [name, work] of [
    ['one agent', () => read(agents[0])],
    [`${CLIENTS} agents`, each],
  ]) {
    await atOnce(200, work);
    const { times, perSecond } = await atOnce(CALLS, work);
    report.add(`perform_action, ${CLIENTS} clients, ${name}, p50`, median(times), 'ms');
    report.add(`perform_action, ${CLIENTS} clients, ${name}, p99`, quantile(times, 0.99), 'ms');
    report.add(`perform_action, ${CLIENTS} clients, ${name}, time for each`, 1_000 / perSecond, 'ms');
  }
  await atOnce(200, ungoverned);
  for (const [how, paceMs, target] of [
    // As fast as they get answers, the clients measure how much one core does: each waits for all the others.
    ['back to back', 0],
    [`a call every ${PACE_MS} ms`, PACE_MS, 15],
  ]) {
    const without = median((await atOnce(CALLS, ungoverned, paceMs)).times);
    const governed = median((await atOnce(CALLS, each, paceMs)).times);
    report.add(`ungoverned tool of a bare server, ${CLIENTS} clients, ${how}, p50`, without, 'ms');
    report.add(`perform_action, ${CLIENTS} clients, ${how}, added p50`, governed - without, 'ms', target);
  }
}
