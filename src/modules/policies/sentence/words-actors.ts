import { anyOf, quote } from './cel.ts';
import { named, phrase, type Entry } from './item.ts';
import { show, toName } from './name.ts';
import type { Facet, Kind, Value } from './parts.ts';

const at = (facet: Facet, pattern: string, text: string, some: string, family?: Kind): Entry =>
  phrase(pattern, { facet, text, some, ...(family === undefined ? {} : { family }) });

const AGENT = '(?:by |from |of |for |to |with |as )?(?:the )?(?:agents? (?:called |named )?';
function toAgent(given: string): Value | undefined {
  const name = toName(given);
  return name === undefined
    ? undefined
    : { facet: 'agent', text: `by the agent ${show(name)}`, some: `agent.name == ${quote(name)}` };
}

export const ACTOR_WORDS: readonly Entry[] = [
  named(`${AGENT}((?:\`[^\`]{1,200}\`|"[^"]{1,200}"|'[^']{1,200}'|[a-z0-9_]+(?:-[a-z0-9_]+){1,8})))`, toAgent, {
    isPlace: true,
  }),
  named(
    '(?:by |from |for )?(?:the |an? )?([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,7}-(?:agent|bot|processor|generator|reporter|cleaner|assistant))(?: agents?)?',
    toAgent,
    { isPlace: true },
  ),
  named(`(?:by |from )(?:the )?(\`[^\`]{1,200}\`|"[^"]{1,200}"|[a-z0-9_]+(?:-[a-z0-9_]+){1,8}) agents?`, toAgent, {
    isPlace: true,
  }),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |triggered |launched |if |on ){0,5}(?:a |an |the )?(?:schedule(?:d)?(?: (?:agents?|runs?|jobs?|tasks?))?|cron(?: jobs?)?|timer)',
    'in scheduled runs',
    'trigger == "schedule"',
  ),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |via |through |triggered |launched |if ){0,5}(?:a |an |the )?webhooks?(?: (?:runs?|triggers?|calls?))?(?:[- ]triggered(?: runs?)?)?',
    'in webhook runs',
    'trigger == "webhook"',
  ),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |triggered |launched |if ){0,5}(?:a |an |the )?(?:manual(?:ly)? (?:started|triggered|launched|runs?)(?: runs?)?|person starts it)',
    'in manual runs',
    'trigger == "manual"',
  ),
  at('trigger', '(?:in |during |from )?(?:test runs?|dry runs?|tests)', 'in test runs', 'trigger == "test"'),
  at(
    'trigger',
    '(?:when |if )?(?:an |the |ai |chat ){0,5}assistants? (?:acts?|calls?)(?: as the agent| directly)?|(?:called|started|run|triggered) by (?:an |the |ai |chat ){0,5}assistants?',
    'called by an assistant',
    'trigger == "assistant"',
  ),
];

const NEW =
  '(?:new|unknown|unseen|first[- ]time|never(?:[- ]before)?[- ](?:seen|used|contacted)|previously (?:unknown|unseen|unused)|unfamiliar|not yet (?:seen|used|contacted)|never used before)';

export const FIRST_TIME = 'for the first time';

export const FIRST_WORDS: readonly Entry[] = [
  at(
    'first',
    `(?:to |at |of |for )?(?:a |an |any |the )?(?:${NEW} (?:hosts?|domains?|apis?|sites?|websites?|targets?|destinations?|services?|endpoints?|servers?|systems?|urls?)|(?:hosts?|domains?|apis?|sites?|services?|systems?|targets?|destinations?) (?:that )?(?:it |the agent |we |they )?(?:has|have|had|is|are|was|were)? ?(?:never|not)(?: been)?(?: yet)? (?:used|contacted|called|seen|visited)(?: before| yet)?)`,
    'to a new host',
    'first.target',
  ),
  at(
    'first',
    `(?:to |at |of |for )?(?:a |an |any |the |someone |somebody |outside |external ){0,5}(?:${NEW} (?:external )?(?:recipients?|addressees?|addresses|contacts?|people|persons?|e-?mail addresses|customers)|(?:someone|somebody|recipients?|addresses|people|contacts?) (?:that |who |whom )?(?:it |the agent |we |they )?(?:has|have|had)? ?(?:never|not)(?: been)?(?: yet)? (?:written to|mailed|e-?mailed|contacted|used|seen|messaged)(?: before| yet)?)`,
    'to a new recipient',
    'first.recipient',
  ),
  at(
    'first',
    `(?:with |of |for )?(?:a |an |any |the )?(?:${NEW} (?:tools?|actions?|types? of actions?|action types?)|(?:tools?|actions?) (?:that )?(?:it |the agent |they )?(?:has|have|had)? ?(?:never|not)(?: been)?(?: yet)? (?:used|called)(?: before| yet)?|first use of (?:a |any |each |every )?tools?)`,
    'with a new tool',
    'first.tool',
  ),
  at(
    'first',
    '(?:for |on )?(?:the |an? |its |their |every )?(?:agent.s )?(?:first|1st)[- ](?:time|use|contact|call|uses?)(?: that| of| with| to)?(?: (?:an|the) agent)?',
    FIRST_TIME,
    anyOf('first.target', 'first.recipient', 'first.tool'),
  ),
  at(
    'payment',
    '(?:to |of |for )?(?:a |an |any |the )?(?:new|unknown|changed|first[- ]time|added|unverified) (?:payees?|vendors?|suppliers?|beneficiar(?:y|ies)|bank accounts?|accounts?)|(?:adding|add|creating|create|changing|change) (?:of )?(?:a |an |any |the )?(?:new )?(?:payees?|beneficiar(?:y|ies))',
    'to a new payee',
    'payment.newPayee',
    'payment',
  ),
];
