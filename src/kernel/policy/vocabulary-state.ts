import { counted, flag, whole } from './attributes.ts';

const NOT_COUNTED = 'this one not counted';

/** What was before: counted in the database, read and reserved in the statement that records the decision. */
export const STATE_VOCABULARY = {
  rate: {
    calls1m: counted(`Actions of this agent in the last minute, ${NOT_COUNTED}.`, 30),
    calls1h: counted(`Actions of this agent in the last hour, ${NOT_COUNTED}.`, 400),
    calls1d: counted(`Actions of this agent in the last 24 hours, ${NOT_COUNTED}.`, 2_000),
    kind1m: counted('The same for actions of this family, such as `http`.', 100),
    kind10m: counted('The same in the last ten minutes.', 200),
    kind1h: counted('The same in the last hour.', 1_000),
    kind1d: counted('The same in the last 24 hours.', 5_000),
    type1m: counted('Actions of this very type in the last minute.', 20),
    type10m: counted('Actions of this very type in the last ten minutes.', 60),
    type1h: counted('Actions of this very type in the last hour.', 100),
    type1d: counted('Actions of this very type in the last 24 hours.', 500),
    http1m: counted('HTTP requests of this agent in the last minute.', 99),
    writes1m: counted('Side effects of this agent in the last minute.', 59),
    writes1h: counted('Side effects of this agent in the last hour.', 300),
    deletes1h: counted('Deletions of this agent in the last hour.', 10),
    deletes1d: counted('Deletions of this agent in the last 24 hours.', 10),
    messages1h: counted('Messages of this agent to external recipients in the last hour.', 20),
    messages1d: counted('Messages of this agent to external recipients in the last 24 hours.', 50),
    recipient1h: counted('The most messages that one of the recipients had from this agent in the last hour.', 3),
    recipient1d: counted('The most messages that one of the recipients had from this agent in the last 24 hours.', 5),
    target1m: counted('Actions of this agent on the same host, connection, bucket or server in the last minute.', 10),
    target1h: counted('Actions of this agent on the same host, connection, bucket or server in the last hour.', 100),
    identical1m: counted('Actions of this agent with exactly these params in the last minute.', 5),
    running: counted('Actions of this agent that are under way.', 10),
    failures10m: counted('Actions of this agent that failed in the last ten minutes.', 5),
    denials1h: counted('Actions of this agent that were denied in the last hour.', 5),
  },
  budget: {
    spentTodayMicros: counted(
      "Cost of this agent since midnight in the workspace's zone, spent and reserved, US dollars times 1,000,000.",
      4_200_000,
    ),
    spentMonthMicros: counted('The same since the first of the month.', 90_000_000),
    tokensToday: counted('Tokens of model calls of this agent since midnight, spent and reserved.', 120_000),
    tokensRun: counted('Tokens of model calls in the same run, spent and reserved.', 20_000),
  },
  first: {
    target: flag(
      'Whether this agent has never used this outside host, bucket or server, and nobody named it in the task.',
      { isState: true },
    ),
    recipient: flag(
      'Whether this agent has never written to one of the external recipients, and nobody named it in the task.',
      { isState: true },
    ),
    tool: flag('Whether this agent has never used this type of action or tool.', { isState: true }),
  },
  cost: {
    micros: whole(
      'Estimated cost of this action, US dollars times 1,000,000: declared, else by the price table; 0 when unknown.',
      10_000,
    ),
    known: flag('Whether the cost is known; what costs nothing is known.', { neutral: true }),
    paid: flag('Whether actions of this type cost money.'),
    tokens: whole('Tokens that a model call may use, input estimated and output at its limit.', 5_000),
    actualMicros: whole('What it did cost, after it ran; -1 before, or when nobody says.', 12_000, { neutral: -1 }),
  },
} as const;
