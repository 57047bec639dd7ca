import { mark, type Entry } from './item.ts';
import type { Effect } from './parts.ts';

const DENY: Effect = { kind: 'deny' };
const WHO =
  '(?:(?:the |any |all |an |our |your |my |ai |every ){0,5}(?:agents?|bots?|assistants?|it|them|him|anyone|anybody|everyone|users?|the system|automation|llms?|us|you|me|people) ?)';

/** Asides that neither widen nor narrow what is said. */
const ASIDES: readonly string[] = [
  '(?:please )?(?:(?:i|we) (?:want|need|would like) )?(?:(?:create|make|add|write|set up|define|give me) )?(?:a|an|the) (?:new )?(?:policy|rule)(?: (?:that|which|to|saying|where))?',
  '(?:not )?even (?:to|for|in|on|with|by|at|from|if|when|during|inside) [^.;,]{1,80}',
  'whether [^.;]{1,200}',
  '(?:and )?(?:that|this) (?:also )?includes [^.;]{1,200}',
  '(?:no matter|regardless of) [^.;,]{1,100}',
  'because [^.;]{1,200}|since (?:we|they|it|this|that|there) [^.;]{1,200}',
  '(?:so that )?only (?:the )?last (?:four|4|few) digits(?: (?:stay|remain|are|is|can be|visible|shown|seen|readable|left)){0,5}',
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
      '(?:(?:total |the |its |overall |any ){0,5}(?:spend(?:ing|s)?|spent|costs?|budgets?|expenses?|expenditure|bill|costing|price)(?: of| is| on| for)?)|costs? money',
    read: () => [{ kind: 'spending' }],
  },
  mark(
    `(?:(?:week|year|quarter|second|fortnight)s?|per (?:week|second|year|quarter)|weekly|yearly|annually|a week|each week|in a week|/s(?:ec)?|every (?:second|week|year)|(?:\\d{1,3}|two|three|five|fifteen|thirty|six) (?:minutes|hours|days|weeks|months|seconds))`,
    'unsupported',
  ),
];

export const FILLER =
  "(?:a|an|the|any|all|every|each|some|please|this|that|these|those|of|for|to|in|on|at|with|from|by|via|through|using|use|uses|used|into|onto|upon|within|about|towards|which|who|whose|whom|what|is|are|be|been|being|was|were|its|it's|their|our|my|your|his|her|we|i|you|us|me|has|have|had|having|do|does|did|doing|will|would|make|makes|making|made|sure|ensure|ensures|ensuring|ever|always|automatically|directly|also|too|as|such|like|including|e\\.g\\.|i\\.e\\.|eg|ie|kind|kinds|type|types|sort|sorts|there|here|so|just|then|thus|hence|because|since|otherwise|really|simply|anyone|anybody|everyone|someone|agents?|bots?|ai agents?|assistants?|automations?|systems?|workers?|ai|ever|again|methods?|languages?|environments?|automated|visitors?|guests?|hits?|affect(?:s|ed|ing)?|impact(?:s|ed|ing)?|involv(?:e|es|ed|ing)|concern(?:s|ed|ing)?|reach(?:es|ed|ing)?|cover(?:s|ed|ing)?|match(?:es|ed|ing)?|regard(?:s|ing)?|single|(?:end|show|turn|wind|pop)(?:s|ed|ing)? up|return(?:s|ed|ing)?|ask(?:s|ing)?|receiv(?:e|es|ed|ing)|contact(?:s|ed|ing)?|hosts?|at all|in general|generally|in any way|whatsoever|policy|policies|rule|rules|create|add|want|wants|need|needs|should|must|able|allowed|access(?:es|ed|ing)?|touch(?:es|ed|ing)?|handl(?:e|es|ed|ing)|process(?:es|ed|ing)?|work(?:s|ing)? with|deal(?:s|ing)? with|usage|attempts?|attempt to|try|tries|trying|try to|perform(?:s|ed|ing)?|carry(?:ing)? out|do(?:es|ing)? something|happen(?:s|ing)?|take(?:s|n)? place|tak(?:e|es|ing)|go|goes|going|come|comes|coming|contain(?:s|ed|ing)?|includ(?:e|es|ed)|hold(?:s|ing)?|held|found|appear(?:s|ing)?|show(?:s|n|ing)?|display(?:s|ed|ing)?|keep(?:s|ing)?|kept|given|get|gets|own|particular|specific|certain|respective|entire|whole|complete|full|fully|completely|properly|human|company|companies|organi[sz]ation|team|workspace|customer|customers|client|clients|user|users|employee|employees|people|person|persons|actual|real|more|number|numbers|amount|amounts|size|value|total|data|information|content|contents|details|individual|new|stuff|attempted|ones?|operations?|actions?|anything|everything|things?|activity|activities|task|tasks|calls?|cases?|time|times|being|against|between|up|out|off|both|either|even|when|while|during|after|before|until|if|than|then|today|now|first|list|limits?|limit of|hours?|exactly|precisely|clause|statements?|at|sent|via|run|runs|that's|there's|made|issue|issued|issuing)";
