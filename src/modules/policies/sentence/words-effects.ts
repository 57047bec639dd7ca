import { mark, type Entry, type Meaning } from './item.ts';
import { NAME, toName } from './name.ts';
import type { Effect } from './parts.ts';
import { NUMBER, toNumber } from './words-numbers.ts';

function effect(pattern: string, value: Effect, isLeading = false): Entry {
  const meanings: Meaning[] = [{ kind: 'effect', effect: value }];
  return { pattern, read: () => meanings, ...(isLeading ? { isLeading } : {}) };
}

const DENY: Effect = { kind: 'deny' };
const CRITICAL: Effect = { kind: 'deny', isCritical: true };
const APPROVE: Effect = { kind: 'require_approval' };
const LOG: Effect = { kind: 'log' };
const WARN: Effect = { kind: 'log', isWarning: true };
const REDACT: Effect = { kind: 'redact' };
const MASK: Effect = { kind: 'mask' };

const WHO =
  '(?:(?:the |any |all |an |our |your |my |ai |every )*(?:agents?|bots?|assistants?|it|them|him|anyone|anybody|everyone|users?|the system|automation|llms?|us|you|me|people) ?)';
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
    `(?:${BE} )?(?:always |strictly |completely |immediately |automatically )?${REFUSED}(?: (?:any|all|every|the) (?:attempts?|requests?|actions?|tries))?(?: ${WHO})?(?:(?: attempts?)? ?(?:from|to)(?= [a-z]+ing\\b))?`,
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
  ...approvals(),
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
    '(?:truncate|shorten|cut)(?:s|d|ing)? (?:long |large |the |all |big )*(?=results?|outputs?|responses?|texts?|messages?|content)',
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

