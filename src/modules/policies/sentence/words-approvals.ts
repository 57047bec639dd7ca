import type { Entry, Meaning } from './item.ts';
import { NAME, toName } from './name.ts';
import type { Effect } from './parts.ts';
import { NUMBER, toNumber } from './words-numbers.ts';

function effect(pattern: string, value: Effect, isLeading = false): Entry {
  const meanings: Meaning[] = [{ kind: 'effect', effect: value }];
  return { pattern, read: () => meanings, ...(isLeading ? { isLeading } : {}) };
}

const APPROVE: Effect = { kind: 'require_approval' };
const BE =
  '(?:is|are|be|being|been|gets?|get|was|were|should be|must be|shall be|have to be|has to be|will be|needs? to be)';

const ADJECTIVE =
  '(?:a |an |the |my |our |your |any |some |human(?:.s)? |manual |explicit |prior |written |additional |extra |someone.s |double |formal |second |previous |first ){0,5}';
const NOUN =
  '(?:approvals?|sign[- ]?offs?|(?<!the )permission|authori[sz]ation|(?:human )?reviews?|confirmations?|go[- ]ahead|green light|human in the loop|human oversight|clearance|go(?= from)|ok from|okay from)';
const NEED =
  '(?:requir(?:e|es|ed|ing)|needs?|needing|must (?:always )?(?:have|get|receive|obtain|wait for)|have|has|gets?|getting|wants?|ask(?:s|ing)?(?: \\w+)? for|seeks?|obtains?|requests?|demands?|waits? for|subject to|conditional on|only with|only after|without|with|pending|until|after|upon|goes through|go through|hold for|held for|holds? (?:it |them )?for|send (?:it |them )?(?:to \\w+ )?for|pending|put (?:it |them )?(?:up )?for|submit(?:ted)? for)';
const TAIL =
  '(?: (?:before|for|to|when|if|prior to|is (?:needed|required|necessary)|is needed for|is required (?:for|before|to|when|if)|has been given|was given|is given|first|in advance|beforehand|needed|required)){0,5}';

/** Words for a person that name no role. */
const ANYBODY =
  /(?:^| )(?:humans?|persons?|people|users?|someone|somebody|colleagues?|coworkers?|team ?mates?|reviewers?|approvers?|others?|members?|questions?|confirmation|permission|approval|ok|okay)$/i;

function toGroup(word: string): string {
  return word
    .toLowerCase()
    .replace(/(?<=manager|owner|admin|operator|approver)s$/, '')
    .replace(/\s+/g, '-');
}

export const APPROVAL_WORDS: readonly Entry[] = [
  effect(`(?:${NEED} )?${ADJECTIVE}${NOUN}${TAIL}`, APPROVE),
  effect(`${NEED} ${ADJECTIVE}(?:ok|okay|blessing|second look|thumbs[- ]up|check)${TAIL}`, APPROVE),
  effect(
    '(?:somebody|someone|a|an|the|one of the|another|our) (?:[a-z-]{1,30} ){0,3}(?:must|has to|have to|should|needs? to)(?: first| always)? (?:approve|sign off(?: on)?|confirm|review|okay|ok|authori[sz]e|agree(?: to)?|be asked|(?:have a )?look(?: at)?|check)(?: before| for| when| if)?',
    APPROVE,
  ),
  {
    pattern:
      'ask(?:s)? (?:a|an|the|our|some|another|one of the) ((?:[a-z-]{1,30} ){1,3}?)(?:before|for|when|if|first|to approve)',
    read: ([role = '']) => {
      const group = role.trim();
      return [{ kind: 'effect', effect: ANYBODY.test(group) ? APPROVE : { ...APPROVE, groups: [toGroup(group)] } }];
    },
  },
  effect(
    '(?:(?:i|we|you) )?(?:(?:want|wants|need|needs|have|get|would like) )?(?:to have )?(?:a |some |another )?(?:human(?: being)?|person|somebody|someone|people) to (?:look|check|approve|review|confirm|sign off|decide)(?: (?:at it|on it|it|first|before|at|on)){0,5}',
    APPROVE,
  ),
  effect(
    '(?:go(?:es)?|pass(?:es)?|run|be run) (?:through|by|past) (?:a |an |the )?(?:human|person|somebody|someone|manager|reviewer|me|us|approver|colleague)(?: first| before)?',
    APPROVE,
  ),
  effect('(?:human|manual|personal) checks?(?: (?:before|for|of|on))?', APPROVE),
  effect(
    `(?:${BE} |unless |until |been |(?:if |when )?not |needs? to be |have to be |has to be |to be |explicitly |always |first |manually |personally ){0,5}(?:approved|reviewed|confirmed|signed off|authori[sz]ed|okayed|cleared|double-checked|vetted|looked at)(?: first| before(?:hand)?| on)?`,
    APPROVE,
  ),
  effect(
    '(?:always |please |first ){0,5}(?:ask(?:s|ed|ing)?|check(?:s|ing)? (?:in )?with|consult(?:s|ing)?|prompt(?:s)?|wait for|escalate(?:s|d)?(?: it)? to|route (?:it )?to) ?(?:me|us|a human|a person|someone|somebody|a manager|a colleague|people|the user|the owner|humans?|a reviewer|an approver)(?: to (?:approve|confirm|review|decide|check))?(?: (?:first|before|for|when|if|prior to)){0,5}',
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

const PEOPLE =
  '(?:people|persons?|humans?|approvers?|reviewers?|managers?|owners?|admins?|members?|colleagues|individuals|different people|team members?|employees|operators|eyes|officers?|leads?)';
const GROUPS =
  '(?!legal (?:bas[ie]s|grounds?)|it (?:is|has|was|goes|may|must|can|should))(?:managers?|owners?|admins?|administrators?|operators?|approvers?|finance|legal|security|hr|compliance|engineering|support|sales|marketing|it|ops|management|dpo|privacy|accounting|cfo|ceo|cto|ciso|dba)';

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
    pattern: `(?:by|from|of|with)(?: (?:the|a|an|our|my|someone (?:in|from|on)|somebody (?:in|from|on)|one of the|any)){0,5} (?:(${GROUPS})|${NAME} (?:team|group|department))(?: (?:team|group|department|members?|lead))?`,
    read: ([known, team]) => {
      const group = known ?? (team === undefined ? undefined : toName(team));
      return group === undefined ? undefined : [{ kind: 'approver', group: toGroup(group) }];
    },
  },
  {
    pattern: `(?:ask|asks|asking|consult|escalate to|check with|get|needs?|requires?|require)(?: (?:the|a|an|our|my|someone (?:in|from)|one of the)){0,5} (${GROUPS})(?:'s)?(?: team| group| department)?(?: approval| sign-?off| review| permission)?(?: (?:before|for|when|if|to approve|first|to)){0,5}`,
    read: ([group]) =>
      group === undefined
        ? undefined
        : [{ kind: 'effect', effect: { kind: 'require_approval', groups: [toGroup(group)] } }],
  },
  {
    pattern: `(?:(?:the|a|an|our|my) ){0,5}(${GROUPS})(?:'s)?(?: team| group| department)? (?:approval|sign-?off|review|permission|must approve|has to approve|have to approve|must sign off(?: on)?|needs to approve|should approve|approves?)(?: (?:before|for|when|if|of|on)){0,5}`,
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
