import type { Facts } from './facts.ts';
import { stripMarks } from './marks.ts';

const lines = (text: string): string[] => text.trim().split(/\s+/);

/** Ends of paths below which credentials live; `x/` is a folder. */
const CREDENTIAL_PLACES = lines(`
  .ssh/ .aws/ .gnupg/ .azure/ .password-store/ .config/gcloud/ .config/gh/ .config/op/ .docker/config.json .kube/ .env .netrc _netrc .pgpass
  .my.cnf .npmrc .pypirc .git-credentials .htpasswd .vault-token .terraform.d/credentials.tfrc.json .boto .s3cfg
  .bash_history .zsh_history .psql_history .mysql_history .python_history .env.local .env.production .env.development .env.staging .env.test
  id_rsa id_dsa id_ecdsa id_ed25519 etc/shadow etc/gshadow etc/sudoers etc/sudoers.d/ etc/krb5.keytab etc/master.passwd
  etc/kubernetes/admin.conf etc/ssl/private/ run/secrets/ var/run/secrets/ .local/share/keyrings/
  Library/Keychains/ login.keychain-db Login\\u0020Data key4.db logins.json ntds.dit config/SAM system32/config/sam credentials.json
  service-account.json secrets.yml secrets.yaml secrets.json kubeconfig wp-config.php
`).map((place) => place.replace('\\u0020', ' ').toLowerCase());
const FOLDERS = CREDENTIAL_PLACES.filter((place) => place.endsWith('/'));
const FILES = CREDENTIAL_PLACES.filter((place) => !place.endsWith('/'));

const PUBLIC = /\.(?:pub|example|sample|template|dist|md)$|(?:^|\/)known_hosts$/;
const PROCESS_ENVIRONMENT = /(?:^|\/)proc\/[^/]+\/env/;
const KEY_FILE = /\.env$|\.(?:pem|p12|pfx|jks|kdbx|keytab|ppk)$/;
const CERTIFICATE = /(?:^|\/)(?:ca|cert|chain|fullchain|[\w-]*cert[\w-]*|[\w-]*ca-bundle)\.pem$/;

/** No system takes a longer one. */
const MAX_PATH = 4096;

/** Whether a path leads to a place where credentials live. */
export function isCredentialPlace(written: string): boolean {
  if (written.length > MAX_PATH) return false;
  const path = normalised(written);
  if (PUBLIC.test(path)) return false;
  if (PROCESS_ENVIRONMENT.test(path) || (KEY_FILE.test(path) && !CERTIFICATE.test(path))) return true;
  const below = `/${path}/`;
  if (FOLDERS.some((folder) => below.includes(`/${folder}`))) return true;
  if (FILES.some((file) => below.endsWith(`/${file}/`))) return true;
  return PATTERN.test(path) && mayMeanCredentials(path.slice(0, 500));
}

