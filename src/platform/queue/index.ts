export { defineJob, JobHandlers, type Job, type JobHandler } from './job.ts';
export { Outbox } from './outbox.ts';
export { QueueModule } from './queue.module.ts';
export { Schedulers } from './schedulers.ts';
export { Sweeper } from './sweeper.ts';
