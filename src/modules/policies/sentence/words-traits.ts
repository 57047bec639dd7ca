import { quote } from './cel.ts';
import { named, phrase, type Entry } from './item.ts';
import { show } from './name.ts';
import type { Facet, Kind } from './parts.ts';

const at = (facet: Facet, pattern: string, text: string, some: string, family?: Kind): Entry =>
  phrase(pattern, { facet, text, some, ...(family === undefined ? {} : { family }) });

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
    "(?:(?:their|its|the agent's|an agent's|the) own |its |their )(?:policy|policies|limits?|approvers?|controls?|rules?|records?|permissions?|guardrails?|audit (?:logs?|trails?|records?)|restrictions?|safety (?:settings|controls|rules))(?:(?:,| or| and|, or|, and) (?:its |their )?(?:own )?(?:policies|limits?|approvers?|controls?|rules?|permissions?|records?|audit (?:logs?|trails?))){0,5}|audit (?:trails?|logs?)|policies|guardrails|approvers",
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
    '(?:(?:with|using|via|as|that use|run|running|runs|use|uses) ){0,5}(?:sudo|root(?: rights| privileges| access)?|(?:elevated|admin|administrator) (?:rights|privileges)|privilege escalation|escalat(?:es?|ing) privileges)',
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
    '(?:in |from |of |inside |within )?(?:the |any |all |every |query |tool |search ){0,5}(?:results?|outputs?|responses?|returned (?:data|rows|values|content)|answers?|return values|query results?|result sets?)',
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
