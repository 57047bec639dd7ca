import { z } from 'zod';
import { defineJob } from '../../platform/queue/index.ts';

const Payload = z.object({ approvalId: z.string() });

/** A request was approved or has ended: what waited for it goes on or ends. */
export const approvalResolvedJob = defineJob('approval.resolved', Payload);

/** Something of a request is due: the database says what. */
export const approvalTimerJob = defineJob('approval.timer', Payload);
