import { anyOf, quote } from './cel.ts';
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
    `(?:${WITH} )?(?:(?:a|an|the|any|some|its|their|our|valid|recorded|stated|declared|documented|clear|explicit|linked|verified|confirmed|recent|change|approved|open|jira|support|specified|legitimate|lawful|proper|named) )*(?:${words})(?: (?:is|was|has been|have been|are))?(?: (?:given|declared|stated|recorded|specified|provided|set|attached|available|in place|known|confirmed|referenced|named|taken|made|verified|exists?|present|on file|first|obtained|linked|number|id|reference))*`,
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

const AGENT = '(?:by |from |of |for |to |with |as )?(?:the )?(?:agents? (?:called |named )?';
function toAgent(given: string): Value | undefined {
  const name = toName(given);
  return name === undefined
    ? undefined
    : { facet: 'agent', text: `by the agent ${show(name)}`, some: `agent.name == ${quote(name)}` };
}

export const ACTOR_WORDS: readonly Entry[] = [
  named(`${AGENT}((?:\`[^\`]{1,200}\`|"[^"]{1,200}"|'[^']{1,200}'|[a-z0-9_]+(?:-[a-z0-9_]+){1,8})))`, toAgent, {
    isPlace: true,
  }),
  named(
    '(?:by |from |for )?(?:the |an? )?([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,7}-(?:agent|bot|processor|generator|reporter|cleaner|assistant))(?: agents?)?',
    toAgent,
    { isPlace: true },
  ),
  named(`(?:by |from )(?:the )?(\`[^\`]{1,200}\`|"[^"]{1,200}"|[a-z0-9_]+(?:-[a-z0-9_]+)+) agents?`, toAgent, {
    isPlace: true,
  }),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |triggered |launched |if |on )*(?:a |an |the )?(?:schedule(?:d)?(?: (?:agents?|runs?|jobs?|tasks?))?|cron(?: jobs?)?|timer)',
    'in scheduled runs',
    'trigger == "schedule"',
  ),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |via |through |triggered |launched |if )*(?:a |an |the )?webhooks?(?: (?:runs?|triggers?|calls?))?(?:[- ]triggered(?: runs?)?)?',
    'in webhook runs',
    'trigger == "webhook"',
  ),
  at(
    'trigger',
    '(?:that (?:are|is|were) |when |started |run |running |is |are |was |it |from |by |in |triggered |launched |if )*(?:a |an |the )?(?:manual(?:ly)? (?:started|triggered|launched|runs?)(?: runs?)?|person starts it)',
    'in manual runs',
    'trigger == "manual"',
  ),
  at('trigger', '(?:in |during |from )?(?:test runs?|dry runs?|tests)', 'in test runs', 'trigger == "test"'),
  at(
    'trigger',
    '(?:when |if )?(?:an |the |ai |chat )*assistants? (?:acts?|calls?)(?: as the agent| directly)?|(?:called|started|run|triggered) by (?:an |the |ai |chat )*assistants?',
    'called by an assistant',
    'trigger == "assistant"',
  ),
];

const NEW =
  '(?:new|unknown|unseen|first[- ]time|never(?:[- ]before)?[- ](?:seen|used|contacted)|previously (?:unknown|unseen|unused)|unfamiliar|not yet (?:seen|used|contacted)|never used before)';

export const FIRST_TIME = 'for the first time';

