// Measures governed actions with many clients at once: facts, decision, reservation and record committed, carried out, outcome recorded.
import { median, quantile } from './measure.mjs';

const CLIENTS = 50;
const CALLS = 1_500;

/** `total` calls by clients that each wait for their answer; milliseconds each, and calls in a second. */
async function atOnce(total, work) {
  const times = [];
  let next = 0;
  const start = performance.now();
  const client = async () => {
    while (next < total) {
      const i = next++;
      const began = performance.now();
      await work(i);
      times.push(performance.now() - began);
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
export async function measureGoverned(report, client) {
  const agents = [];
  for (let i = 0; i < CLIENTS; i++) agents.push(await addAgent(client, `governed-${i}`));
  const read = (agentId) => client.call('perform_action', { agentId, action: 'file.list', params: { path: '.' } });
  for (const [name, used] of [
    ['one agent', agents.slice(0, 1)],
    [`${CLIENTS} agents`, agents],
  ]) {
    await atOnce(200, (i) => read(used[i % used.length]));
    const { times, perSecond } = await atOnce(CALLS, (i) => read(used[i % used.length]));
    report.add(`perform_action, ${CLIENTS} clients, ${name}, p50`, median(times), 'ms');
    report.add(`perform_action, ${CLIENTS} clients, ${name}, p99`, quantile(times, 0.99), 'ms');
    report.add(`perform_action, ${CLIENTS} clients, ${name}, time for each`, 1_000 / perSecond, 'ms');
  }
}