function approvals(): Entry[] {
  const adjective =
    '(?:a |an |the |my |our |your |any |some |human(?:.s)? |manual |explicit |prior |written |additional |extra |someone.s |double |formal |second |previous |first )*';
  const noun =
    '(?:approvals?|sign[- ]?offs?|(?<!the )permission|authori[sz]ation|(?:human )?reviews?|confirmations?|go[- ]ahead|green light|human in the loop|human oversight|clearance|go(?= from)|ok from|okay from)';
  const need =
    '(?:requir(?:e|es|ed|ing)|needs?|needing|must (?:always )?(?:have|get|receive|obtain|wait for)|have|has|gets?|getting|wants?|ask(?:s|ing)?(?: \\w+)? for|seeks?|obtains?|requests?|demands?|waits? for|subject to|conditional on|only with|only after|without|with|pending|until|after|upon|goes through|go through|hold for|held for|holds? (?:it |them )?for|send (?:it |them )?(?:to \\w+ )?for|pending|put (?:it |them )?(?:up )?for|submit(?:ted)? for)';
  const tail =
    '(?: (?:before|for|to|when|if|prior to|is (?:needed|required|necessary)|is needed for|is required (?:for|before|to|when|if)|has been given|was given|is given|first|in advance|beforehand|needed|required))*';
  return [
    effect(`(?:${need} )?${adjective}${noun}${tail}`, APPROVE),
    effect(`${need} ${adjective}(?:ok|okay|blessing|second look|thumbs[- ]up|check)${tail}`, APPROVE),
    effect(
      '(?:somebody|someone|a|an|the|one of the|another|our) (?:[a-z-]{1,30} ){0,3}(?:must|has to|have to|should|needs? to)(?: first| always)? (?:approve|sign off(?: on)?|confirm|review|okay|ok|authori[sz]e|agree(?: to)?|be asked|(?:have a )?look(?: at)?|check)(?: before| for| when| if)?',
      APPROVE,
    ),
    effect(
      'ask(?:s)? (?:a|an|the|our|some|another|one of the) (?:[a-z-]{1,30} ){1,3}?(?:before|for|when|if|first|to approve)',
      APPROVE,
    ),
    effect(
      '(?:(?:i|we|you) )?(?:(?:want|wants|need|needs|have|get|would like) )?(?:to have )?(?:a |some |another )?(?:human(?: being)?|person|somebody|someone|people) to (?:look|check|approve|review|confirm|sign off|decide)(?: (?:at it|on it|it|first|before|at|on))*',
      APPROVE,
    ),
    effect(
      '(?:go(?:es)?|pass(?:es)?|run|be run) (?:through|by|past) (?:a |an |the )?(?:human|person|somebody|someone|manager|reviewer|me|us|approver|colleague)(?: first| before)?',
      APPROVE,
    ),
    effect('(?:human|manual|personal) checks?(?: (?:before|for|of|on))?', APPROVE),
    effect(
      `(?:${BE} |unless |until |been |(?:if |when )?not |needs? to be |have to be |has to be |to be |explicitly |always |first |manually |personally )*(?:approved|reviewed|confirmed|signed off|authori[sz]ed|okayed|cleared|double-checked|vetted|looked at)(?: first| before(?:hand)?| on)?`,
      APPROVE,
    ),
    effect(
      '(?:always |please |first )*(?:ask(?:s|ed|ing)?|check(?:s|ing)? (?:in )?with|consult(?:s|ing)?|prompt(?:s)?|wait for|escalate(?:s|d)?(?: it)? to|route (?:it )?to) ?(?:me|us|a human|a person|someone|somebody|a manager|a colleague|people|the user|the owner|humans?|a reviewer|an approver)(?: to (?:approve|confirm|review|decide|check))?(?: (?:first|before|for|when|if|prior to))*',
      APPROVE,
    ),
    effect(
      '(?:always )?(?:ask(?:s|ing)?|check|confirm)(?: first)?(?: with me| me)?,? (?:before|prior to|first)(?: (?:it|they|you|the agent|agents?) )?',
      APPROVE,
    ),
    effect(
      '(?:a |any |the )?(?:humans?|persons?|someone|somebody|people|reviewers?|approvers?) (?:must|has to|have to|should|needs? to|shall|to)(?: first| always)? (?:approve|review|confirm|sign off(?: on)?|check|look at|ok|okay|authori[sz]e|decide(?: on| about)?|be asked)(?: before| for| when| if)?',
      APPROVE,
    ),
    effect(
      '(?:hold(?:s)?|pause(?:s)?|suspend|park|queue|held|escalate)(?: (?:any|all|every))?(?= )|(?:approve|review|confirm)(?: (?:any|all|every|each))?',
      APPROVE,
      true,
    ),
    {
      pattern:
        '(?:two|2)[- ](?:person|people|man|eyes?)(?: (?:approval|review|rule|sign-?off))?|dual (?:approval|control|sign-?off)|four[- ]eyes(?: (?:approval|principle|review))?|two approvals?|double approval|second pair of eyes',
      read: () => [{ kind: 'effect', effect: { kind: 'require_approval', quorum: 2 } }],
    },
  ];
}

const PEOPLE =
  '(?:people|persons?|humans?|approvers?|reviewers?|managers?|owners?|admins?|members?|colleagues|individuals|different people|team members?|employees|operators|eyes|officers?|leads?)';
const GROUPS =
  '(?!legal (?:bas[ie]s|grounds?)|it (?:is|has|was|goes|may|must|can|should))(?:managers?|owners?|admins?|administrators?|operators?|approvers?|finance|legal|security|hr|compliance|engineering|support|sales|marketing|it|ops|management|dpo|privacy|accounting|cfo|ceo|cto|ciso|dba)';

function toGroup(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?<=manager|owner|admin|operator|approver)s$/, '')
    .replace(/\s+/g, '-');
}