export const FIRST_WORDS: readonly Entry[] = [
  at(
    'first',
    `(?:to |at |of |for )?(?:a |an |any |the )?(?:${NEW} (?:hosts?|domains?|apis?|sites?|websites?|targets?|destinations?|services?|endpoints?|servers?|systems?|urls?)|(?:hosts?|domains?|apis?|sites?|services?|systems?|targets?|destinations?) (?:that )?(?:it |the agent |we |they )?(?:has|have|had|is|are|was|were)? ?(?:never|not)(?: been)?(?: yet)? (?:used|contacted|called|seen|visited)(?: before| yet)?)`,
    'to a new host',
    'first.target',
  ),
  at(
    'first',
    `(?:to |at |of |for )?(?:a |an |any |the |someone |somebody |outside |external )*(?:${NEW} (?:external )?(?:recipients?|addressees?|addresses|contacts?|people|persons?|e-?mail addresses|customers)|(?:someone|somebody|recipients?|addresses|people|contacts?) (?:that |who |whom )?(?:it |the agent |we |they )?(?:has|have|had)? ?(?:never|not)(?: been)?(?: yet)? (?:written to|mailed|e-?mailed|contacted|used|seen|messaged)(?: before| yet)?)`,
    'to a new recipient',
    'first.recipient',
  ),
  at(
    'first',
    `(?:with |of |for )?(?:a |an |any |the )?(?:${NEW} (?:tools?|actions?|types? of actions?|action types?)|(?:tools?|actions?) (?:that )?(?:it |the agent |they )?(?:has|have|had)? ?(?:never|not)(?: been)?(?: yet)? (?:used|called)(?: before| yet)?|first use of (?:a |any |each |every )?tools?)`,
    'with a new tool',
    'first.tool',
  ),
  at(
    'first',
    '(?:for |on )?(?:the |an? |its |their |every )?(?:agent.s )?(?:first|1st)[- ](?:time|use|contact|call|uses?)(?: that| of| with| to)?(?: (?:an|the) agent)?',
    FIRST_TIME,
    anyOf('first.target', 'first.recipient', 'first.tool'),
  ),
  at(
    'payment',
    '(?:to |of |for )?(?:a |an |any |the )?(?:new|unknown|changed|first[- ]time|added|unverified) (?:payees?|vendors?|suppliers?|beneficiar(?:y|ies)|bank accounts?|accounts?)|(?:adding|add|creating|create|changing|change) (?:of )?(?:a |an |any |the )?(?:new )?(?:payees?|beneficiar(?:y|ies))',
    'to a new payee',
    'payment.newPayee',
    'payment',
  ),
];

/** Adds nothing beside other parts. */
export const ANY_ACTION = 'any action';

