export const NAME_CLASSES = ['password', 'secret', 'token'] as const;
export type NameClass = (typeof NAME_CLASSES)[number];

/** Every name of a class holds one of these, in some letter case. */
export const NAME_ANCHORS =
  'pass pwd pswd psk _pw -pw pw: pw= phrase kennwort contrase senha secret token key cred auth bearer hmac salt pepper session_id sessionid sessid jwt mnemonic';

const TAIL =
  '(?:_?(?:\\d{1,3}|prod|production|dev|development|stage|staging|test|testing|live|qa|uat|local|value|val|plain|' +
  'plaintext|text|raw|str|string|current|new|old|previous|default|primary|secondary|main|backup|base64|b64|encoded))?$';
const PASSWORD = new RegExp(
  '(?:^|_)(?:[a-z0-9]*(?:password|passwd|passwort|passphrase|passcode|kennwort|contrasena|senha|pwd|pswd)|' +
    '(?:db|smtp|mail|user|root|admin|ftp|ssh|ldap|sql|my|pg|redis|mongo|imap|proxy|rpc|mysql|auth)?pass|' +
    `pass_phrase|pass_word|pass_code|pw|psk|mot_?de_?passe)${TAIL}`,
);
const SECRET = new RegExp(`(?:^|_)[a-z0-9]*(?:secrets?|secret_?key|secret_key_base|secret_?token|signing_?key)${TAIL}`);
const TOKEN = new RegExp(
  '(?:^|_)(?:[a-z0-9]*(?:tokens?|apikeys?|authkey|accesskey|privatekey|credentials?)|keys?|creds?|secret_id|auth|' +
    `auth_header|bearer|authorization|hmac|salt|pepper|session_?id|(?:php)?sess_?id|mnemonic|jwt|(?:seed|recovery|backup)_?phrase)${TAIL}`,
);
// What is called a token or key, and opens nothing.
const OPENS_NOTHING = new RegExp(
  '^(?:keys?|tokens)$|(?:^|_)(?:(?:next|page|paging|cursor|continuation|sync|cancel|cancellation|design|sequence|invalid|' +
    'unexpected|end|start|stop|prev|max|min|num|total|resume|delta|syntax|special|pad|eos|bos|sep|mask)_?tokens?|' +
    '(?:public|pub|publishable|primary|foreign|cache|sort|partition|translation|i18n|locale|object|site|row|hash|group|' +
    'index|map|query|lookup|composite|unique|idempotency|dedupe?|routing|arrow|hot|shortcut|registry|config|state|react|' +
    'column|field|property|prop|sorting|grouping|data|item|list|menu|route|event|message|msg|error|label|title|metric|' +
    'log|feature|flag|header|attr|attribute|param|option|setting|enter|escape|tab|shift|control|ctrl|meta|alt|any|each|' +
    'host|hosts|missing|unknown|invalid|parent|child|node|tree|type|kind|path|file|dir|module|package|bucket|blob|slot|' +
    'enum|dict|json|yaml|xml|record|entity|document|doc|tuple|queue|topic|lock|job|trace|span|build|block|issue|ticket|' +
    `project|jira)_?keys?)${TAIL}`,
);

const CAMEL = /([a-z0-9])([A-Z])/g;

/** `dbPassword`, `DB-PASSWORD` and `db.password` are one name. */
export function toPlainName(name: string): string {
  return name
    .replace(CAMEL, '$1_$2')
    .replace(/[.\-$ ]/g, '_')
    .replace(/\u00f1/g, 'n')
    .toLowerCase();
}

/** What a name says that its value is; undefined when it is nothing secret, such as `passwordHash` or `tokenUrl`. */
export function classifyName(plain: string): NameClass | undefined {
  if (PASSWORD.test(plain)) return 'password';
  if (SECRET.test(plain)) return 'secret';
  return TOKEN.test(plain) && !OPENS_NOTHING.test(plain) ? 'token' : undefined;
}

const NAME_SIDE = 64;

export interface Name {
  readonly start: number;
  readonly end: number;
}

/** The whole name around a word in it. */
export function readName(text: string, at: number): Name {
  let start = at;
  while (start > 0 && at - start < NAME_SIDE && isNameCode(text.charCodeAt(start - 1))) start -= 1;
  // In `\npassword` the letter belongs to the line break.
  if (start > 0 && start < at && text[start - 1] === '\\') start += 1;
  let end = at;
  while (end < text.length && end - at < NAME_SIDE && isNameCode(text.charCodeAt(end))) end += 1;
  while (end > at && (text[end - 1] === '-' || text[end - 1] === '.')) end -= 1;
  return { start, end };
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 0xf1
  );
}
