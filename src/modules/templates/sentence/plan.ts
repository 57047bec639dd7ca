import { cutText } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';
import { nameAgent } from './agent-name.ts';
import { planData } from './data-plan.ts';
import { planFiles } from './files-plan.ts';
import { readJob, type Job } from './job.ts';
import { findLeftovers } from './leftovers.ts';
import { planOutside } from './outside-plan.ts';
import { readSchedule, type Schedule } from './schedule.ts';
import { Text } from './text.ts';

/** What a sentence becomes. Everything that it asks for and that is not in `steps` is named in `missing`. */
export interface Plan {
  readonly name: string;
  readonly template: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly summary: { readonly source: string; readonly processing: string; readonly output: string };
  readonly steps: readonly Step[];
  readonly missing: readonly Missing[];
  /** Words of time that are no schedule. */
  readonly unclearSchedule: readonly Missing[];
}

/** What one kind of job makes of a sentence. */
export interface JobPlan {
  readonly steps: readonly Step[];
  readonly missing: readonly Missing[];
  readonly summary: Plan['summary'];
  /** What the agent's name is made of, such as `orders`. */
  readonly subject?: string;
}

const LEAD =
  "^[\\s¦]*(?:(?:hi|hello|hey|please|ok|okay)[\\s,!]+)*(?:(?:can|could|would)\\s+you\\s+)?(?:please\\s+)?(?:i\\s+(?:want|need|would\\s+like|'d\\s+like)|i'd\\s+like|we\\s+(?:want|need)|let's|help\\s+me)?\\s*(?:(?:to\\s+)?(?:create|build|make|set\\s+up|write|give\\s+me|have)\\s+)?(?:me\\s+)?(?:(?:an?|the)\\s+)?(?:(?:ai|new|simple|small|scheduled)\\s+)*(?:agent|bot|automation|workflow|assistant|job|task|script|process)\\s*(?:¦\\s*)?(?:(?:that|which|who)\\s+(?:will\\s+|can\\s+|should\\s+)?|to\\s+|for\\s+|:\\s*)";
const POLITE =
  "^[\\s¦]*(?:(?:please|can\\s+you|could\\s+you|i\\s+want\\s+to|i\\s+need\\s+to|i\\s+would\\s+like\\s+to|i'd\\s+like\\s+to|i\\s+want\\s+you\\s+to|we\\s+need\\s+to|help\\s+me(?:\\s+to)?)\\s+)+";

/** Characters. The patterns look back and forth, so their time grows faster than the text. */
const MAX_LENGTH = 2_000;
const TOO_LONG = `Sentences of up to ${MAX_LENGTH} characters are planned. Say what to do in fewer words, or give \`steps\`.`;
const NOT_ENGLISH =
  'Nothing in this description was understood as something to do. Say it in English, such as "Remove duplicates by email from data/customers.csv every Monday at 8", or give `steps`.';

/** Reads a plain sentence. Deterministic: the same words always give the same plan. `template` overrides what the words say. */
export function planSentence(sentence: string, template?: string): Plan {
  if (sentence.length > MAX_LENGTH) return planNothing(sentence, undefined, [], TOO_LONG);
  const text = new Text(sentence);
  text.take(LEAD);
  text.take(POLITE);
  const job = readJob(text, template);
  const { schedule, missing } = readSchedule(text);
  if (job === undefined) return planNothing(sentence, schedule, missing);
  const plan = planJob(text, job);
  return {
    name: nameAgent(sentence, job, plan.subject),
    template: job.template,
    schedule,
    summary: plan.summary,
    steps: plan.steps,
    missing: [...plan.missing, ...findLeftovers(text)],
    unclearSchedule: missing,
  };
}

function planJob(text: Text, job: Job): JobPlan {
  switch (job.kind) {
    case 'data':
    case 'merge':
    case 'report':
      return planData(text, job.kind);
    case 'organize':
    case 'delete':
    case 'copy':
      return planFiles(text, job.kind);
    case 'outside':
      return planOutside(text, job.template);
  }
}

function planNothing(
  sentence: string,
  schedule: Schedule | undefined,
  unclearSchedule: readonly Missing[],
  hint = NOT_ENGLISH,
): Plan {
  const said = sentence.trim().length > 200 ? `${cutText(sentence.trim(), 200)}…` : sentence.trim();
  return {
    name: nameAgent(sentence, undefined, undefined),
    template: undefined,
    schedule,
    summary: { source: 'Not understood', processing: 'Not understood', output: 'Not understood' },
    steps: [],
    missing: [{ what: `a task that is understood: \`${said}\``, hint }],
    unclearSchedule,
  };
}