export const TRAIT_WORDS: readonly Entry[] = [
  at(
    'trait',
    '(?:any|every|all|each) (?:single )?(?:actions?|operations?|steps?)|everything|anything|every step|actions',
    ANY_ACTION,
    'action.type != ""',
  ),
  at(
    'trait',
    "(?:that (?:are|is|be) |which (?:are|is) |is |are )?(?:irreversible|can ?not be (?:undone|reversed|rolled back)|can't be (?:undone|reversed)|not reversible|permanent(?:ly)?|non-reversible|cannot be taken back)(?: actions?| operations?| steps?| changes?)?",
    'irreversible actions',
    'action.reversible != "yes"',
  ),
  at(
    'trait',
    '(?:any |an? )?(?:actions? )?(?:with |that (?:have|has) |having )?side[- ]effects?(?: actions?)?',
    'with side effects',
    'action.sideEffect != "none"',
  ),
  at(
    'trait',
    '(?:hir(?:e|es|ing)(?: or| and)? ?(?:fir(?:e|es|ing))?|fir(?:e|es|ing)|(?:hiring|firing|credit|lending|loan|insurance|employment|medical|legal|treatment|recruiting) decisions?|decid(?:e|es|ing)(?: about| on)? (?:a )?(?:people|persons?|loans?|credit|candidates?|applicants?|hiring)|decisions? (?:about|on|affecting|over|concerning) (?:a )?(?:people|persons?|individuals?|candidates?|applicants?|employees?|customers?))',
    'decisions about people',
    'action.personDecision',
  ),
  at(
    'trait',
    "(?:(?:their|its|the agent's|an agent's|the) own |its |their )(?:policy|policies|limits?|approvers?|controls?|rules?|records?|permissions?|guardrails?|audit (?:logs?|trails?|records?)|restrictions?|safety (?:settings|controls|rules))(?:(?:,| or| and|, or|, and) (?:its |their )?(?:own )?(?:policies|limits?|approvers?|controls?|rules?|permissions?|records?|audit (?:logs?|trails?)))*|audit (?:trails?|logs?)|policies|guardrails|approvers",
    'its own controls',
    'action.ownControls',
  ),
  at(
    'trait',
    '(?:undeclared|not declared|unregistered)(?: (?:actions?|tools?|types?))?',
    'undeclared actions',
    '!action.declared',
  ),
  at(
    'trait',
    '(?:unknown|unrecogni[sz]ed) (?:actions?|action types?|types? of actions?|operations?)',
    'unknown action types',
    '!action.known',
  ),
  at(
    'trait',
    '(?:outside|beyond|out)(?: of)? (?:of )?(?:the |its |our |their )?(?:allowed |permitted |working |work |sandbox |project )?(?:folders?|director(?:y|ies)|roots?|workspace folders?|workspace director(?:y|ies)|sandbox|file roots?|workspace roots?)',
    'outside the allowed folders',
    'file.outsideRoots',
    'file',
  ),
  at(
    'trait',
    '(?:recursive(?:ly)?|whole (?:folders?|director(?:y|ies)|trees?)|entire (?:folders?|director(?:y|ies)|trees?)|folders? with (?:their|its|all) contents?|(?:folders|directories))',
    'whole folders',
    'file.recursive || shell.destructive',
  ),
  at(
    'trait',
    '(?:with |using |by )?(?:wildcards?|globs?|glob patterns?|wildcard (?:patterns?|paths?))',
    'with wildcards',
    'file.wildcard',
    'file',
  ),
  at(
    'trait',
    "(?:that (?:can ?not|cannot|can't|could not) be (?:read|analy[sz]ed|scanned|inspected|parsed)|unreadable|encrypted (?:files?|content|attachments?|archives?)|binary (?:files?|content|data)|unscannable|opaque)(?: content| files?| attachments?)?",
    'unreadable content',
    'analysis.unreadable || analysis.truncated',
  ),
  at(
    'trait',
    '(?:(?:comes?|coming|came|taken|derived|originat(?:es|ing)) from (?:untrusted|outside|external)(?: (?:content|sources?|data|input))?|(?:(?:based|acting|relying) on |from |with |after reading )?(?:untrusted|tainted|external|third-party) (?:content|input|instructions)|prompt injections?)',
    'from untrusted content',
    'provenance.keyArgument in ["untrusted", "unknown"] || provenance.sessionTainted',
  ),
  at(
    'trait',
    '(?:password|credential|key|mfa|multi-factor) (?:changes?|resets?|rotations?)',
    'credential changes',
    'action.credentialChange',
  ),
  at(
    'trait',
    '(?:on behalf of |for |by |from )?(?:an |any )?(?:unknown|unidentified|anonymous) (?:principals?|users?|people|persons?|callers?|requesters?)',
    'for unidentified principals',
    '!principal.identified',
  ),
];