export const APPROVER_WORDS: readonly Entry[] = [
  {
    pattern:
      '(?:by|from|of) (?:the|a|an|our|some) ((?:[a-z-]{2,30} ){0,2}(?:managers?|leads?|officers?|engineers?|stewards?|heads?|directors?|lawyers?|supervisors?|dbas?|moderators?|controllers?|accountants?))',
    read: ([role]) => (role === undefined ? undefined : [{ kind: 'approver', group: toGroup(role) }]),
  },
  {
    pattern: `(?:by|from|of) (?:the |our )?(?:group|team|department) (?:called |named )?${NAME}`,
    read: ([given]) => {
      const group = given === undefined ? undefined : toName(given);
      return group === undefined ? undefined : [{ kind: 'approver', group: toGroup(group) }];
    },
  },
  {
    pattern: `(?:by|from|of|with)(?: at least)? ${NUMBER} (?:different |separate |other )?${PEOPLE}(?: (?:of|from|in) (?:the |our )?(?:(${GROUPS})|${NAME} (?:team|group|department)|(\`[^\`]{1,100}\`))(?: (?:team|group|department))?)?`,
    read: ([number = '', known, team, quoted]) => {
      const group = known ?? (team === undefined ? undefined : toName(team)) ?? quoted?.slice(1, -1);
      return [
        { kind: 'approver', quorum: toNumber(number), ...(group === undefined ? {} : { group: toGroup(group) }) },
      ];
    },
  },
  {
    pattern: `${NUMBER} (?:different |separate |other )?(?:people|persons|humans|approvers|reviewers|managers|admins|owners|approvals|sign-offs)(?: (?:of|from|in) (?:the |our )?(?:(${GROUPS})|${NAME} (?:team|group|department))(?: (?:team|group|department))?)?(?: (?:to|must|have to|should|need to) (?:approve|sign off(?: on)?|confirm|agree(?: to)?|review)(?: on| to)?)?`,
    read: ([number = '', known, team]) => {
      const group = known ?? (team === undefined ? undefined : toName(team));
      return [
        {
          kind: 'effect',
          effect: {
            kind: 'require_approval',
            quorum: toNumber(number),
            ...(group === undefined ? {} : { groups: [toGroup(group)] }),
          },
        },
      ];
    },
  },
  {
    pattern: `(?:by|from|of|with)(?: (?:the|a|an|our|my|someone (?:in|from|on)|somebody (?:in|from|on)|one of the|any))* (?:(${GROUPS})|${NAME} (?:team|group|department))(?: (?:team|group|department|members?|lead))?`,
    read: ([known, team]) => {
      const group = known ?? (team === undefined ? undefined : toName(team));
      return group === undefined ? undefined : [{ kind: 'approver', group: toGroup(group) }];
    },
  },
  {
    pattern: `(?:ask|asks|asking|consult|escalate to|check with|get|needs?|requires?|require)(?: (?:the|a|an|our|my|someone (?:in|from)|one of the))* (${GROUPS})(?:'s)?(?: team| group| department)?(?: approval| sign-?off| review| permission)?(?: (?:before|for|when|if|to approve|first|to))*`,
    read: ([group]) =>
      group === undefined
        ? undefined
        : [{ kind: 'effect', effect: { kind: 'require_approval', groups: [toGroup(group)] } }],
  },
  {
    pattern: `(?:(?:the|a|an|our|my) )*(${GROUPS})(?:'s)?(?: team| group| department)? (?:approval|sign-?off|review|permission|must approve|has to approve|have to approve|must sign off(?: on)?|needs to approve|should approve|approves?)(?: (?:before|for|when|if|of|on))*`,
    read: ([group]) =>
      group === undefined
        ? undefined
        : [{ kind: 'effect', effect: { kind: 'require_approval', groups: [toGroup(group)] } }],
  },
  {
    pattern:
      '(?:by|from|of) (?:a |the |any )?(?:human|person|people|someone|somebody|someone else|me|us|the requester|reviewers?)',
    read: () => [{ kind: 'mark', mark: 'filler' }],
  },
];

