import { anyOf, quote } from './cel.ts';
import { named, phrase, toValueMeaning, type Entry } from './item.ts';
import { NAME, show, toName } from './name.ts';
import type { Facet, Kind, Value } from './parts.ts';

const THE = '(?:the |our |any |a |an |my )?';
const TO = '(?:to|at|from|on|with|for|of|into|in|towards|against|via|through)';
const DOMAIN = '((?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\\.){1,6}[a-z]{2,24})';
const ADDRESS = '([a-z0-9._%+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\\.){1,6}[a-z]{2,24})';

const EXTERNAL: Value = {
  facet: 'destination',
  text: 'to external destinations',
  opposite: () => INTERNAL,
  some: 'action.phase == "before" && (action.external || recipients.externalCount > 0)',
};
const INTERNAL: Value = {
  facet: 'destination',
  text: 'to internal destinations',
  opposite: () => EXTERNAL,
  some: '!action.external && recipients.externalCount == 0',
};

/** Recipients of a domain; subdomains belong to it. */
export function toMailDomain(domain: string): Value {
  const own = `x.endsWith(${quote(`@${domain}`)}) || x.endsWith(${quote(`.${domain}`)})`;
  return {
    facet: 'recipient',
    text: `to addresses at \`${domain}\``,
    some: `recipients.addresses.exists(x, ${own})`,
    all: `recipients.addresses.size() > 0 && recipients.count <= 100 && recipients.addresses.all(x, ${own})`,
    family: 'email',
  };
}

function toAddress(address: string): Value {
  return {
    facet: 'recipient',
    text: `to \`${address}\``,
    some: `${quote(address)} in recipients.addresses`,
    all: `recipients.addresses.size() > 0 && recipients.count <= 100 && recipients.addresses.all(x, x == ${quote(address)})`,
    family: 'email',
  };
}

/** A host with what lies below it. */
export function toHost(given: string): Value {
  const host = given.toLowerCase().replace(/^\*\./, '');
  const below = quote(`.${host}`);
  return {
    facet: 'host',
    host,
    text: `to the host \`${host}\``,
    some: `url.host == ${quote(host)} || url.host.endsWith(${below}) || shell.hosts.exists(x, x == ${quote(host)} || x.endsWith(${below}))`,
    all: `url.host == ${quote(host)} || url.host.endsWith(${below})`,
    family: 'http',
  };
}

/** A domain by whatever way: its hosts, and the addresses there. */
export function toDomain(given: string): Value {
  const { all: hosts, some: programs, host } = toHost(given);
  const { all: addresses, some: oneAddress } = toMailDomain(given);
  return {
    facet: 'host',
    ...(host === undefined ? {} : { host }),
    text: `to \`${host}\``,
    some: anyOf(String(programs), String(oneAddress)),
    all: anyOf(String(hosts), String(addresses)),
  };
}

