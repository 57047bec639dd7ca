// A worker of its own for tests that kill it: adds a job, takes it, says so, and never finishes it.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Database } from '../../src/platform/db/database.ts';
import { defineJob, JobHandlers } from '../../src/platform/queue/job.ts';
import { QueueHost } from '../../src/platform/queue/queue-host.ts';
import { Log } from '../../src/platform/telemetry/log.ts';

const [databaseUrl = '', id = '', redisUrl] = process.argv.slice(2);
const stuck = defineJob('spec.stuck', z.object({ id: z.string() }));
const handlers = new JobHandlers();
handlers.add(stuck, async (payload) => {
  process.stdout.write(`took ${payload.id}\n`);
  await new Promise(() => {});
});
const timings = { lockMs: 1_000, stalledCheckMs: 500 };
const database = new Database({ connectionString: databaseUrl });
const host = new QueueHost(database, redisUrl, new Log('error'), handlers, timings);
await host.add([{ id: randomUUID(), name: stuck.name, payload: { id } }]);
