/** Small tables of words, and patterns made of them. Patterns are sources for `new RegExp(source, 'iu')`. */

/** Formats that `data.parse` reads, and those that `data.format` writes, by the extension of their files. */
export const READABLE: Readonly<Record<string, string>> = {
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  xml: 'xml',
};
export const WRITABLE: Readonly<Record<string, string>> = {
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
};
export const EXTENSION_OF: Readonly<Record<string, string>> = {
  csv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  markdown: 'md',
  html: 'html',
};

const FOREIGN_FORMATS = 'xlsx xls ods pdf docx doc odt pptx ppt parquet avro yaml yml toml tsv rtf epub numbers';
const OTHER_EXTENSIONS =
  'txt log ini conf env sql db sqlite bak tmp temp old orig swp jpg jpeg png gif webp svg bmp tif tiff heic raw psd ico mp3 wav flac ogg m4a mp4 mov avi mkv webm zip tar gz tgz rar 7z bz2 xz iso dmg exe msi deb rpm apk js mjs ts jsx tsx css scss py ipynb java go rs c h cpp cs rb php sh bat ps1 eml msg ics vcf dat bin part crdownload torrent dwg dxf stl ttf otf woff';
/** Formats people name in sentences, although nothing here reads or writes them. */
export const FOREIGN: readonly string[] = [...FOREIGN_FORMATS.split(' '), 'excel', 'word', 'powerpoint', 'spreadsheet'];
export const EXTENSIONS: ReadonlySet<string> = new Set([
  ...Object.keys(READABLE),
  ...Object.keys(WRITABLE),
  ...FOREIGN_FORMATS.split(' '),
  ...OTHER_EXTENSIONS.split(' '),
]);

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
export const NUMBER = `(?:\\d+(?:\\.\\d+)?|${NUMBERS.join('|')}|a|an|fifteen|twenty|thirty|fifty|sixty|ninety|hundred)`;
const TENS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  fifty: 50,
  sixty: 60,
  ninety: 90,
  hundred: 100,
};

export function toNumber(word: string): number {
  const lower = word.toLowerCase();
  if (/^\d/.test(lower)) return Number(lower);
  return TENS[lower] ?? NUMBERS.indexOf(lower);
}

/** `drop|save` in every form: drop, drops, dropped, dropping, save, saves, saved, saving. */
export function verbs(bases: string): string {
  return `(?:${bases.split('|').map(toForms).join('|')})`;
}

function toForms(base: string): string {
  if (base.endsWith('e')) return `${base.slice(0, -1)}(?:e|es|ed|ing)`;
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}(?:y|ies|ied|ying)`;
  return `${base}(?:${base.at(-1) ?? ''}?(?:ed|ing)|e?s)?`;
}

/** What people call the rows of a table. */
export const ROWS =
  '(?:rows?|records?|entries|entry|lines?|items?|orders?|customers?|users?|people|persons?|products?|transactions?|sales|invoices?|payments?|employees?|contacts?|events?|tickets?|reviews?|visits?|requests?|readings?|measurements?|observations?|cars?|movies?|countries|cities|companies|students?|leads?|members?|subscriptions?|shipments?|ones|those|them|data)';
export const THE =
  '(?:(?:the|all|any|every|each|a|an|my|our|its|their|of|whole|entire|exact|only|just|those|these|such|remaining|other)\\s+)*';

/** Verbs that only frame the work; they need no step of their own. */
export const FRAME_VERBS = verbs(
  'read|load|open|take|fetch|import|get|use|give|run|do|make|create|build|generate|produce|prepare|process|handle|clean|cleanse|convert|transform|turn|change|parse|scan|save|store|write|export|output|put|place|show|list|find|look|report|summarize|summarise|calculate|compute|merge|combine|join|concatenate|consolidate|append|stack|collect|gather|need|want|work|start|keep|apply|contain|include|have|be|tidy|organize|organise|arrange|reorganize|reorganise|sum|draw|add|result|call|name|group|analyze|analyse|return|present|break|let|go|ensure|format|update|data',
);

/** Verbs of which each needs a step: left over, they mean that something was not understood. */
export const STEP_VERBS = verbs(
  'sort|order|drop|remove|delete|filter|exclude|skip|ignore|rename|trim|strip|dedupe|deduplicate|lowercase|uppercase|capitalize|capitalise|limit|select|move|copy|archive|back|translate|email|mail|send|notify|alert|post|publish|upload|download|encrypt|decrypt|compress|zip|unzip|extract|resize|crop|print|validate|verify|check|split|pivot|unpivot|fill|replace|substitute|mask|anonymize|anonymise|redact|hash|round|normalize|normalise|standardize|standardise|enrich|classify|categorize|categorise|predict|forecast|train|compare|reconcile|match|schedule|monitor|watch|scrape|crawl|query|ping|approve|reject|reply|respond|forward|sync|synchronize|mirror|restore|commit|push|pull|deploy|install|execute|invoke|trigger|wait|ask|tell|remind|flag|highlight|color|colour|escape|encode|decode|geocode|cluster|impute|interpolate|aggregate|multiply|divide|subtract|increase|decrease|double|shuffle|sample|transpose|flatten|explode|concat|unite|rotate|truncate|overwrite|touch|chmod|chown|link|share|invite|buy|pay|refund|charge|cancel|subscribe|unsubscribe|detect|recognize|recognise|transcribe|improve|optimize|optimise|fix|repair|correct|guess|infer',
);
export const CONDITION_WORDS =
  '(?:where|whose|only|without|except|unless|if|when|but|between|until|while|older|newer|larger|smaller|bigger|before|after|since|not|never|starting|ending|beginning|containing|matching)';
