import { getDomain } from 'tldts';

/** The registrable domain of a host by the public suffix list; the host itself where it has none. Loads the list: import it late. */
export function toRegistrable(host: string): string {
  return getDomain(host, { allowPrivateDomains: true }) ?? host;
}
