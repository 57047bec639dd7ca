import { z } from 'zod';

const id = z.string().min(1).max(64);
const Party = { team: z.object({ id }), user: z.object({ id, team_id: id.optional() }) };
const Place = { channel: id, ts: z.string().max(32) };

/** What a button carries. */
export const Asked = z.object({ approvalId: z.uuid(), actionHash: z.string().min(1).max(200) });
/** The same, and where the button was, for the form that asks why. */
export const FormMetadata = z.object({ ...Asked.shape, ...Place });

const BlockActions = z.object({
  ...{ type: z.literal('block_actions'), ...Party },
  trigger_id: z.string().max(200).optional(),
  container: z.object({ channel_id: id.optional(), message_ts: z.string().max(32).optional() }).optional(),
  channel: z.object({ id }).optional(),
  message: z.object({ ts: z.string().max(32) }).optional(),
  actions: z.array(z.object({ action_id: z.string().max(255), value: z.string().max(2000).optional() })).min(1),
});
const ViewSubmission = z.object({
  ...{ type: z.literal('view_submission'), ...Party },
  view: z.object({
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))) }),
  }),
});
const Payload = z.discriminatedUnion('type', [BlockActions, ViewSubmission]);

/** One press of a button, or one sent form. */
export interface SlackInteraction {
  readonly teamId: string;
  readonly userId: string;
  readonly control: string;
  readonly approvalId: string;
  readonly actionHash: string;
  /** Where the button was. */
  readonly channel: string;
  readonly ts: string;
  readonly triggerId?: string;
  readonly reason?: string;
}

/** What came in, as far as it is ours; undefined: nothing that we put there. */
export function toInteraction(body: Uint8Array): SlackInteraction | undefined {
  const field = new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload');
  const parsed = Payload.safeParse(parseJson(field));
  if (!parsed.success) return undefined;
  const payload = parsed.data;
  const who = { teamId: payload.user.team_id ?? payload.team.id, userId: payload.user.id };
  if (payload.type === 'view_submission') {
    const metadata = FormMetadata.safeParse(parseJson(payload.view.private_metadata));
    if (!metadata.success) return undefined;
    const reason = payload.view.state.values['reason']?.['reason']?.value?.trim();
    return { ...who, control: payload.view.callback_id, ...metadata.data, ...(reason ? { reason } : {}) };
  }
  const [action] = payload.actions;
  const asked = Asked.safeParse(parseJson(action?.value));
  const channel = payload.container?.channel_id ?? payload.channel?.id;
  const ts = payload.container?.message_ts ?? payload.message?.ts;
  if (action === undefined || !asked.success || channel === undefined || ts === undefined) return undefined;
  const trigger = payload.trigger_id === undefined ? {} : { triggerId: payload.trigger_id };
  return { ...who, control: action.action_id, ...asked.data, channel, ts, ...trigger };
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