/** Asides that neither widen nor narrow what is said. */
const ASIDES: readonly string[] = [
  '(?:not )?even (?:to|for|in|on|with|by|at|from|if|when|during|inside) [^.;,]{1,80}',
  'whether [^.;]{1,200}',
  '(?:and )?(?:that|this) (?:also )?includes [^.;]{1,200}',
  '(?:no matter|regardless of) [^.;,]{1,100}',
  'because [^.;]{1,200}|since (?:we|they|it|this|that|there) [^.;]{1,200}',
  '(?:so that )?only (?:the )?last (?:four|4|few) digits(?: (?:stay|remain|are|is|can be|visible|shown|seen|readable|left))*',
  '(?:if|when|where) (?:none|not|it is missing|there is none|missing|absent)(?: (?:is|are|was))?(?: (?:stated|given|declared|there|present|recorded|known|provided|available))?,?(?: (?:the |this |that |such |an )?(?:actions?|it|they|requests?) (?:is|are|must be|should be|gets?) (?:denied|refused|blocked|rejected|stopped))?',
  '(?:the )?(?:gdpr|hipaa|pci(?:[- ]dss)?|soc ?2|iso ?27001|ccpa|sox)(?: (?:rules?|compliance|requirements?))?',
  '(?:as|being) (?:a|an) (?:[a-z0-9-]{1,30} ){1,4}(?:we|you|our|it)',
  '(?:in|from|with|within|by) (?:one|a single|a|any single|any one) (?:go|query|step|batch|request|action|call|shot|statement|transaction|message)',
];

