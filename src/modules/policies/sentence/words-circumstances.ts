import { quote } from './cel.ts';
import { named, phrase, toValueMeaning, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Facet, Kind, Value } from './parts.ts';

const at = (facet: Facet, pattern: string, text: string, some: string, family?: Kind): Entry =>
  phrase(pattern, { facet, text, some, ...(family === undefined ? {} : { family }) });

const IN = '(?:in |on |to |into |against |within |for |from |of |at )?(?:the |our |any |a )?';
const HEAD = '(?: (?:environments?|systems?|databases?|servers?|dbs?|stages?|clusters?))?';

/** "The production database" is a database as well. */
function environment(words: string, text: string, some: string): Entry {
  const value: Value = { facet: 'environment', text, some };
  return {
    pattern: `${IN}(?:${words})( databases?| dbs?| tables?| data)?(?: environments?| systems?| servers?| stage| clusters?)?`,
    read: ([head]) => [
      toValueMeaning(value),
      ...(head === undefined || head.trim() === 'data'
        ? []
        : [toValueMeaning({ facet: 'kind', kind: 'sql', text: 'database queries', some: '' } as const)]),
    ],
  };
}

export const ENVIRONMENT_WORDS: readonly Entry[] = [
  environment('production|prod|live', 'in production', 'action.production'),
  environment('staging|pre-?production|pre-?prod', 'in staging', 'environment == "staging"'),
  environment('test|testing|qa', 'in the test environment', 'environment == "test"'),
  environment('development|dev', 'in development', 'environment == "development"'),
  at('environment', `${IN}non-?production${HEAD}`, 'outside of production', '!action.production'),
];

const WITH =
  '(?:with|that (?:have|has|had|contain)|having|has|have|given|includ(?:e|es|ing)|there is|(?:that )?stat(?:es?|ing)|specif(?:y|ies|ying)|provid(?:e|es|ing)|nam(?:es?|ing)|declar(?:es?|ing)|carry(?:ing)?|reference|references|referencing|link(?:s|ed)? to)?';
const declared = (words: string, text: string, some: string): Entry =>
  at(
    'declared',
    `(?:${WITH} )?(?:(?:a|an|the|any|some|its|their|our|valid|recorded|stated|declared|documented|clear|explicit|linked|verified|confirmed|recent|change|approved|open|jira|support|specified|legitimate|lawful|proper|named) ){0,5}(?:${words})(?: (?:is|was|has been|have been|are))?(?: (?:given|declared|stated|recorded|specified|provided|set|attached|available|in place|known|confirmed|referenced|named|taken|made|verified|exists?|present|on file|first|obtained|linked|number|id|reference)){0,5}`,
    text,
    some,
  );

export const DECLARED_WORDS: readonly Entry[] = [
  declared(
    'purposes?|reasons?|justifications?|business (?:purpose|reason)s?',
    'with a purpose',
    'declared.purpose != ""',
  ),
  declared(
    'tickets?|change requests?|issue numbers?|ticket (?:numbers?|ids?|references?)|jira tickets?',
    'with a ticket',
    'declared.ticket != ""',
  ),
  declared(
    "consent(?: of (?:the )?(?:person|customer|user|patient|data subject)s?(?: concerned)?| from (?:the )?(?:person|customer|user|patient|data subject)s?)?|(?:user|customer|patient|data subject)'?s? consent|(?:the )?(?:person|customer|user|patient|data subject)s?(?:'s)? (?:has |have )?consent(?:ed|s)?|consented",
    'with consent',
    'declared.consent == "verified"',
  ),
  declared(
    'back-?ups?(?: copy| copies)?|snapshots?|backed[- ]up',
    'with a confirmed backup',
    'declared.backupConfirmed',
  ),
  declared(
    'roll-?back(?: plans?)?|way back|back-?out plans?|rollback procedures?',
    'with a rollback plan',
    'declared.rollbackPlan != ""',
  ),
  declared('legal bas[ie]s|lawful bas[ie]s', 'with a legal basis', 'declared.legalBasis != ""'),
  named(`(?:for |with )(?:the )?purposes? (?:of |is |called )?${NAME}`, (given) => {
    const name = toName(given);
    return name === undefined
      ? undefined
      : { facet: 'declared', text: `with the purpose ${show(name)}`, some: `declared.purpose == ${quote(name)}` };
  }),
];
