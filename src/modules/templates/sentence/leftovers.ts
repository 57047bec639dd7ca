import { cutText } from '../../../kernel/json.ts';
import type { Missing } from '../../../kernel/run/model.ts';
import type { Text } from './text.ts';
import { CONDITION_WORDS, FRAME_VERBS, ROWS, STEP_VERBS } from './words.ts';

const END = '(?![\\w-])';
const ADVERBS =
  '(?:(?:also|please|finally|first|firstly|next|afterwards|after\\s+that|additionally|it|they|which|that|should|will|must|can|shall|to|i|we|you|would|like|want|need|then|and|so|just|automatically|simply|once\\s+done)\\s+)*';
const CHANGES = '(?:sort|filter|rename|lowercase|uppercase|deduplicate|dedupe|trim|drop)(?:s|ed|ing|ped|ping)?';
const UNKNOWN_MEASURES =
  '(?:median|percentages?|percentiles?|ratio|variance|standard\\s+deviation|distinct|correlation|trends?|growth|moving\\s+average|quartiles?)';
/** Numbers, orders and keys say how something is to be done, so they are never left over without a reason. */
const DETAILS = `(?:\\d+|(?:high|low|larg|small|bigg|new|old|lat|earli|great|cheap|long|short|fast|slow)(?:est|er)|first|last|top|bottom|(?:de|a)scending|(?:by|on|per)\\s+(?!default|hand|itself|disk|time|demand|request|the\\s+way)[\\p{L}_"‹])`;
const OBJECT = '(?:the|a|an|it|them|all|every|each|my|our|any|these|those|‹[qpue]\\d+›)';

const HARMLESS = new Set(
  'a all also an and any as at be by can clean clear contents copies copy daily do each every everything file files folder folders for from get go in inside into is it its just make must my new now of old on onto our out over please put run save should so store that the their them then there these they this those through to up us using we which while with within would you your job task time keep safe backup backups data move organize organise tidy sort arrange located stored found are be named called same way automatically always whole entire'.split(
    ' ',
  ),
);

/** For jobs that move and delete: every word that was not read may have said which files are meant. */
export function findUnread(text: Text): Missing[] {
  const segments = text.rest.split(/[,;:()!?\n¦]|\.(?:\s|$)/u);
  return segments.flatMap((segment) => {
    const words = segment
      .trim()
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word) && !HARMLESS.has(word.toLowerCase()));
    return words.length === 0 ? [] : [toMissing(text.plain(segment))];
  });
}

/** What remains of the sentence that asks for something: it is named, never left out silently. */
export function findLeftovers(text: Text): Missing[] {
  const segments = text.rest.split(/[,;:()!?\n]|\.(?:\s|$)|\b(?:and|then|but|so)\b/u);
  return segments.flatMap((segment) => {
    const words = segment.replace(/[\s¦]+/g, ' ').trim();
    return words !== '' && asksForSomething(words, segment) ? [toMissing(text.plain(words))] : [];
  });
}

function asksForSomething(words: string, segment: string): boolean {
  const has = (source: string): boolean => new RegExp(source, 'iu').test(words);
  if (has(`\\b${DETAILS}`) || has(`\\b(?:${CHANGES}|${UNKNOWN_MEASURES}|${CONDITION_WORDS})${END}`)) return true;
  if (has(`^${ADVERBS}${STEP_VERBS}${END}`)) return true;
  // A word where a verb stands, with an object behind it, is a request even when nobody knows the verb.
  const isStart = !/^\s*¦/.test(segment);
  return (
    isStart &&
    has(
      `^${ADVERBS}(?!${FRAME_VERBS}${END})(?!(?:in|from|to|into|of|for|with|by|on|at|as|all|each|every|the|a|an|this|that|these|those|my|our|its|their|per|both|is|are|be|out|up|via|using|about|through|over|under)${END})[\\p{L}]{3,}\\s+${OBJECT}${END}`,
    )
  );
}

function toMissing(words: string): Missing {
  if (
    new RegExp(
      `\\b(?:where|whose|only|keep|drop|remove|exclude|filter|without|with)${END}.*\\b(?:${ROWS})${END}|\\b(?:where|whose)${END}`,
      'iu',
    ).test(words)
  ) {
    return {
      what: `a column in the condition \`${cutText(words, 200)}\``,
      hint: 'Name a column of the file and what it must be, such as "keep rows where year is 2024".',
    };
  }
  return {
    what: `not understood: \`${cutText(words, 200)}\``,
    hint: 'Say it in other words, leave it out, or give the `steps` yourself; the resource `agentos://actions` lists what a step can do.',
  };
}
