import { posix } from 'node:path';
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

const PUBLIC = /\.(?:pub|example|sample|template|dist|md)$|(?:^|\/)known_hosts$/;
/** Also by a pattern, and of one thread. */
const PROCESS_ENVIRONMENT = /(?:^|\/)proc\/.+\/(?:env|[^/]*[*?[])/;
const KEY_FILE = /\.(?:env|pem|p12|pfx|jks|kdbx|keytab|ppk)$/;
const CERTIFICATE = /^(?:ca|chain|fullchain|[\w-]*cert[\w-]*|[\w-]*ca-bundle)\.pem$/;

/** No system takes a longer one. */
const MAX_PATH = 4096;

/** Whether a path leads to a place where credentials live. */
export function isCredentialPlace(written: string): boolean {
  if (written.length > MAX_PATH) return false;
  const path = normalised(written);
  if (PUBLIC.test(path)) return false;
  if (PROCESS_ENVIRONMENT.test(path) || (KEY_FILE.test(path) && !isCertificate(path))) return true;
  const below = `/${path}/`;
  const isIn = (place: string) => (place.endsWith('/') ? below.includes(`/${place}`) : below.endsWith(`/${place}/`));
  return CREDENTIAL_PLACES.some(isIn) || (PATTERN.test(path) && mayMeanCredentials(path));
}

function isCertificate(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return CERTIFICATE.test(name) && !name.includes('key');
}

const normalised = (path: string): string =>
  posix
    .normalize(
      stripMarks(path)
        .toLowerCase()
        .replaceAll('\\', '/')
        .replace(/^file:/, ''),
    )
    .replace(/\/$/, '');

/** What is longer, or deeper, is not worth working out: it may mean anything. */
const MAX_PATTERN = 100;
const MAX_PARTS = 50;

/** Whether a pattern such as `~/.s*` or `/etc/sh?dow` fits such a place. */
function mayMeanCredentials(pattern: string): boolean {
  const parts = pattern.split('/');
  if (parts.length > MAX_PARTS) return true;
  return CREDENTIAL_PLACES.some((place) => {
    const wanted = place.replace(/\/$/, '').split('/');
    const fitsAt = (start: number) => wanted.every((name, index) => fits(parts[start + index] ?? '', name));
    return place.endsWith('/') ? parts.some((_, start) => fitsAt(start)) : fitsAt(parts.length - wanted.length);
  });
}

const PATTERN = /[*?[]/;
const ANYTHING = /^\*+(?:\.\w+)?$/;

/** `*` fits nothing hidden; and alone, or before an ending, it is taken for what it says. */
function fits(pattern: string, name: string): boolean {
  if (!PATTERN.test(pattern)) return pattern === name;
  if (ANYTHING.test(pattern) || (name.startsWith('.') && !/^[.[]/.test(pattern))) return false;
  return pattern.length > MAX_PATTERN || wildcard(pattern, name);
}

function wildcard(pattern: string, name: string): boolean {
  let reach = new Set([0]);
  for (const [unit] of pattern.matchAll(/\[[^\]]*\]|./gs)) {
    const next = new Set<number>();
    for (const at of reach) {
      if (unit === '*') for (let to = at; to <= name.length; to += 1) next.add(to);
      else if (unit === '?' || unit === name.charAt(at) || unit.length > 1) next.add(at + 1);
    }
    reach = next;
  }
  return reach.has(name.length);
}

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
const CONNECTION = /^\/dev\/(?:tcp|udp)\/([^/]*)/;
const ACCOUNT_FILES = /(?:^|\/)(?:authorized_keys2?|etc\/(?:passwd|shadow|group|sudoers)|etc\/sudoers\.d\/.*)$/;

export function noteWritten(facts: Facts, written: string, isOverwritten: boolean): void {
  const path = stripMarks(written);
  if (HARMLESS_DEVICE.test(path)) return;
  const host = CONNECTION.exec(path)?.[1];
  if (host !== undefined) return noteHost(facts, host);
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
  const url = `http://${stripMarks(host).replaceAll(ASCII_SIGNS, '')}/`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}

/** All but those of addresses and names; other letters and full stops become what they stand for. */
const ASCII_SIGNS = /[!-$&-,/;-@\\^`{-~]/g;
const URL_HOST = /[a-z][a-z0-9+.-]:\/\/(?:[^\s/?#@'"]{0,200}@)?(\[[^\]\s]{1,60}\]|[^\s/?#:@'"`)\]}\\<>]{1,253})/gi;
const BARE_HOST =
  /^(?:[\w.+-]{1,64}@)?((?:[\w-]{1,63}\.)+[\w-]{1,63}|localhost|0x[0-9a-f]{1,8}|\d{1,10}|\[[^\]\s]{1,60}\])\S*$/i;

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
