import {
  CONTACT_CLASSES,
  DATA_CLASSES,
  PERSONAL_CLASSES,
  type DataClass,
} from '../../../kernel/policy/data-classes.ts';
import { anyOf, holdsOneOf, holdsOnly, quote } from './cel.ts';
import { named, phrase, toValueMeaning, type Entry } from './item.ts';
import type { Scene, Value } from './parts.ts';
import { NAME, toName } from './name.ts';

/** A transform changes values that were found, those that only look alike too; a ban is about named columns as well. */
function inContent(condition: string, content: string): (scene: Scene) => string {
  return ({ isTransform }) => (isTransform ? content : condition);
}

export function toData(text: string, classes: readonly DataClass[]): Value {
  return {
    facet: 'data',
    text,
    some: inContent(
      holdsOneOf('data.classes', classes),
      anyOf(holdsOneOf('data.contentClasses', classes), holdsOneOf('data.suspectedClasses', classes)),
    ),
    all: holdsOnly('data.classes', classes),
    classes,
  };
}

const PERSONAL: Value = {
  facet: 'data',
  text: 'personal data',
  some: inContent('data.personal', 'data.contentClasses.exists(x, x != "credential")'),
  classes: PERSONAL_CLASSES,
};
const RESTRICTED: Value = {
  facet: 'data',
  text: 'sensitive data',
  some: inContent('data.level in ["confidential", "restricted"]', 'data.contentClasses.size() > 0'),
  classes: DATA_CLASSES,
};
const SECRETS: Value = {
  facet: 'data',
  text: 'secrets',
  some: inContent('secrets.count > 0 || "credential" in data.classes', 'secrets.count > 0 || secrets.suspected'),
  classes: ['credential'],
};
export const CREDENTIALS = 'in places where credentials live';
const CREDENTIAL_PLACES: Value = {
  facet: 'path',
  text: CREDENTIALS,
  some: 'file.credentialPlace || shell.credentialRead',
  family: 'file',
};

/** Words for what the data are in. They add nothing: the class says it. */
const OF =
  '(?: (?:numbers?|nos?\\.?|data|details?|info|information|records?|fields?|values?|columns?|entries|content|codes?|credentials?)){0,5}';
const WHOSE =
  "(?:(?:customers?'?|clients?'?|users?'?|employees?'?|patients?'?|people|persons?'?|staff|members?'?|subscribers?'?|students?'?|guests?'?|individuals?'?|visitors?'?|applicants?'?|a|the|any|personal|private|raw|full|unmasked|plain(?:text)?|unredacted)(?:'s)? ){0,5}";

function data(pattern: string, text: string, ...classes: readonly DataClass[]): Entry {
  return phrase(`${WHOSE}(?:${pattern})${OF}`, toData(text, classes));
}

/** Every class alone, by the name that decisions use. */
const CLASS_TEXTS: Record<DataClass, readonly [text: string, pattern: string]> = {
  email: ['e-mail addresses', 'e-?mail addresses|e-?mail address|addresses of e-?mails'],
  phone: ['phone numbers', '(?:tele)?phone|mobile (?:phone )?numbers?|cell(?:phone)? numbers?|phone numbers?'],
  name: [
    'names of persons',
    '(?:first |last |full |sur)names?|names? of (?:persons|people|customers|patients|employees)|names?',
  ],
  address: [
    'postal addresses',
    '(?:postal|home|street|mailing|residential|physical|shipping|billing) address(?:es)?|(?<=names? (?:and|or) )addresses',
  ],
  birth_date: ['birth dates', '(?:dates? of birth|birth ?dates?|birthdays?|dob|dobs)'],
  national_id: [
    'national ids',
    'ssns?|social security(?: numbers?)?|national (?:id|identity|identification|insurance)(?: numbers?| cards?)?|national ids|tax (?:ids?|identification)(?: numbers?)?|identity numbers?|id numbers?|tins?',
  ],
  passport: ['passport numbers', 'passports?(?: numbers?)?'],
  payment_card: ['card numbers', 'card numbers?|pans?|primary account numbers?'],
  card_code: ['card codes', 'card codes?|cvvs?2?|cvc2?|card (?:verification|security) (?:codes?|values?|numbers?)'],
  bank_account: [
    'bank accounts',
    'ibans?|bank(?:ing)?(?: accounts?)?(?: numbers?| details?)?|account numbers?|routing numbers?|sort codes?',
  ],
  ip_address: ['IP addresses', 'ip addresses|ip address|ips'],
  health: [
    'health data',
    'health(?:care)?|medical|patient (?:data|records?|information|files?)|phi|diagnos(?:is|es)|prescriptions?|clinical|(?:medical|health) (?:histor(?:y|ies)|conditions?|records?)|lab results?|medication(?:s)?',
  ],
  biometric: ['biometric data', 'biometrics?|fingerprints?|face scans?|facial recognition|retina scans?'],
  genetic: ['genetic data', 'genetics?|dna|genomes?|genomic'],
  special_category: [
    'special category data',
    'special[- ]categor(?:y|ies)(?: of)?(?: personal)?|religio(?:n|us)(?: beliefs?)?|ethnicit(?:y|ies)|race|political (?:opinions?|views?)|sexual orientation|trade union membership|union membership',
  ],
  child: ['data of children', "(?:data (?:of|about) )?(?:children(?:'s)?|child(?:'s)?|minors?(?:'s?)?|kids)"],
  location: ['locations', 'location|geo-?locations?|gps|whereabouts|coordinates|locations'],
  credential: ['credentials', 'credentials?'],
};

