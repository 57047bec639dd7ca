import { mark, toValueMeaning, type Entry } from './item.ts';
import { toRowLimit, toSize } from './quantities.ts';
import { KIND_WORDS, OP_WORDS } from './words-actions.ts';
import { ACTOR_WORDS, FIRST_WORDS } from './words-actors.ts';
import { APPROVAL_WORDS, APPROVER_WORDS } from './words-approvals.ts';
import { DECLARED_WORDS, ENVIRONMENT_WORDS } from './words-circumstances.ts';
import { DATA_WORDS, WHOSE_WORDS } from './words-data.ts';
import { EFFECT_WORDS } from './words-effects.ts';
import { FILE_WORDS } from './words-files.ts';
import { FILLER, MARK_WORDS } from './words-marks.ts';
import { NUMBER, NUMBER_WORDS, readSizes, toNumber, WINDOW_WORDS } from './words-numbers.ts';
import { CHAT_WORDS, DESTINATION_WORDS, METHOD_WORDS, RECIPIENT_WORDS, WEB_WORDS } from './words-outside.ts';
import { SQL_WORDS } from './words-sql.ts';
import { STORE_WORDS } from './words-stores.ts';

import { TIME_WORDS } from './words-time.ts';
import { MODEL_WORDS, TOOL_WORDS } from './words-tools.ts';
import { PHASE_WORDS, SHELL_WORDS, TRAIT_WORDS } from './words-traits.ts';

const COMPARED = {
  'more than': '>',
  over: '>',
  above: '>',
  'at least': '>=',
  'less than': '<',
  'up to': '<=',
  'at or below': '<=',
  'at most': '<=',
  'no more than': '<=',
} as const;

const ROW_LIMIT: Entry = {
  pattern: `(?:with |have |has |use |include )?(?:a )?limit (?:clause )?(?:of )?(${Object.keys(COMPARED).join('|')}) ${NUMBER}(?: rows?| records?)?`,
  read: ([words = '', number = '']) => {
    const comparison = COMPARED[words.toLowerCase() as keyof typeof COMPARED];
    return [
      toValueMeaning(
        toRowLimit(comparison, toNumber(number), comparison === '<=' && words.toLowerCase() !== 'at or below'),
      ),
    ];
  },
};

/** All phrases that mean something. Of those that fit, the longest counts; of equally long ones the first. */
export const LEXICON: readonly Entry[] = [
  ...METHOD_WORDS,
  ...EFFECT_WORDS,
  ...APPROVAL_WORDS,
  ...APPROVER_WORDS,
  ROW_LIMIT,
  ...SQL_WORDS,
  ...DATA_WORDS,
  ...WHOSE_WORDS,
  ...DECLARED_WORDS,
  ...TRAIT_WORDS,
  ...FIRST_WORDS,
  ...SHELL_WORDS,
  ...PHASE_WORDS,
  ...ENVIRONMENT_WORDS,
  ...TIME_WORDS,
  ...KIND_WORDS,
  ...OP_WORDS,
  ...DESTINATION_WORDS,
  ...RECIPIENT_WORDS,
  ...CHAT_WORDS,
  ...WEB_WORDS,
  ...MODEL_WORDS,
  ...TOOL_WORDS,
  ...STORE_WORDS,
  ...FILE_WORDS,
  ...readSizes((comparison, bytes, isMaximum) => toValueMeaning(toSize(comparison ?? '>', bytes, isMaximum))),
  ...NUMBER_WORDS,
  ...WINDOW_WORDS,
  ...ACTOR_WORDS,
  ...MARK_WORDS,
  mark(FILLER, 'filler'),
];
