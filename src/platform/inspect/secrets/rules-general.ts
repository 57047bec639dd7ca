import type { Confidence } from '../model.ts';
import { gradePassword } from './grading.ts';
import { isReference } from './placeholders.ts';
import { looksRandom } from './randomness.ts';
import { isDummy, isUserAndPassword, rule, weak } from './rule.ts';
import type { Candidate } from './rule.ts';

const DATABASES =
  'postgres|postgresql|mysql|mysqlx|mariadb|mongodb|mongodb+srv|redis|rediss|valkey|mssql|sqlserver|oracle|clickhouse|' +
  'cockroachdb|neo4j|bolt|cassandra|couchbase|couchdb|influxdb|snowflake|redshift|amqp|amqps|kafka|nats|mqtt|mqtts|' +
  'db2|libsql|surrealdb|arangodb|jdbc:postgresql|jdbc:mysql';
// Optional drivers (`postgresql+psycopg2`) stand between the name and the colon.
const DATABASE_URL = new RegExp(
  String.raw`(?<=(?:(?<![a-z])|(?<=\\[nrt]))(?:${DATABASES.replaceAll('+', String.raw`\+`)})(?:\+[a-z0-9]{1,20})?)` +
    String.raw`(:\/\/[^\s:/@"'\x60<>]{0,100}:)([^\s"'\x60<>]{1,256}?)(?=@(?![^\s/"'\x60<>?]{0,150}@)[\w.[\-$%{])`,
  'iy',
);

