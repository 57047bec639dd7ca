import { takeableMeasures } from './measure-words.ts';
import { PATH, URL_MARK, type Text } from './text.ts';
import { extensionOf, isForeign } from './places.ts';
import { FRAME_VERBS, READABLE, ROWS, STEP_VERBS, verbs } from './words.ts';

export type Job = {
  readonly kind: 'data' | 'merge' | 'report' | 'organize' | 'delete' | 'copy' | 'outside';
  /** Id of the agent template. */
  readonly template: string;
};

const END = '(?![\\w-])';
const FILES = `(?:files?|folders?|directory|directories|photos?|images?|pictures?|videos?|documents?|downloads|screenshots?|logs|${PATH})`;
const COPY = `(?:\\bback(?:s|ed|ing)?\\s+(?:[\\w‹›-]+\\s+){0,6}?up${END}|\\bback-?ups?\\s+(?:of${END}|all${END}|the${END}|my${END}|our${END}|every${END}|${PATH})|\\b(?:create|make|take|do)s?\\s+(?:an?\\s+)?(?:[\\w-]+\\s+)?back-?ups?${END}|^[\\s¦]*backup${END}|\\b${verbs('copy|mirror')}\\s+(?!the\\s+(?:column|value|row)|columns?|rows?|values?)|\\bsav(?:e|es|ing)\\s+a\\s+copy\\s+of)`;
const MOVE = `\\b(?:${verbs('move|organize|organise|reorganize|reorganise|tidy|archive|relocate|arrange')}|${verbs('sort|group|put|order')}\\s+(?:(?:up|the|all|my|our|every|each|of|these|those|old|new|[\\w]+)\\s+){0,5}?(?:files?|folder|photos?|images?|pictures?|videos?|documents?|downloads?|screenshots?|${PATH})${END})`;
const DELETE = `\\b(?:${verbs('delete|remove|erase|purge|trash|prune')}|(?:get|getting)\\s+rid\\s+of|clean(?:s|ed|ing)?\\s+(?:up|out)|clear(?:s|ed|ing)?(?:\\s+(?:up|out))?|throw(?:s|ing)?\\s+away)\\s+(?:(?!(?:rows?|columns?|duplicates?|duplicated|spaces?|whitespaces?|records?|entries|lines?|fields?|from|where)${END})[\\w.'-]+\\s+){0,6}?${FILES}`;
const MERGE = `\\b${verbs('merge|combine|concatenate|consolidate|stack|join|append|unite')}${END}|\\binto\\s+(?:one|a\\s+single)\\s+(?:[\\w-]+\\s+){0,2}(?:file|table|csv|json|list|dataset|data\\s+set)${END}`;
const REPORT = `(?<!\\b(?:(?:starts?|starting|begins?|beginning|ends?|ending)\\s+with|contains?|containing|named|called)\\s+)\\b(?:reports?|reporting|summar(?:y|ies|i[sz]e[sd]?|i[sz]ing)|statistics|stats|overview|breakdown|charts?|dashboard)${END}`;
const DATA = `(?:${ROWS}|columns?|fields?|duplicates?|table|csv|json|jsonl|xml|spreadsheet|dataset|data\\s+set)`;

const OUTSIDE: readonly (readonly [string, string])[] = [
  [
    'content-moderator',
    `\\b(?:${verbs('moderate')}|moderation|toxic|hate\\s+speech|abusive|offensive|profanity|user[- ]generated|inappropriate|spam\\s+comments)${END}`,
  ],
  ['web-scraper', `\\b(?:${verbs('scrape|crawl')}|scraper|crawler|web\\s?sites?|web\\s?pages?)${END}`],
  [
    'email-assistant',
    `\\b(?:e-?mails|inbox(?:es)?|mailbox(?:es)?|imap|newsletters?|gmail|outlook|incoming\\s+mails?|new\\s+mails?|support\\s+e-?mails?|(?:${verbs('read|check|monitor|watch|answer|process|sort|label|triage|reply|summarize|summarise')})\\s+(?:to\\s+)?(?:[\\w]+\\s+){0,2}(?:e-?mails?|mails?|messages))${END}`,
  ],
  [
    'database-analyst',
    `\\b(?:databases?|sql|postgres(?:ql)?|mysql|mariadb|sqlite|oracle|snowflake|bigquery|redshift|mongodb|data\\s+warehouse|${verbs('query')})${END}`,
  ],
  [
    'api-monitor',
    `\\b(?:${verbs('monitor|ping|watch')}|uptime|health\\s?checks?|health|endpoints?|api|availability|response\\s+times?|latency)${END}`,
  ],
  ['slack-bot', `\\bslack${END}`],
];

