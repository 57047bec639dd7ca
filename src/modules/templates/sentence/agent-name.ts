import type { Job } from './job.ts';

const ROLE: Readonly<Record<string, string>> = {
  clean: 'cleaner',
  convert: 'converter',
  process: 'processor',
  merge: 'merger',
  combine: 'merger',
  report: 'report-generator',
  summarize: 'report-generator',
  summarise: 'report-generator',
  organize: 'organizer',
  organise: 'organizer',
  move: 'mover',
  delete: 'cleaner',
  back: 'backup',
  copy: 'copier',
  monitor: 'monitor',
  check: 'monitor',
  scrape: 'scraper',
  collect: 'collector',
  moderate: 'moderator',
  analyze: 'analyzer',
  analyse: 'analyzer',
  post: 'poster',
  send: 'sender',
  query: 'analyst',
  watch: 'monitor',
  answer: 'responder',
  reply: 'responder',
  sort: 'sorter',
  generate: 'generator',
  translate: 'translator',
  archive: 'archiver',
  fetch: 'fetcher',
  read: 'reader',
  review: 'reviewer',
  track: 'tracker',
  notify: 'notifier',
};
const BY_KIND: Readonly<Record<Job['kind'], string>> = {
  data: 'processor',
  merge: 'merger',
  report: 'report-generator',
  organize: 'organizer',
  delete: 'cleaner',
  copy: 'backup',
  outside: 'agent',
};
const SKIPPED = new Set(
  'a an the my our your their its all every each new me please that which to of and agent create build make need want i for it this these those daily weekly monthly hourly nightly day week month hour night morning evening up minute minutes hours days weeks'.split(
    ' ',
  ),
);
const PREPOSITION =
  /^(?:from|in|to|into|by|with|on|at|as|for|where|whose|every|each|daily|weekly|monthly|hourly|nightly|and|then|if|when|using|via|per|about|of)$/;
const MAX_LENGTH = 60;

/** A name such as `customer-feedback-processor`: what the agent handles, then what it is. */
export function nameAgent(sentence: string, job: Job | undefined, subject: string | undefined): string {
  const words = (
    sentence
      .toLowerCase()
      .replace(/https?:\/\/\S+/g, '')
      .match(/[a-z0-9][a-z0-9'_-]*/g) ?? []
  ).map((word) => word.replaceAll("'", ''));
  const verbAt = words.findIndex((word) => toRole(word) !== undefined);
  const role =
    (verbAt < 0 ? undefined : toRole(words[verbAt] ?? '')) ?? (job === undefined ? 'agent' : BY_KIND[job.kind]);
  if (job === undefined) return toSlug([...words.filter((word) => !SKIPPED.has(word)).slice(0, 4), 'agent']);
  if (subject !== undefined && subject !== '')
    return toSlug([subject, job.kind === 'data' && ['cleaner', 'converter'].includes(role) ? role : BY_KIND[job.kind]]);
  const object = words.slice(verbAt + 1);
  const end = object.findIndex((word, index) => PREPOSITION.test(word) && index > 0);
  const nouns = object
    .slice(0, end < 0 ? undefined : end)
    .filter((word) => !SKIPPED.has(word) && !PREPOSITION.test(word) && !/^\d+$/.test(word));
  return nouns.length === 0
    ? toSlug([job.template])
    : toSlug([...nouns.slice(0, 3), job.kind === 'copy' ? 'backup' : role]);
}

function toRole(word: string): string | undefined {
  return (
    ROLE[word] ??
    ROLE[word.replace(/s$/, '')] ??
    ROLE[word.replace(/(?:e?s|ing|ed)$/, '')] ??
    ROLE[word.replace(/(?:ing|ed)$/, 'e')]
  );
}

function toSlug(parts: readonly string[]): string {
  const slug = parts
    .join('-')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const unique = slug.split('-').filter((word, index, all) => word !== all[index - 1]);
  const short = unique.join('-').slice(0, MAX_LENGTH).replace(/-+$/, '');
  return short === '' || short === 'agent' ? 'new-agent' : short;
}