export const MARK_WORDS: readonly Entry[] = [
  ...ASIDES.map((pattern) => mark(pattern, 'filler')),
  mark(
    'whatever (?:you|they|it) (?:likes?|wants?)|freely|as (?:much|often|many) as (?:you|they|it) (?:likes?|wants?)|can go ahead|goes? ahead',
    'may',
  ),
  mark('other(?= (?:[a-z-]{1,30} ){1,3}than\\b)', 'filler'),
  {
    pattern: 'no others?(?! than)',
    read: () => [
      { kind: 'effect', effect: DENY },
      { kind: 'mark', mark: 'rest' },
    ],
  },
  mark(
    '(?:for |to |in |on )?(?:all|any|every|each)(?: of)?(?: the)? others?(?= [a-z])(?! than)(?! (?:[a-z-]{1,30} ){1,3}than\\b)|the other(?= [a-z]+s\\b)(?! (?:[a-z-]{1,30} ){1,3}than\\b)',
    'rest',
  ),
  mark(
    '(?:anything|everything) (?:beyond|above|over|more|higher|larger|bigger)(?! ?[$€£0-9])|beyond(?= (?:is|are|needs?|requires?|must))',
    'beyond',
  ),
  mark(
    '(?:only|solely|exclusively|nothing but|nothing except|nothing other than|just)(?: (?:ever|be))?(?: (?:allowed|permitted|able))?(?: to)?(?: be)?',
    'only',
  ),
  mark('(?:only )?(?:allow|permit|let|accept|enable)(?: only| nothing but| just| exclusively)(?: to)?', 'only'),
  mark(`(?:only|just) (?:allow|permit|let|accept|enable|ever allow|use)(?: ${WHO})?(?: ?to)?`, 'only'),
  mark(
    '(?:may|can|should|must|shall|is|are|will)(?: be)? (?:only|solely|exclusively)(?: ever)?(?: be)?(?: (?:allowed|permitted))?(?: to)?(?: be)?',
    'only',
  ),
  mark(
    '(?:is|are) (?:limited|restricted|confined) to|(?:must |should |has to |have to )?(?:stay|stays|remain|remains|be kept|be limited to|be restricted to|be confined to|is kept)(?= (?:in|inside|within|under|below|on|at|to) )',
    'only',
  ),
  mark('must(?: always)?(?: be)?|(?:has|have|needs?) to(?: be)?|should(?: always)?(?: be)?|shall(?: be)?', 'must'),
  mark(
    'requir(?:e|es|ed|ing)|needs?|must (?:have|include|come with|state|specify|declare|name|contain|carry|give|provide|reference)|is (?:required|needed|mandatory|compulsory)(?: (?:for|to|before|when|if))?|are (?:required|needed|mandatory)(?: (?:for|to|before|when|if))?|demand',
    'requires',
  ),
  mark('(?:may|can|could|is able to|are able to|are free to)(?: be)?', 'may'),
  mark(
    '(?:rate[- ]?)?(?:limit|cap|throttle|restrict|confine|bound|keep)(?:s|ed|ing)?|allow(?= (?:at most|up to|no more|a maximum|max))|set (?:a |the )?(?:limit|cap|maximum|budget)(?: of| for| on| to)?|(?:a |the )?(?:rate limits?|budgets?|quotas?)(?: of| for| is|:)?',
    'limit',
  ),
  mark(
    "(?:with(?:out)?(?= no )|without|not|no|lacking|missing|absent|unless there is|if there is no|that (?:have|has) no|does not have|do not have|doesn't have|don't have|there is no|that are not|that is not|which (?:are|is) not|who are not|isn't|aren't|has no|have no|hasn't|haven't|with no|outside(?: of)?|beyond|not (?:in|inside|under|within|for|to|on)|elsewhere than|whose|that do not|that don't|that does not|does not|do not (?:have|contain))",
    'not',
  ),
  mark(
    '(?:except(?: for| when| if| that)?|unless(?: it| they)?(?: is| are| has| have)?|other than|apart from|aside from|besides|excluding|excepting|but not|with the exception of|save for|with exceptions? for|bar(?:ring)?|than|as long as it is not|if not|(?:anything|everything|all) but(?! (?:must|may|should|can|not|never|only|needs?|it|they)\\b)|anything other than|anything except|everything except)',
    'except',
  ),
  mark('and(?: also| then)?|&|as well as|plus|along with|together with', 'and'),
  mark('or(?: else)?|and/or|nor|either', 'or'),
  mark(',(?: and| or)?(?= )|,', 'comma'),
  mark('\\((?=.)', 'open'),
  mark(':', 'colon'),
  mark('such(?! as)|these|those|this', 'such'),
  mark('the only', 'only'),
  mark('(?:must |should |has to |have to )?(?:stays?|remains?)(?= (?:in-house|internal))', 'only'),
  mark('\\)', 'close'),
  mark(', (?:and )?or', 'or'),
  mark(', and', 'and'),
  mark(',? ?(?:but|however|yet|though|whereas|while)', 'but'),
  mark('if|when(?:ever)?|in case|as soon as|once|where', 'if'),
  mark(
    '(?:otherwise|(?:and )?(?:everything|anything|all|any) else|(?:all|any|every) others?|the rest|all other (?:actions|cases|operations|requests))',
    'rest',
  ),
  mark(
    '(?:above|beyond|over|after|past|more than|anything (?:above|beyond|over|more than)|everything (?:above|beyond|over)) (?:that|this|it|which)(?: (?:limit|amount))?|larger ones|bigger ones|higher ones|anything (?:more|larger|bigger|higher)|anything above|larger amounts|bigger amounts',
    'beyond',
  ),
  mark('read[- ]only(?: access| mode)?(?: (?:to|for|on))?', 'readonly'),
  { ...mark('protect(?:s|ed|ing)?|safeguard|guard|secure', 'protect'), isLeading: true },
  mark(
    'it|them|they|these|those|this|that one|such (?:actions?|data|requests?|e-?mails?|files?)|the same|both',
    'they',
  ),
  mark(
    '(?:as |with |of |at )?(?:critical|highest|top)(?: (?:severity|priority|importance))?|strictly|under any circumstances|without exception|zero tolerance|at all costs|absolutely',
    'critical',
  ),
  {
    pattern:
      '(?:to |for )?(?:the )?(?:same|one|single|any (?:one|single)|a single|each|every|per|identical) (?:external )?(?:recipients?|person|address|customers?|contacts?)|per (?:recipient|person|customer|address)',
    read: () => [{ kind: 'same', same: 'recipient' }],
  },
  {
    pattern:
      '(?:to |on |from |of |against )?(?:the )?(?:same|one|single|any (?:one|single)|a single|each|every|per) (?:target|host|site|domain|server|connection|bucket|destination|api|website|endpoint)|per (?:host|target|domain|server|site|api)',
    read: () => [{ kind: 'same', same: 'target' }],
  },
  {
    pattern:
      '(?:the )?(?:same|identical|repeated|exact same|duplicate|very same) (?:actions?|requests?|calls?|operations?|thing|params)(?: again)?|identical(?: ones)?|with identical params|repeat(?:s|ing)? (?:itself|the same (?:action|call|request))',
    read: () => [{ kind: 'same', same: 'action' }],
  },
  {
    pattern:
      '(?:(?:total |the |its |overall |any )*(?:spend(?:ing|s)?|spent|costs?|budgets?|expenses?|expenditure|bill|costing|price)(?: of| is| on| for)?)|costs? money',
    read: () => [{ kind: 'spending' }],
  },
  mark(
    `(?:(?:week|year|quarter|second|fortnight)s?|per (?:week|second|year|quarter)|weekly|yearly|annually|a week|each week|in a week|/s(?:ec)?|every (?:second|week|year)|(?:\\d{1,3}|two|three|five|fifteen|thirty|six) (?:minutes|hours|days|weeks|months|seconds))`,
    'unsupported',
  ),
];