export function toChannel(given: string): Value {
  const channel = given.toLowerCase().replace(/^#/, '');
  return {
    facet: 'channel',
    text: `in the channel \`#${channel}\``,
    some: `message.channel == ${quote(channel)}`,
    family: 'chat',
  };
}

function toSubject(words: string): Value {
  const given = words.toLowerCase();
  const pattern = `(?i)${given.replace(/[^\p{L}\p{N} ]/gu, '\\$&')}`;
  return {
    facet: 'message',
    text: `with ${show(given)} in the subject`,
    some: `re(message.subject, ${quote(pattern)})`,
    family: 'email',
  };
}

function withName(make: (name: string) => Value) {
  return (given: string) => {
    const name = toName(given);
    return name === undefined ? undefined : make(name);
  };
}

/** Methods are written in capitals: "get" is a verb. */
function inCapitals(method: string): Entry {
  const value: Value = {
    facet: 'method',
    text: `${method} requests`,
    some: `url.method == ${quote(method)}`,
    family: 'http',
  };
  return { pattern: `(${method})`, read: ([written]) => (written === method ? [toValueMeaning(value)] : undefined) };
}

const at = (facet: Facet, pattern: string, text: string, some: string, family?: Kind): Entry =>
  phrase(pattern, { facet, text, some, ...(family === undefined ? {} : { family }) });

const OUTSIDERS =
  '(?:external|public|non-company|non-internal|third[- ]part(?:y|ies)|outside(?= (?:destinations?|recipients?|address|part|people|persons?|users?|systems?|services?|hosts?|domains?|world|companies|providers?|vendors?|e-?mail|websites?|sites?)))(?:[- ]part(?:y|ies))?';
const PLACES =
  '(?:destinations?|recipients?|address(?:es)?|parties|party|people|persons?|users?|systems?|services?|hosts?|domains?|servers?|sites?|websites?|apis?|networks?|companies|world|targets?|locations?|e-?mail addresses|places?|contacts?|endpoints?|providers?|vendors?|partners?)';
const COMPANY =
  '(?:company|organi[sz]ation|workspace|business|firm|network|team|tenant|domain|perimeter|premises|building|house|hospital|clinic|practice|bank|school|university|agency|institution|department|corporation|enterprise|group)';

export const DESTINATION_WORDS: readonly Entry[] = [
  phrase(`(?:${TO} |anyone |going |that go |sent |addressed |is ){0,5}${THE}${OUTSIDERS}(?: ${PLACES})?`, EXTERNAL),
  phrase(
    `(?:to |from |for |anyone |anybody |people |someone |anywhere |that are |going |recipients? |is |are |sent |with ){0,5}(?:outside|external to|beyond)(?: of)? (?:of )?(?:the |our |my |your )?(?:own )?${COMPANY}`,
    EXTERNAL,
  ),
  phrase(
    `(?:leav(?:e|es|ing)|escap(?:e|es|ing)|go(?:es|ing)? out(?:side)?(?: of)?|sent out(?:side)?(?: of)?|get(?:s|ting)? out(?: of)?|exit(?:s|ing)?)(?: (?:the |our )?${COMPANY})?|(?:to the |to |anywhere |anyone |going )outside(?= ?(?:$|,|at |on |without |unless |except |via |by |through |in ))|to outsiders?|outsiders?|(?:to )?strangers?|to the (?:outside|public)|outbound data|to customers|to (?:non-employees|clients)`,
    EXTERNAL,
  ),
  phrase(
    `(?:${TO} |going |that go |sent |addressed |kept ){0,5}(?:${THE}(?:internal|in-house|own)(?: ${PLACES})?|(?:inside|within|in)(?: of)? (?:the |our )?${COMPANY}|internally|colleagues|coworkers|(?<=\\b(?:to|at|for|with|from) )(?:our|the) (?:own )?(?:${COMPANY}|staff|employees)(?:'s)?(?: (?:address(?:es)?|domains?|recipients?|mail domains?))?|internal)`,
    INTERNAL,
  ),
];

export const RECIPIENT_WORDS: readonly Entry[] = [
  named(
    `(?:(?:${TO} |recipients? |addresses |that are |anyone |people ){0,5})(?:\`|"|')?@${DOMAIN}(?:\`|"|')?(?: (?:address(?:es)?|recipients?|domains?|people|users?))?`,
    toMailDomain,
    { isPlace: true },
  ),
  named(
    `(?:(?:${TO} |recipients? |anyone |people |someone ){0,5})${THE}(?:e-?mail )?(?:addresses|people|recipients|anyone|mailboxes|users|domains?|e-?mail domains?)(?: (?:at|in|from|of|on|with|under))? (?:the )?(?:domain )?(?:\`|"|')?@?${DOMAIN}(?:\`|"|')?(?: domain)?`,
    toMailDomain,
    { isPlace: true },
  ),
  named(`(?:${TO} )?(?:the )?(?:address )?(?:\`|"|')?${ADDRESS}(?:\`|"|')?`, toAddress, { isPlace: true }),
  named(
    `(?:${TO} )?(?:\`|"|')?@?${DOMAIN}(?:\`|"|')? (?:address(?:es)?|recipients?|mailboxes|mail|e-?mails?|people|users)`,
    toMailDomain,
    { isPlace: true },
  ),
  at(
    'recipient',
    '(?:to |with |from )?(?:personal|private|free-?|consumer|free) ?(?:e-?mail )?(?:mail )?(?:addresses|accounts|mailboxes|domains|e-?mails?)|(?:to )?(?:free|webmail) (?:mail )?providers?',
    'to private mailboxes',
    'recipients.externalDomains.exists(x, x in ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "aol.com", "proton.me", "gmx.net"])',
    'email',
  ),
  at(
    'message',
    '(?:(?:that )?(?:with|have|has|having|contain(?:s|ing)?|carry|carrying|include|includes|including) )?(?:any |an |a |file ){0,5}attachments?|attach(?:es|ed|ing)?(?: files?)?',
    'with attachments',
    'message.attachments > 0',
    'email',
  ),
  named(
    `(?:with |whose |where |that have |having ){0,5}(?:the |a |an )?(?:subject|title)s?(?: lines?)? (?:that )?(?:contain(?:s|ing)?|includ(?:es|ing|e)|mention(?:s|ing)?|with|says?|saying|has|having) (?:the (?:words?|phrase|term) )?${NAME}`,
    toSubjectOf,
  ),
  named(
    `(?:with|that (?:have|mention|say|contain)|containing|mentioning|having|including|saying) (?:the (?:words?|phrase|term) )?${NAME} in (?:the|their|its) (?:subject|title)s?(?: lines?)?`,
    toSubjectOf,
  ),
];

function toSubjectOf(given: string): Value {
  return toSubject(/^[`"']/.test(given) ? given.slice(1, -1) : given);
}

export const CHAT_WORDS: readonly Entry[] = [
  named(
    `(?:${TO} )?(?:the )?(?:slack )?(?:channels? )?(?:\`|"|')?(#[a-z0-9_-]{1,80})(?:\`|"|')?(?: (?:slack )?channels?)?`,
    toChannel,
    { isPlace: true },
  ),
  named(`(?:${TO} )?(?:the |a |any )?${NAME} (?:slack )?channels?`, withName(toChannel), { isPlace: true }),
  named(`(?:${TO} )?(?:the )?(?:slack )?channels? (?:called |named )?${NAME}`, withName(toChannel), { isPlace: true }),
];

export const METHOD_WORDS: readonly Entry[] = ['GET', 'POST', 'PUT', 'PATCH', 'HEAD'].map(inCapitals);

export const WEB_WORDS: readonly Entry[] = [
  named(
    `(?:${TO} )?(?:the )?(?:hosts?|domains?|sites?|websites?|apis?|servers?|address)? ?(?:https?://)?(?:\`|"|')?(?:\\*\\.)?${DOMAIN}(?:\`|"|')?(?: (?:hosts?|domains?|apis?|sites?|websites?|and its subdomains|subdomains))?`,
    toHost,
    { isPlace: true },
  ),
  at(
    'scheme',
    '(?:over |via |using |with |use |through )?(?:https(?: only)?|tls|ssl|encrypted (?:connections?|transport|channels?)|encryption)(?: (?:urls?|addresses|connections?|endpoints?))?',
    'over HTTPS',
    'url.scheme == "https"',
    'http',
  ),
  at(
    'scheme',
    '(?:over |via |using |with |through )?(?:(?:plain|unencrypted|insecure|non-encrypted|clear-?text) (?:https?|connections?|transport|requests?|channels?|urls?|endpoints?)|unencrypted|http://|non-https|non-tls|insecure(?:ly)?)(?: (?:urls?|requests?|connections?|calls?))?',
    'over plain HTTP',
    'url.scheme == "http" || target.encrypted == "no"',
    'http',
  ),
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) =>
    at(
      'method',
      `(?:with |using |via |http |use ){0,5}${method.toLowerCase()} (?:https? )?(?:requests?|calls?|methods?)`,
      `${method} requests`,
      `url.method == ${quote(method)}`,
      'http',
    ),
  ),
  at(
    'host',
    '(?:to |on |in |from |at )?(?:the |our |any )?(?:(?:private|internal|local|intranet) (?:networks?|ip(?: address(?:es)?)?s?|address(?:es)?|hosts?|ranges?|services?|servers?)|localhost|intranet|loopback(?: addresses)?)',
    'to private networks',
    'url.privateNetwork',
    'http',
  ),
  at(
    'host',
    '(?:to |of |from |on |at )?(?:the |any )?(?:cloud )?(?:instance )?metadata(?: services?| endpoints?| servers?| address(?:es)?)?(?: included)?',
    'to the metadata service',
    'url.metadataService',
    'http',
  ),
  at(
    'host',
    '(?:to |on |at |that are )?(?:the |any )?(?:allow-?listed|white-?listed|approved|allowed|trusted|known)(?: (?:hosts?|domains?|apis?|sites?|endpoints?|services?|urls?|websites?|list))?|on (?:the|our) allow-?list',
    'to allowlisted hosts',
    'url.allowlisted',
    'http',
  ),
  at(
    'host',
    '(?:to |on |at |that are )?(?:the |any )?(?:unapproved|unlisted|untrusted|unknown|non-allowlisted|non-approved|non-whitelisted|arbitrary) (?:hosts?|domains?|apis?|sites?|endpoints?|services?|urls?|websites?)',
    'to hosts that are not allowlisted',
    '!url.allowlisted',
    'http',
  ),
  at(
    'host',
    '(?:with |that (?:contain|have|include) |containing |including )?(?:user ?names? (?:and|or) passwords?|credentials|passwords?|basic auth) in (?:the |their |its )?(?:urls?|addresse?s?)|urls? (?:with|containing|that contain|that hold) (?:credentials|passwords?|user ?names? and passwords?)|credentials (?:from|in|out of) urls?',
    'URLs with credentials',
    'url.hasCredentials',
    'http',
  ),
];
