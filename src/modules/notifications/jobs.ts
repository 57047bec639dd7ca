import { z } from 'zod';
import { defineJob } from '../../platform/queue/index.ts';

/** A notice is due. Whoever knows what it is about makes it. */
export const deliveryDueJob = defineJob('delivery.due', z.object({ deliveryId: z.string() }));

/** Somebody pressed a button in Slack, or sent a form. */
export const slackInteractionJob = defineJob('slack.interaction', z.object({ eventId: z.string() }));