export const FILLER =
  "(?:a|an|the|any|all|every|each|some|please|this|that|these|those|of|for|to|in|on|at|with|from|by|via|through|using|use|uses|used|into|onto|upon|within|about|towards|which|who|whose|whom|what|is|are|be|been|being|was|were|its|it's|their|our|my|your|his|her|we|i|you|us|me|has|have|had|having|do|does|did|doing|will|would|make|makes|making|made|sure|ensure|ensures|ensuring|ever|always|automatically|directly|also|too|as|such|like|including|e\\.g\\.|i\\.e\\.|eg|ie|kind|kinds|type|types|sort|sorts|there|here|so|just|then|thus|hence|because|since|otherwise|really|simply|anyone|anybody|everyone|someone|agents?|bots?|ai agents?|assistants?|automations?|systems?|workers?|ai|ever|again|methods?|languages?|automated|visitors?|guests?|hits?|affect(?:s|ed|ing)?|impact(?:s|ed|ing)?|involv(?:e|es|ed|ing)|concern(?:s|ed|ing)?|reach(?:es|ed|ing)?|cover(?:s|ed|ing)?|match(?:es|ed|ing)?|regard(?:s|ing)?|single|(?:end|show|turn|wind|pop)(?:s|ed|ing)? up|return(?:s|ed|ing)?|ask(?:s|ing)?|receiv(?:e|es|ed|ing)|contact(?:s|ed|ing)?|hosts?|at all|in general|generally|in any way|whatsoever|policy|policies|rule|rules|create|add|want|wants|need|needs|should|must|able|allowed|access(?:es|ed|ing)?|touch(?:es|ed|ing)?|handl(?:e|es|ed|ing)|process(?:es|ed|ing)?|work(?:s|ing)? with|deal(?:s|ing)? with|usage|attempts?|attempt to|try|tries|trying|try to|perform(?:s|ed|ing)?|carry(?:ing)? out|do(?:es|ing)? something|happen(?:s|ing)?|take(?:s|n)? place|tak(?:e|es|ing)|go|goes|going|come|comes|coming|contain(?:s|ed|ing)?|includ(?:e|es|ed)|hold(?:s|ing)?|held|found|appear(?:s|ing)?|show(?:s|n|ing)?|display(?:s|ed|ing)?|keep(?:s|ing)?|kept|given|get|gets|own|particular|specific|certain|respective|entire|whole|complete|full|fully|completely|properly|human|company|companies|organi[sz]ation|team|workspace|customer|customers|client|clients|user|users|employee|employees|people|person|persons|actual|real|more|number|numbers|amount|amounts|size|value|total|data|information|content|contents|details|individual|new|stuff|attempted|ones?|operations?|actions?|anything|everything|things?|activity|activities|task|tasks|calls?|cases?|time|times|being|against|between|up|out|off|both|either|even|when|while|during|after|before|until|if|than|then|today|now|first|list|limits?|limit of|hours?|exactly|precisely|clause|statements?|at|sent|via|run|runs|that's|there's|made|issue|issued|issuing)";
