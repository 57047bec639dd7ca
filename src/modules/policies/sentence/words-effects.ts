import type { Entry, Meaning } from './item.ts';
import type { Effect } from './parts.ts';

function effect(pattern: string, value: Effect, isLeading = false): Entry {
  const meanings: Meaning[] = [{ kind: 'effect', effect: value }];
  return { pattern, read: () => meanings, ...(isLeading ? { isLeading } : {}) };
}

const DENY: Effect = { kind: 'deny' };
const CRITICAL: Effect = { kind: 'deny', isCritical: true };
const LOG: Effect = { kind: 'log' };
const WARN: Effect = { kind: 'log', isWarning: true };
const REDACT: Effect = { kind: 'redact' };
const MASK: Effect = { kind: 'mask' };

const WHO =
  '(?:(?:the |any |all |an |our |your |my |ai |every ){0,5}(?:agents?|bots?|assistants?|it|them|him|anyone|anybody|everyone|users?|the system|automation|llms?|us|you|me|people) ?)';
const REFUSED =
  '(?:block(?:s|ed|ing)?|den(?:y|ies|ied|ying)|forbid(?:s|den|ding)?|prohibit(?:s|ed|ing)?|ban(?:s|ned|ning)?|disallow(?:s|ed|ing)?|refus(?:e|es|ed|ing)|reject(?:s|ed|ing)?|prevent(?:s|ed|ing)?|stop(?:s|ped|ping)?|bar(?:s|red|ring)?|veto|halt(?:s|ed)?|cancel(?:led)?|abort|disable(?:d|s)?|outlaw(?:ed)?|restrict(?:ed)? access to|prohibition(?: of| on)?)';
const BE =
  '(?:is|are|be|being|been|gets?|get|was|were|should be|must be|shall be|have to be|has to be|will be|needs? to be)';
const NEGATIVE = "(?:must|may|should|shall|can|could|will|would|do|does|did|is|are|need|has|have)(?: not|n't)";

