const TEMPLATE =
  /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|^\{[\w.$ -]{1,80}\}$|^<[^<>]{1,200}>$|^\[[\w .:-]{1,80}\]$|^@[\w.]{1,60}@$/;
const VARIABLE =
  /^\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|env:\w+|\d)$|^%(?:[A-Z][A-Z0-9_]*%|[sdv@]|\(\w+\)s)$|^__\w+__$|^:\w{1,40}$/;
const LOOKUP =
  /process\.env|import\.meta|os\.environ|getenv|Deno\.env|System\.get|Environment\.Get|\bENV\[|\benv\(|\bsecrets?\.[A-Za-z_]+$|^(?:vault|op|ssm|awssm|aws-sm|gcpsm|akv|keyvault|keychain|keyring|doppler|infisical|sops|env|file|ref|ref\+\w+|valueFrom|secretKeyRef|arn):|^(?:ENC|AES256)\[|^!(?:Ref|Sub|vault|secret|env)|^\{(?:cipher|vault)\}|^\/(?:run|etc|var|home|usr|opt|mnt|secrets)\//;

/** Whether it names the place where the value is, rather than the value. */
export function isReference(value: string): boolean {
  return TEMPLATE.test(value) || VARIABLE.test(value) || LOOKUP.test(value);
}

const NOTHING =
  /^(?:null|none|nil|undefined|nan|true|false|yes|no|on|off|n\/a|na|tbd|todo|fixme|empty|blank|string|str|number|int|integer|boolean|bool|any|unknown|object|void|never|bytes?|text|char|varchar|secretstr|securestring|optional|required|nullable|hidden|masked|redacted|removed|deleted|filtered|encrypted|example|sample|dummy|placeholder|value|generated|random|auto|disabled|enabled|default|plain|plaintext|base64|hex|utf-?8|bearer|basic|oauth2?|jwt|sha\d{1,3}|md5|hmac|rsa|aes|function|async|await|new|self|this|let|var|const|import|return|typeof|public|private|protected|static|readonly)$/i;
const FILL_IN =
  /(?:^|[^a-z])(?:your|my(?=[-_ ]|secret|pass|token|key|api)|some|insert|enter|put|replace|paste|type|fill|choose|create|generate|provide)[\w -]{0,40}?(?:pass|pwd|secret|token|key|cred|value|here|auth)|placeholder|redacted|(?:goes|value|token|key|secret|password)[-_ ]?here|(?:to|must)[-_ ]?be[-_ ]?(?:changed|replaced|set)|example|not[-_ ]?(?:a|the)[-_ ]?(?:real|secret)/i;

/** Whether it only shows where a value goes, in words. */
export function isPlaceholder(value: string): boolean {
  if (NOTHING.test(value) || /^[*.\-_x#?\u2022\u2026]+$/i.test(value)) return true;
  return value.length <= 80 && FILL_IN.test(value) && !/\d{3}/.test(value);
}