export const DATA_WORDS: readonly Entry[] = [
  ...DATA_CLASSES.filter((name) => name !== 'credential').map((name) =>
    data(CLASS_TEXTS[name][1], CLASS_TEXTS[name][0], name),
  ),
  data(
    '(?:credit|debit|payment|bank)(?:[- ]| and debit | or debit )?cards?|cardholder|cards? (?:data|details|info|information)|pci|credit-card',
    'payment card data',
    'payment_card',
    'card_code',
  ),
  data('contact (?:details?|data|information|info)', 'contact details', ...CONTACT_CLASSES),
  phrase(
    `${WHOSE}(?:personal(?:ly identifiable| identifiable| identifying)?|pii|private|personally identifying) ?(?:data|information|details|info|records|fields|content)?|pii|data about (?:people|persons|individuals|customers)|identifiable data`,
    PERSONAL,
  ),
  phrase(
    `${WHOSE}(?:sensitive|confidential|restricted|protected|classified|proprietary)(?: or (?:sensitive|confidential|restricted))? ?(?:personal )?(?:data|information|details|info|content|records|material|fields)?`,
    RESTRICTED,
  ),
  phrase(
    `${WHOSE}(?:(?:hard-?coded |plain-?text |stored )?(?:secrets?|(?:(?:aws|gcp|azure|github|stripe|openai|cloud|google|slack) )?(?:api|access|private|secret|encryption|signing)(?: access)? ?-?(?:keys?|tokens?)|(?:auth |bearer |oauth |session |github |aws )?tokens?|passwords?|credentials?|(?:aws|cloud|login|database) (?:keys?|credentials?|secrets?|passwords?)|keys)(?: (?:and|or) (?:secrets?|passwords?|tokens?|(?:api )?keys?|credentials?)){0,5})(?: values?)?`,
    SECRETS,
  ),
  phrase(
    `(?:in |from |to )?(?:(?:places|files|folders) where credentials live|credential (?:files?|stores?|places?)|ssh keys?|(?:\\.ssh|\\.aws|\\.env|dotenv|env)(?: (?:files?|folders?|director(?:y|ies)))?|\\.env|\\.ssh|\\.aws|\\.pem(?: files?)?|keychains?|password (?:files?|stores?)|secrets? files?)`,
    CREDENTIAL_PLACES,
  ),
];

/** Both numbers of a word, so that `customer` also finds `customers`. */
export function toNumbers(word: string): readonly string[] {
  const single = /[^aeiou]ies$/.test(word)
    ? `${word.slice(0, -3)}y`
    : word.replace(/(?<=ss|x|ch|sh|us)es$/, '').replace(/(?<=[^su])s$/, '');
  return [...new Set([single, word])];
}

/** Data that no class stands for: fields, columns, tables and files that bear the word. */
export function toWordValue(name: string): Value {
  const word = toNumbers(name.toLowerCase())[0] ?? name;
  const stem = word.replaceAll(' ', '_');
  const text = `data named \`${name.toLowerCase()}\``;
  const contains = (list: string) => `${list}.exists(x, x.contains(${quote(stem)}))`;
  return {
    facet: 'word',
    text,
    some: anyOf(
      contains('data.fields'),
      contains('sql.columns'),
      contains('sql.tables'),
      contains('file.relativePaths'),
    ),
  };
}

export const WHOSE_WORDS: readonly Entry[] = [
  named(`(?:data|information|records|fields|details) (?:named|about|on|called) ${NAME}`, (name) => {
    const plain = toName(name);
    return plain === undefined ? undefined : toWordValue(plain);
  }),
  {
    pattern:
      "(customer|client|user|employee|member|subscriber|student|staff|hr)s?(?:'s?|s')? (?:data|records?|information|info|details|profiles?)",
    read: ([whose]) => (whose === undefined ? undefined : [toValueMeaning(toPersons(whose))]),
  },
];

/** Data about somebody: whatever is personal, and what is named after them. */
function toPersons(whose: string): Value {
  const plain = toWordValue(whose).some;
  return {
    facet: 'data',
    text: `${whose} data`,
    some: inContent(
      anyOf('data.personal', typeof plain === 'string' ? plain : ''),
      'data.contentClasses.exists(x, x != "credential")',
    ),
    classes: PERSONAL_CLASSES,
  };
}

/** How the classes of data are called in sentences. */
export const CLASS_NAMES: readonly string[] = [
  ...Object.values(CLASS_TEXTS).map(([text]) => text),
  'personal data',
  'secrets',
];
