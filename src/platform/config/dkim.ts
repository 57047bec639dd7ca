import { createPrivateKey } from 'node:crypto';
import { StartError } from '../errors/index.ts';

/** What mail is signed with, so that the mail servers of others know it is ours. */
export interface Dkim {
  readonly domain: string;
  readonly selector: string;
  /** PEM of an RSA key. */
  readonly key: string;
}

/** Mail servers take no signature of a shorter key. */
const MIN_BITS = 1024;
const NAMES = ['AGENTOS_DKIM_DOMAIN', 'AGENTOS_DKIM_SELECTOR', 'AGENTOS_DKIM_KEY'] as const;

/** A key that mail can be signed with: RSA, readable without a passphrase. */
export function isSigningKey(pem: string): boolean {
  try {
    const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = createPrivateKey(pem);
    return kind === 'rsa' && (details?.modulusLength ?? 0) >= MIN_BITS;
  } catch {
    return false;
  }
}

/** All three or none, and for the address that mail comes from: anything else is a signature that nobody honours. */
export function toDkim(value: (name: (typeof NAMES)[number]) => string | undefined, from: string): Dkim | undefined {
  const [domain, selector, key] = NAMES.map(value);
  if (domain === undefined && selector === undefined && key === undefined) return undefined;
  if (domain === undefined || selector === undefined || key === undefined) {
    const missing = NAMES.filter((name) => value(name) === undefined);
    throw new StartError(
      'bad_config',
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing. Mail is signed with ${NAMES.join(', ')} together: set all three, or none.`,
    );
  }
  const host = (/@([^\s>]+)>?$/.exec(from)?.[1] ?? '').toLowerCase();
  const signer = domain.toLowerCase();
  if (host !== signer && !host.endsWith(`.${signer}`))
    throw new StartError(
      'bad_config',
      `AGENTOS_DKIM_DOMAIN is wrong. \`${domain}\` is neither the domain of AGENTOS_MAIL_FROM (\`${host}\`) nor one above it, so the signature would not count. Example: AGENTOS_MAIL_FROM=agentos@${signer}`,
    );
  return Object.freeze({ domain: signer, selector, key });
}