/** Which of the templates a sentence is for, by its verbs and by what they act on; undefined when it says nothing known. */
export function readJob(text: Text, template: string | undefined): Job | undefined {
  const facts = readFacts(text);
  const job = findJob(text, facts);
  if (template === undefined || job?.template === template) return job;
  return toJob(template);
}

interface JobFacts {
  readonly hasDataFile: boolean;
  readonly hasForeignFile: boolean;
  readonly hasPlace: boolean;
}

function readFacts(text: Text): JobFacts {
  const paths = [...text.rest.matchAll(new RegExp(PATH, 'gu'))].map(([token]) =>
    extensionOf(text.value(token).replace(/\*/g, 'x')),
  );
  return {
    hasDataFile: paths.some((extension) => extension in READABLE),
    hasForeignFile: paths.some(isForeign),
    hasPlace: paths.length > 0,
  };
}

function findJob(text: Text, facts: JobFacts): Job | undefined {
  if (!isEnglish(text)) return undefined;
  const isReport = text.has(REPORT) || takeableMeasures(text);
  if (text.has(COPY) && !(facts.hasDataFile && isReport)) return { kind: 'copy', template: 'backup-agent' };
  const outside =
    facts.hasPlace || text.has('\\b(?:csv|json|jsonl|xml|log|txt|pdf|jpg|png)\\s+files?')
      ? undefined
      : findOutside(text);
  if (outside !== undefined) return outside;
  if (text.has(MERGE) && !text.has(`\\b${verbs('move|organize|organise')}${END}`))
    return isReport ? { kind: 'report', template: 'report-generator' } : { kind: 'merge', template: 'data-processor' };
  if (!facts.hasDataFile || text.has(`\\b${verbs('move')}${END}`)) {
    if (text.has(MOVE) && !text.has(`\\b${verbs('parse|deduplicate|dedupe|trim|rename')}${END}`))
      return { kind: 'organize', template: 'file-organizer' };
    if (text.has(DELETE) && !isReport) return { kind: 'delete', template: 'file-organizer' };
  }
  if (isReport) return { kind: 'report', template: 'report-generator' };
  const known = text.has(`(?:^|[\\s¦,])(?:${FRAME_VERBS}|${STEP_VERBS})${END}`);
  if (!known) return undefined;
  if (text.has(URL_MARK)) return { kind: 'outside', template: 'web-scraper' };
  if (facts.hasDataFile || facts.hasForeignFile || text.has(`\\b${DATA}${END}`))
    return { kind: 'data', template: 'data-processor' };
  return facts.hasPlace ? { kind: 'data', template: 'data-processor' } : (findOutside(text) ?? findVague(text));
}

const ENGLISH = /\b(?:the|and|to|from|of|all|every|each|with|by|where|is|it|into|for|files?|rows|then)\b/giu;
const FOREIGN_WORDS =
  /(?<![\p{L}])(?:der|die|das|den|dem|und|ein|eine|einen|einem|aus|von|mit|für|jeden|jede|alle|nach|ist|le|les|et|une|des|du|dans|pour|avec|chaque|tous|toutes|los|las|el|una|cada|con|para|todos|todas|por|y|il|gli|della|ogni|tutti|da|het|een|van|elke|voor|w|z|i|na|do|och|och|ett|från)(?![\p{L}])/giu;

/** Words of another language may look like ours ("Tag"); more of its small words than English ones settle it. */
function isEnglish(text: Text): boolean {
  const foreign = text.rest.match(FOREIGN_WORDS)?.length ?? 0;
  return foreign < 2 || foreign <= (text.rest.match(ENGLISH)?.length ?? 0);
}

function findOutside(text: Text): Job | undefined {
  if (text.has(URL_MARK) && text.has(`\\b(?:${verbs('monitor|check|ping|watch|test')}|health|uptime|api)${END}`))
    return { kind: 'outside', template: 'api-monitor' };
  const template = OUTSIDE.find(([, words]) => text.has(words))?.[0];
  return template === undefined ? undefined : { kind: 'outside', template };
}

/** "Process the feedback": English, but without anything to read. */
function findVague(text: Text): Job | undefined {
  return text.has(
    `\\b(?:${verbs('process|clean|cleanse|convert|transform|parse|filter|deduplicate|dedupe|analyze|analyse')})${END}`,
  )
    ? { kind: 'data', template: 'data-processor' }
    : undefined;
}

function toJob(template: string): Job {
  switch (template) {
    case 'data-processor':
      return { kind: 'data', template };
    case 'report-generator':
      return { kind: 'report', template };
    case 'file-organizer':
      return { kind: 'organize', template };
    case 'backup-agent':
      return { kind: 'copy', template };
    default:
      return { kind: 'outside', template };
  }
}
