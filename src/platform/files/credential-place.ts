import { basename, sep } from 'node:path';

/** Folders whose whole content is keys, tokens or passwords. */
const FOLDERS = new Set([
  '.ssh',
  '.aws',
  '.azure',
  '.gnupg',
  '.gpg',
  '.password-store',
  '.kube',
  '.docker',
  '.minikube',
  '.oci',
  '.terraform.d',
  '.vault',
  'keychains',
  'keyrings',
]);

/** The same, as two or more names in a row. */
const PLACES = [
  '.config/gcloud',
  '.config/gh',
  '.config/hub',
  '.config/op',
  '.config/rclone',
  '.config/sops',
  '.config/helm',
  '.config/doctl',
  '.config/google-chrome',
  '.config/chromium',
  '.mozilla/firefox',
  '.local/share/kwalletd',
  'etc/ssl/private',
  'etc/shadow',
  'etc/shadow-',
  'etc/gshadow',
  'etc/gshadow-',
  'etc/sudoers',
  'etc/sudoers.d',
  'system32/config/sam',
  'etc/kubernetes/pki',
  'run/secrets',
  'appdata/roaming/gnupg',
  'microsoft/credentials',
  'microsoft/protect',
];

const NAMES = new Set([
  '.netrc',
  '_netrc',
  '.pgpass',
  '.my.cnf',
  '.mylogin.cnf',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  '.git-credentials',
  '.vault-token',
  '.htpasswd',
  '.boto',
  '.s3cfg',
  '.dockercfg',
  '.terraformrc',
  'credentials.tfrc.json',
  'terraform.tfstate',
  'kubeconfig',
  'master.passwd',
  'ntds.dit',
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  'id_ecdsa_sk',
  'id_ed25519_sk',
  'logins.json',
  'key3.db',
  'key4.db',
  'login data',
  'wallet.dat',
  'client_secret.json',
  'service-account.json',
  'application_default_credentials.json',
  '.bash_history',
  '.zsh_history',
  '.psql_history',
  '.mysql_history',
  'krb5.keytab',
]);

const EXTENSIONS =
  /\.(pem|key|p12|pfx|jks|jceks|keystore|bks|kdbx?|ppk|pkcs12|keytab|ovpn|agekey|keychain(-db)?|tfstate(\.backup)?)$/;
const DOT_ENV = /^\.env($|[._-])|\.env$|^\.envrc$/;
/** `.env.example` and the like are made to be shared. */
const SHARED_ENV = /^\.env[._-](example|sample|template|dist|defaults?)$/;
const PROCESS = /^\/proc\/[^/]+(\/task\/[^/]+)?\/(environ|mem|maps|cmdline|auxv|kcore|fd|cwd|root|exe)(\/|$)/;

/** Whether a path is where credentials live: keys, tokens, password files and histories, and what shows another process's secrets. */
export function isCredentialPlace(absolutePath: string): boolean {
  const path = absolutePath.split(sep).join('/').toLowerCase();
  const parts = path.split('/').filter((part) => part !== '');
  const name = basename(path);
  if (parts.some((part) => FOLDERS.has(part))) return true;
  if (PLACES.some((place) => `${path}/`.includes(`/${place}/`))) return true;
  if (PROCESS.test(path) || path === '/proc/kcore' || path.startsWith('/dev/mem')) return true;
  if (DOT_ENV.test(name)) return !SHARED_ENV.test(name);
  return NAMES.has(name) || EXTENSIONS.test(name);
}
