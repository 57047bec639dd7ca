import { toValueMeaning, type Entry } from './item.ts';
import type { Kind, Op, Value } from './parts.ts';

function toOp(op: Op, text: string): Value {
  return { facet: 'op', op, text, some: '' };
}

function toKind(kind: Kind, text: string): Value {
  return { facet: 'kind', kind, text, some: '' };
}

export const OP: Record<Op, Value> = {
  read: toOp('read', 'reading'),
  list: toOp('list', 'listing'),
  write: toOp('write', 'changing'),
  create: toOp('create', 'creating'),
  update: toOp('update', 'updating'),
  move: toOp('move', 'moving'),
  delete: toOp('delete', 'deleting'),
  send: toOp('send', 'sending'),
  upload: toOp('upload', 'uploading'),
  download: toOp('download', 'downloading'),
  export: toOp('export', 'exporting'),
  run: toOp('run', 'running'),
};

export const KIND: Record<Kind, Value> = {
  file: toKind('file', 'files'),
  sql: toKind('sql', 'database queries'),
  email: toKind('email', 'e-mails'),
  chat: toKind('chat', 'Slack messages'),
  message: toKind('message', 'messages'),
  http: toKind('http', 'HTTP requests'),
  payment: toKind('payment', 'payments'),
  refund: toKind('refund', 'refunds'),
  model: toKind('model', 'model calls'),
  code: toKind('code', 'code execution'),
  shell: toKind('shell', 'shell commands'),
  storage: toKind('storage', 'storage objects'),
  tool: toKind('tool', 'tool calls'),
  deploy: toKind('deploy', 'deployments'),
  permission: toKind('permission', 'permission changes'),
  log: toKind('log', 'log writes'),
};

function op(name: Op, pattern: string): Entry {
  return { pattern, read: () => [toValueMeaning(OP[name])] };
}

function kind(name: Kind, pattern: string): Entry {
  return { pattern, read: () => [toValueMeaning(KIND[name])] };
}

function both(opName: Op, kindName: Kind, pattern: string): Entry {
  return { pattern, read: () => [toValueMeaning(OP[opName]), toValueMeaning(KIND[kindName])] };
}

export const OP_WORDS: readonly Entry[] = [
  op(
    'read',
    'reads?|reading|views?|viewed|viewing|open(?:s|ed|ing)?|look(?:s|ed|ing)? at|looked up|look(?:s|ing)? up|sees?|seen|seeing|fetch(?:es|ed|ing)?|retriev(?:es?|ed|ing|al)|load(?:s|ed|ing)?|search(?:es|ed|ing)?|brows(?:es?|ed|ing)|inspect(?:s|ed|ing)?|read[- ]access(?: to)?|read operations?|peek(?:s|ed|ing)?(?: at| into)?|scan(?:s|ned|ning)?|quer(?:y|ied|ying)',
  ),
  op('list', 'list(?:s|ed|ing)?|enumerat(?:es?|ed|ing)'),
  op(
    'write',
    'writ(?:es?|ing)|written|wrote|chang(?:es?|ed|ing)|modif(?:y|ies|ied|ying|ications?)|alter(?:s|ed|ing)?|sav(?:es?|ed|ing)|stor(?:es|ed|ing)|tamper(?:s|ed|ing)?(?: with)?|mutat(?:es?|ed|ing|ions?)|write[- ]access(?: to)?|write operations?|make changes(?: to)?|making changes(?: to)?|store',
  ),
  op(
    'create',
    'creat(?:es?|ed|ing|ions?)|insert(?:s|ed|ing|ions?)?|add(?:s|ed|ing)?|append(?:s|ed|ing)?|put(?:s|ting)?',
  ),
  op('update', 'updat(?:es?|ed|ing)|edit(?:s|ed|ing)?|overwrit(?:es?|ing|ten)|replac(?:es?|ed|ing)'),
  op('move', 'mov(?:es?|ed|ing)|renam(?:es?|ed|ing)|relocat(?:es?|ed|ing)'),
  op(
    'delete',
    'delet(?:es?|ed|ing|ions?)|remov(?:es?|ed|ing|als?)|eras(?:es?|ed|ing|ures?)|wip(?:es?|ed|ing)|destroy(?:s|ed|ing)?|purg(?:es?|ed|ing)|trash(?:es|ed|ing)?|destructi(?:on|ve operations?)|get(?:ting)? rid of|clear(?:s|ed|ing)? out',
  ),
  op(
    'send',
    'sends?|sent|sending|shar(?:es?|ed|ing)|forward(?:s|ed|ing)?|transmit(?:s|ted|ting)?|post(?:s|ed|ing)?|publish(?:es|ed|ing)?|leak(?:s|ed|ing|age)?|exfiltrat(?:es?|ed|ing|ion)|disclos(?:es?|ed|ing|ure)|expos(?:es?|ed|ing|ure)|transfer(?:s|red|ring)?|reply(?:ing)?|replies|replied|pass(?:es|ed|ing)?(?: on)?|deliver(?:s|ed|ing|y)?|communicat(?:es?|ed|ing)|push(?:es|ed|ing)?|outgoing|outbound|hand(?:s|ed|ing)? over|giv(?:e|es|ing)|provid(?:e|es|ed|ing)|feed(?:s|ing)?|past(?:e|es|ed|ing)|submit(?:s|ted|ting)?',
  ),
  op('upload', 'upload(?:s|ed|ing)?|go(?:es|ing)? up'),
  op('download', 'download(?:s|ed|ing)?'),
  op('export', 'export(?:s|ed|ing)?|dump(?:s|ed|ing)?|extract(?:s|ed|ing|ions?)?|bulk[- ]exports?'),
  op(
    'run',
    'runs?|running|execut(?:es?|ed|ing|ion)|launch(?:es|ed|ing)?|invok(?:es?|ed|ing)|call(?:s|ed|ing)?|start(?:s|ed|ing)?',
  ),
  both('send', 'email', 'e-?mailed|mailed|e-?mailing|mailing'),
  both('send', 'chat', 'dm(?:s|ed|ing)?'),
  both('read', 'email', '(?:e-?mail )?inbox(?:es)?|mailbox(?:es)?|incoming e-?mails?|received e-?mails?'),
];