const shell = (pattern: string, text: string, some: string): Entry => at('shell', pattern, text, some, 'code');
export const SHELL_WORDS: readonly Entry[] = [
  shell(
    '(?:(?:with|using|via|as|that use|run|running|runs|use|uses) )*(?:sudo|root(?: rights| privileges| access)?|(?:elevated|admin|administrator) (?:rights|privileges)|privilege escalation|escalat(?:es?|ing) privileges)',
    'with elevated rights',
    'shell.privilege',
  ),
  shell(
    '(?:that (?:use|access|need|open|reach)s? |using |with |over |access(?:es|ing)? |uses? )?(?:the )?(?:network access|network connections?|networking)|(?:that )?(?:use|uses|using|access|accesses|needs?|opens?|opening|make|makes|making) (?:the |a |any )?network(?: connections?| calls?)?',
    'with network access',
    'shell.network',
  ),
  shell(
    '(?:pip(?:e|es|ed|ing) (?:(?:a|the|any|some) )?(?:[a-z]+ )?(?:in)?to (?:a |an |the )?(?:shell|bash|sh|interpreter|python)|(?:curl|wget) ?\\| ?(?:bash|sh)|(?:download(?:s|ed|ing)?|fetch(?:es|ed|ing)?) (?:and|then|and then) (?:run|execut)(?:s|e|es|ed|ing)?(?: (?:code|scripts?))?|(?:downloaded|fetched|remote) (?:code|scripts?|programs?))',
    'that pipe to an interpreter',
    'shell.pipeToInterpreter',
  ),
  shell(
    '(?:that are |which are )?(?:destructive|dangerous|harmful|rm -r?f?r?|git push (?:--force|-f)|git reset --hard)(?: (?:shell )?(?:commands?|scripts?|operations?|code|actions?))?',
    'destructive commands',
    'shell.destructive || shell.deletes',
  ),
  shell(
    '(?:obfuscated|encoded|hidden|disguised)(?: (?:shell )?(?:commands?|scripts?|code|payloads?))?',
    'obfuscated commands',
    'shell.obfuscated',
  ),
  shell(
    '(?:print(?:s|ing)?|dump(?:s|ing)?|read(?:s|ing)?|show(?:s|ing)?|access(?:es|ing)?|list(?:s|ing)?) (?:the |all )?environment(?: variables?)?|environment (?:dumps?|variables?)',
    'environment dumps',
    'shell.environmentDump',
  ),
  named(
    '(?:the |any )?(?:`([a-z][a-z0-9_.+-]{0,30})`|(curl|wget|ssh|scp|rm|kubectl|terraform|docker|git|npm|pip|chmod|chown|dd|mkfs|nc|netcat|psql|node|bash|crontab|systemctl|apt|apt-get|brew|helm|aws|gcloud|az|rsync|telnet|ftp))(?: (?:commands?|calls?|install|add|push|clone|apply))?',
    (name) => ({
      facet: 'shell',
      text: `the command ${show(name.toLowerCase())}`,
      some: `${quote(name.toLowerCase())} in shell.commands`,
      all: `shell.parsed && shell.commands.all(x, x == ${quote(name.toLowerCase())})`,
      family: 'shell',
    }),
  ),
  named('(?:the )?commands? (?:called |named )?`([a-z][a-z0-9_.+-]{0,30})`', (name) => ({
    facet: 'shell',
    text: `the command ${show(name.toLowerCase())}`,
    some: `${quote(name.toLowerCase())} in shell.commands`,
    all: `shell.parsed && shell.commands.all(x, x == ${quote(name.toLowerCase())})`,
    family: 'shell',
  })),
  named(
    '(?:in |written in )?(?:(go|bash) (?:code|programs?|scripts?)|(python|javascript|typescript|golang)(?: (?:code|programs?|scripts?))?)',
    (name) => ({
      facet: 'shell',
      text: `${name.toLowerCase()} programs`,
      some: `shell.language == ${quote({ golang: 'go', bash: 'shell' }[name.toLowerCase()] ?? name.toLowerCase())}`,
      family: 'code',
    }),
  ),
];

export const PHASE_WORDS: readonly Entry[] = [
  at(
    'phase',
    '(?:in |from |of |inside |within )?(?:the |any |all |every |query |tool |search )*(?:results?|outputs?|responses?|returned (?:data|rows|values|content)|answers?|return values|query results?|result sets?)',
    'in results',
    'action.phase == "after"',
  ),
  at(
    'phase',
    '(?:in |from )?(?:the |any |all )?(?:params|inputs|arguments|parameters)',
    'in params',
    'action.phase == "before"',
  ),
];