/** Shapes of no single vendor: signed tokens, addresses with a password, headers, commands and files. */
export const GENERAL_RULES = [
  rule('jwt', 'eyJ ewog', /e(?:yJ|wog)[\w-]{8,4000}(?:\.[\w-]{2,12000}){2,4}(?![\w-])/y, {
    border: 'token',
    judge: isJwt,
  }),
  rule('database_url_password', '://', DATABASE_URL, { border: 'none', judge: isUrlPassword }),
  rule(
    'url_password',
    '://',
    /(?<=[a-z][a-z0-9+]{0,20})(:\/\/[^\s:/@"'`<>]{0,100}:)([^\s/"'`<>]{1,256}?)(?=@(?![^\s/"'`<>?]{0,150}@)[\w.[\-$%{])/iy,
    { border: 'none', judge: isUrlPassword },
  ),
  rule('url_token', '://', /(:\/\/)([\w.~+-]{20,256})(?=@[\w.-]{1,100}[/:\s"'`]|:x-oauth-basic@)/y, {
    border: 'none',
    judge: isRandom,
  }),
  rule('bearer_token', 'bearer', /(bearer(?:\s|%20|\+){1,4}["']?)([\w.~+/=-]{8,4000})/iy, {
    anyCase: true,
    judge: isBearer,
  }),
  rule(
    'authorization_header',
    'authorization',
    /(authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?(?:(?:token|apikey|api-key|key|digest|negotiate|splunk|sso-key|genie(?:key)?|bot)\s{1,4})?(?:token=)?["']?)([\w.~+/=:-]{16,2000})/iy,
    { anyCase: true, judge: isRandom },
  ),
  rule('basic_auth_header', 'basic', /(basic\s{1,4})([A-Za-z0-9+/]{6,400}={0,2})(?![\w+/=])/iy, {
    anyCase: true,
    judge: isUserAndPassword,
  }),
  rule('jwk_private_key', '"d"', /("d"\s{0,4}:\s{0,4}")([\w-]{40,800})(?=")/y, { border: 'none', judge: isInJwk }),
  rule(
    'putty_private_key',
    'Private-Lines:',
    /(Private-Lines: \d{1,3}\s{1,4})((?:[A-Za-z0-9+/=]{2,64}\s{1,2}){1,200})/y,
  ),
  rule('netrc_password', 'login', /(login[ \t\r\n]{1,8}\S{1,100}[ \t\r\n]{1,8}password[ \t\r\n]{1,8})(\S{1,200})/y, {
    judge: isCommandPassword,
  }),
  rule(
    'curl_password',
    'curl',
    /(curl\s[^\n]{0,200}?(?:-[a-zA-Z]{0,3}u|--user|--proxy-user)[ =]{0,2}["']?[^\s:"'$]{1,80}:)([^\s"'@]{3,200})/y,
    { judge: isCommandPassword },
  ),
  rule(
    'command_password',
    'mysql mysqldump mariadb mysqladmin',
    /((?:mysql|mysqldump|mysqladmin|mariadb)\s[^\n|;]{0,200}?\s-p)([^\s"'|;-][^\s"'|;]{3,100})/y,
    { judge: isCommandPassword },
  ),
  rule('command_password', 'sshpass', /(sshpass\s{1,4}-p\s{0,3}["']?)([^\s"']{3,100})/y, { judge: isCommandPassword }),
  rule('command_password', 'redis-cli', /(redis-cli\s[^\n|;]{0,200}?-a\s{1,3}["']?)([^\s"']{4,100})/y, {
    judge: isCommandPassword,
  }),
  rule('command_password', 'docker az', /((?:docker|az)\s{1,3}login\s[^\n|;]{0,200}?\s-p[ =]["']?)([^\s"']{4,200})/y, {
    judge: isCommandPassword,
  }),
  rule(
    'command_password',
    'echo',
    /(echo\s{1,3}["']?[\w.-]{1,40}:)([^\s"'|]{4,100})(?=["']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3})?chpasswd)/y,
    { judge: isCommandPassword },
  ),
  rule('pgpass_password', ':5432:', /(:5432:[^:\s]{1,63}:[^:\s]{1,63}:)([^:\s"']{4,100})(?=\s|$)/y, {
    border: 'none',
    judge: isCommandPassword,
  }),
  rule(
    'login_call',
    'auth=( BasicAuth(',
    /((?:auth=|BasicAuth)\(\s{0,20}["'][^"'\n]{1,100}["']\s{0,3},\s{0,20}["'])([^"'\n]{4,100})(?=["'])/y,
    { border: 'none', judge: isCommandPassword },
  ),
  rule(
    'login_call',
    '.login( .authenticate( .connect(',
    /(\.(?:login|authenticate|connect)\(\s{0,20}["'][^"'\n]{1,100}["']\s{0,3},\s{0,20}["'])([^"'\n]{6,100})(?=["']\s{0,3}[,)])/y,
    { border: 'none', judge: isSurePassword },
  ),
  rule(
    'sql_password',
    'identified',
    /(identified\s{1,4}(?:with\s{1,4}["'`]?\w{1,40}["'`]?\s{1,4})?by\s{1,4}(?:password\s{1,4})?["'])([^"'\n]{3,200})(?=["'])/iy,
    { anyCase: true, judge: isCommandPassword },
  ),
  rule(
    'secure_string',
    'convertto-securestring',
    /(ConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?["'])([^"'\n]{4,200})(?=["'])/iy,
    { anyCase: true, judge: isCommandPassword },
  ),
  rule('password_hash', '$2a$ $2b$ $2y$', /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/y, { border: 'none', judge: weak }),
  rule('password_hash', '$1$ $apr1$', /\$(?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}(?![./A-Za-z0-9])/y, {
    border: 'none',
    judge: weak,
  }),
  rule(
    'password_hash',
    '$argon2',
    /\$argon2(?:id|i|d)\$v=\d{1,3}\$[mtp=,\d]{5,60}\$[A-Za-z0-9+/]{8,100}\$[A-Za-z0-9+/]{16,200}/y,
    { border: 'none', judge: weak },
  ),
  rule(
    'password_hash',
    '$5$ $6$ $y$',
    /\$[56y]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{4,40}(?:\$[./A-Za-z0-9]{4,40})?\$[./A-Za-z0-9]{43,90}/y,
    { border: 'none', judge: weak },
  ),
] as const;

const JSON_START = /^\s*\{\s*"[\w#-]{1,40}"\s*:/;

function isJwt({ value }: Candidate): Confidence | undefined {
  const header = Buffer.from(value.slice(0, value.indexOf('.')), 'base64url').toString('utf8');
  return JSON_START.test(header) && header.trimEnd().endsWith('}') ? 'high' : undefined;
}

function isUrlPassword({ value }: Candidate): Confidence | undefined {
  if (isReference(value) || isDummy(value)) return undefined;
  return gradePassword(value) ?? 'low';
}

function isCommandPassword({ value }: Candidate): Confidence | undefined {
  return gradePassword(value);
}

/** Other calls take two texts as well. */
function isSurePassword({ value }: Candidate): Confidence | undefined {
  return gradePassword(value) === 'high' ? 'high' : undefined;
}

function isRandom({ value }: Candidate): Confidence | undefined {
  return !isDummy(value) && !isReference(value) && looksRandom(value) ? 'high' : undefined;
}

function isBearer(candidate: Candidate): Confidence | undefined {
  const { value } = candidate;
  if (value.length >= 16) return isRandom(candidate);
  return /\d/.test(value) && /[a-z]/i.test(value) && !isDummy(value) ? 'low' : undefined;
}

function isInJwk({ text, start, end }: Candidate): Confidence | undefined {
  return text.slice(Math.max(0, start - 1200), end + 4000).includes('"kty"') ? 'high' : undefined;
}