const normalised = (path: string): string =>
  stripMarks(path)
    .toLowerCase()
    .replaceAll('\\', '/')
    .replaceAll(/\/(?:\.?\/)+/g, '/')
    .replace(/^file:\/*/, '/');

/** Whether a pattern such as `~/.s*` or `/etc/sh?dow` fits such a place. */
function mayMeanCredentials(pattern: string): boolean {
  const parts = pattern.split('/').filter((part) => part !== '');
  return CREDENTIAL_PLACES.some((place) => {
    const wanted = place.split('/').filter((part) => part !== '');
    return parts.some((_, start) => {
      const candidate = parts.slice(start, place.endsWith('/') ? start + wanted.length : undefined);
      if (candidate.length !== wanted.length || !candidate.some((part) => PATTERN.test(part))) return false;
      return candidate.every((part, index) => fits(part, wanted[index] ?? ''));
    });
  });
}

const PATTERN = /[*?[]/;
const ANYTHING = /^\*+(?:\.\w+)?$/;

/** `*` fits nothing hidden; and alone, or before an ending, it is taken for what it says. */
function fits(pattern: string, name: string): boolean {
  if (!PATTERN.test(pattern)) return pattern === name;
  if (ANYTHING.test(pattern) || (name.startsWith('.') && !/^[.[]/.test(pattern))) return false;
  return wildcard(pattern.slice(0, 100), name);
}

function wildcard(pattern: string, name: string): boolean {
  const units = pattern.match(/\[[^\]]*\]|./gs) ?? [];
  let reach = new Set([0]);
  for (const unit of units) {
    const next = new Set<number>();
    for (const at of reach) {
      if (unit === '*') for (let to = at; to <= name.length; to += 1) next.add(to);
      else if (at < name.length && unitFits(unit, name.charAt(at))) next.add(at + 1);
    }
    reach = next;
  }
  return reach.has(name.length);
}

const unitFits = (unit: string, char: string): boolean => unit === '?' || unit === char || unit.length > 1;

/** Commands that name a path without giving its content away. */
const NOT_READERS = new Set(
  lines(`echo printf mkdir rmdir chmod chown chgrp touch ls dir ll stat test [ cd pushd rm unlink del ssh ssh-keygen ssh-add ssh-copy-id
    which basename dirname realpath du df tree file shred find tee truncate alias export set unset`),
);
const METADATA_HOSTS = new Set(
  lines(`169.254.169.254 169.254.170.2 169.254.170.23 100.100.100.200 metadata.google.internal metadata.goog metadata [fd00:ec2::254]
    [::ffff:a9fe:a9fe] 192.0.0.192 instance-data`),
);

export function noteRead(facts: Facts, command: string, path: string): void {
  if (looksLikePath(path)) facts.name('paths', stripMarks(path));
  if (!NOT_READERS.has(command) && isCredentialPlace(path)) facts.mark('credentialRead');
}

const HARMLESS_DEVICE = /^\/dev\/(?:null|std(?:in|out|err)|tty|fd\/\d+|zero|full|random|urandom)$/;
const ACCOUNT_FILES = /(?:^|\/)(?:authorized_keys2?|etc\/(?:passwd|shadow|group|sudoers)(?:\.d\/.*)?)$/;

export function noteWritten(facts: Facts, written: string, isOverwritten: boolean): void {
  const path = stripMarks(written);
  if (HARMLESS_DEVICE.test(path)) return;
  if (path.startsWith('/dev/tcp/') || path.startsWith('/dev/udp/')) return noteHost(facts, path.split('/')[3] ?? '');
  facts.name('paths', path);
  facts.mark(isOverwritten ? 'deletes' : 'writes');
  if (path.startsWith('/dev/')) facts.mark('destructive');
  if (ACCOUNT_FILES.test(path)) facts.mark('credentialChange');
}

const looksLikePath = (word: string): boolean =>
  !word.startsWith('-') && !word.includes('://') && (word.includes('/') || /^[.~]|^\w:\\/.test(word));

/** Notes the host and answers whether it is one. */
export function noteHost(facts: Facts, host: string): void {
  const name = canonicalHost(host);
  if (name === '') return;
  facts.name('hosts', name);
  facts.mark('network');
  if (METADATA_HOSTS.has(name)) facts.mark('credentialRead');
}

/** Numbers such as 2852039166 and 0xa9fea9fe become the address that they stand for. */
function canonicalHost(host: string): string {
  const text = stripMarks(host).replaceAll(/[^\w.:[\]%-]/g, '');
  try {
    return text === '' ? '' : new URL(`http://${text}/`).hostname;
  } catch {
    return '';
  }
}

const URL_HOST =
  /[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/?#@'"]{0,200}@)?(\[[^\]\s]{1,60}\]|[^\s/?#:@'"`)\]}\\<>]{1,253})/gi;
const BARE_HOST =
  /^(?:[\w.+-]{1,64}@)?((?:[\w-]{1,63}\.)+[\w-]{1,63}|localhost|\d{1,10}|0x[0-9a-f]{1,8})(?::\d{1,5})?(?::?\/?[^\s]*)?$/i;

/** Hosts in addresses such as `https://example.com/x`, wherever they stand. */
export function noteUrls(facts: Facts, text: string): void {
  for (const [, host] of stripMarks(text).matchAll(URL_HOST)) noteHost(facts, host ?? '');
}

/** The argument of a command that connects: also `example.com`, `me@example.com:x`, `10.0.0.1`. */
export function noteTarget(facts: Facts, word: string): void {
  if (word.includes('://')) return noteUrls(facts, word);
  const host = BARE_HOST.exec(stripMarks(word.slice(0, MAX_PATH)))?.[1];
  if (host !== undefined) noteHost(facts, host);
}