export const KIND_WORDS: readonly Entry[] = [
  kind(
    'file',
    'files?|documents?|file (?:access|operations?|actions?|systems?)|filesystems?|local files|file contents?|contents? of files',
  ),
  kind(
    'sql',
    '(?:sql |relational )?(?:databases?|dbs?)|sql|(?:sql |database |db )(?:quer(?:y|ies)|statements?|access|commands?|calls?|operations?|connections?|actions?|rows?|records?|tables?|work)|queries|tables?|database contents?|postgres(?:ql)?|mysql|sqlite',
  ),
  kind('email', 'e-?mails?(?: messages?| notifications?)?|mails?|newsletters?|mailings'),
  kind('chat', '(?:on |to )?slack(?: messages?| posts?| notifications?| channels?)?|chat(?: messages?| posts?)|chats?'),
  kind('message', 'messages?|notifications?|correspondence|communications?'),
  kind(
    'http',
    'https? (?:requests?|calls?|traffic|access|actions?)|http|(?:web|rest|external api|api|network|outbound|internet) (?:requests?|calls?|traffic|access|apis?|connections?)|apis?|requests?|websites?|web ?(?:pages?|sites?)?|urls?|(?:the )?internet|webhooks?|endpoints?|network|web services?|(?:third[- ]party|outside) services?',
  ),
  kind(
    'payment',
    'payments?|(?:money|bank|wire|funds?) transfers?|transfers? of (?:money|funds)|transactions?|purchases?|purchasing|pay(?:s|ing|outs?)?|paid|payouts?|transfer(?:s|ring)? (?:money|funds)|mov(?:es?|ing) (?:money|funds)|send(?:s|ing)? money|disbursements?|invoice payments?|charg(?:es?|ed|ing)|buy(?:s|ing)?|financial transactions?',
  ),
  kind('refund', 'refund(?:s|ed|ing)?|reimburs(?:e|es|ed|ing|ements?)|chargebacks?|pay(?:ing)? back'),
  kind(
    'model',
    '(?:ai |language |large language |llm )?models?(?: providers?| vendors?| calls?| requests?| usage| use| access| prompts?| generations?)?|(?:llms?|ai|gpt)(?: calls?| requests?| usage| prompts?)|llms?|prompts?|generations?|completions?',
  ),
  kind(
    'code',
    'code(?: execution| runs?)?|(?:running|executing|run|execute) (?:code|programs?|scripts?)|programs?|scripts?|arbitrary code|generated code',
  ),
  kind(
    'shell',
    'shell(?: commands?| scripts?| access)?|bash(?: commands?| scripts?)?|terminal(?: commands?)?|command[- ]lines?|(?:system |os )?commands?',
  ),
  kind(
    'storage',
    '(?:object |cloud |s3 |blob )?storage(?: objects?| access)?|(?:storage |s3 )?buckets?|s3(?: objects?)?|(?:stored |storage |s3 )?objects?|cloud files?',
  ),
  kind(
    'tool',
    '(?:mcp |downstream |external )?(?:tool calls?|tools?)|mcp(?: calls?| servers?)?|(?:connected |downstream |mcp )servers?|tool use',
  ),
  kind(
    'deploy',
    'deploy(?:s|ed|ing|ments?)?(?: to)?|releas(?:es?|ed|ing)(?: software| code)?|roll[- ]?outs?|roll(?:s|ed|ing)? out|ship(?:s|ped|ping)?(?: code)?|go(?:ing|es)? live',
  ),
  kind(
    'permission',
    '(?:permission|role|privilege|access right|access|user role) changes?|permissions?|privileges?|access rights|roles|grant(?:s|ed|ing)?(?: access| permissions?| rights| roles)?|(?:change|changing|modify|modifying|assign|assigning|elevate|elevating) (?:of )?(?:permissions?|roles?|privileges?|access rights)|passwords? (?:changes?|resets?)|(?:change|changing|reset|resetting|rotate|rotating) passwords?|user accounts?',
  ),
  kind(
    'log',
    'log writes?|logged|(?:in|into|to|inside|from) (?:the |any |our |application )?(?:logs?|log files?|logging)|logs|log files?(?= (?:must|may|should|are|is|can|need|needs|shall)\\b)|(?<=\\S )log files?',
  ),
];