export const EFFECT_WORDS: readonly Entry[] = [
  effect(
    '(?:(?:it |this )?(?:should|must|shall|has to|is to) be |is |are )?(?:impossible|forbidden|prohibited)(?: to| for)?',
    DENY,
  ),
  effect(
    '(?:mask(?:s|ed|ing)?|hid(?:e|es|den)|redact(?:ed)?|censor) (?:everything|all)(?: digits)? (?:but|except) the last (?:four|4)(?: digits)?(?: of)?',
    MASK,
  ),
  effect(
    `(?:${BE} )?(?:always |strictly |completely |immediately |automatically )?${REFUSED}(?: (?:any|all|every|the) (?:attempts?|tries))?(?: ${WHO})?(?:(?: attempts?)? ?(?:from|to)(?= [a-z]+ing\\b))?`,
    DENY,
  ),
  effect(`(?:${BE} )?(?:strictly |absolutely )${REFUSED}`, CRITICAL),
  effect(
    `(?:(?:i|we) )?(?:do not|don't|never|must not|may not|should not|shouldn't|cannot|can't|mustn't|won't|will not) (?:ever )?(?:want|allow|let|permit|accept|enable|tolerate|like|wish)(?: for)?(?: ${WHO})?(?: ?to)?`,
    DENY,
  ),
  effect(
    `(?:${NEGATIVE}|cannot|can't|never)(?: ever)?(?: be)?(?: (?:allowed|permitted|able|authori[sz]ed|supposed))?(?: to)?(?: be)?(?: ever)?`,
    DENY,
  ),
  effect(
    `(?:must|may|should|shall|can|could|will) (?:never|under no circumstances|not ever)(?: be)?(?: (?:allowed|permitted|able))?(?: to)?(?: be)?`,
    DENY,
  ),
  effect(
    `(?:${BE} )?(?:not|never) (?:be )?(?:allowed|permitted|ok|okay|acceptable|authori[sz]ed|fine|tolerated)(?: to)?|(?:${BE} )?(?:off[- ]limits|unacceptable|illegal|out of bounds|a no-go|taboo|disallowed)`,
    DENY,
  ),
  effect(
    `(?:there (?:must|should|shall|may|can) be )?no(?: more)?|nobody|no one|no-one|nothing|none of|not a single|no (?:agents?|bots?|one|actions?|ai)(?: (?:may|can|should|must|shall|is allowed to|are allowed to))?|not any`,
    DENY,
  ),
  effect(
    `(?:under no circumstances|in no case|absolutely never|absolutely no|never ever|on no account)(?: (?:may|should|must|can|shall|allow|let|is|are)(?: ${WHO})?)?(?: (?:be )?(?:allowed|permitted))?(?: to)?`,
    CRITICAL,
  ),
  effect(
    `(?:keep|stay|stays|keeps)(?: ${WHO})? ?(?:away|out|off|clear)(?: from| of)?|hands off|avoid(?:s|ing)?|refrain from|don't|do not|dont`,
    DENY,
  ),
  effect('(?:have|has) no business(?: in| with| on| doing)?', DENY),
  effect(
    `(?:${BE} )?(?:automatically )?(?:redact(?:s|ed|ing|ions?)?|anonymi[sz](?:e|es|ed|ing)|censor(?:ed|ing)?|scrub(?:bed|bing)?|sanitis?z?e(?:d|s)?|black(?:ed|ing)? out|blank(?:ed|ing)? out|hid(?:e|es|den|ing)|obscur(?:e|ed|ing)|obfuscate(?:d)?|pseudonymi[sz]ed?|filter(?:ed|ing)? out|strip(?:ped)? out|cut(?:ting)? out|de-identif(?:y|ied))`,
    REDACT,
  ),
  effect(
    `(?:${BE} )?(?:partially )?(?:mask(?:s|ed|ing)?|show(?:ing|n)? only the last (?:four|4)(?: digits)?(?: of)?|hide all but the last (?:four|4)(?: digits)?(?: of)?|only the last (?:four|4) digits of)`,
    MASK,
  ),
  effect('(?:strip(?:s|ped|ping)?|(?:remove|take|cut)(?:s|d|ing)? out|removed? from)', { kind: 'strip' }, true),
  effect(
    '(?:truncate|shorten|cut)(?:s|d|ing)? (?:long |large |the |all |big ){0,5}(?=results?|outputs?|responses?|texts?|messages?|content)',
    { kind: 'truncate' },
    true,
  ),
  effect(
    `${BE} (?:always )?(?:logged|recorded|tracked|monitored|audited|noted|flagged|reported|traced|documented)`,
    LOG,
  ),
  effect(
    '(?:(?:always|just|only|simply|silently) )?(?:log(?:s|ging)?|record(?:s|ing)?|track(?:s|ing)?|monitor(?:s|ing)?|audit(?:s|ing)?|note|trace|observe|keep (?:a |an )?(?:record|log|track|eye|audit trail|trail|history)(?: of| on)?|write down|make a note of|watch(?: for)?)',
    LOG,
    true,
  ),
  effect(
    '(?:just |only )?(?:warn(?:s|ing|ings)?(?: me| us| people)?(?: about| when| if| on)?|flag|alert(?: me| us)?(?: about| when| if| on)?|notify(?: me| us)?(?: about| when| if| of| on)?|report(?= (?:any|every|all|each|when|if|on))|tell me(?: about| when| if)?|let me know(?: about| when| if)?|raise (?:a |an )?(?:warning|alert)(?: about| when| if| on| for)?|issue a warning(?: when| if| for| on)?)',
    WARN,
    true,
  ),
  effect(`${BE} (?:warned about|alerted on)`, WARN),
  effect(
    '(?:please )?(?:allow|permit|let|enable|grant access to|authori[sz]e|accept)(?:s|ed|ing)?(?! )|allow|permit|let|enable',
    { kind: 'allow' },
  ),
  effect(`(?:${BE} )?(?:always )?(?:allowed|permitted|fine|okay|ok|acceptable|authori[sz]ed|welcome|free)(?: to)?`, {
    kind: 'allow',
  }),
];
