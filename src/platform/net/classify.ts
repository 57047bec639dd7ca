import ipaddr from 'ipaddr.js';

export interface HostClass {
  /** A loopback, private, link-local or otherwise non-public address, or a name that can only lead to one. */
  readonly privateNetwork: boolean;
  /** Where cloud machines hand out their credentials. */
  readonly metadataService: boolean;
}

const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

const METADATA_ADDRESSES = new Set([
  '169.254.169.254',
  '169.254.169.253',
  '169.254.169.123',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
]);

const PRIVATE_SUFFIXES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'lan',
  'corp',
  'home',
  'home.arpa',
  'private',
  'test',
  'invalid',
  'onion',
];

/** What a url's host is, without asking DNS: addresses in every spelling, and names. What cannot be read counts as private. */
export function classifyHost(host: string): HostClass {
  const name = normalise(host);
  if (name === undefined) return { privateNetwork: true, metadataService: false };
  if (ipaddr.isValid(name)) return { privateNetwork: !isPublicAddress(name), metadataService: isMetadataAddress(name) };
  const metadataService = METADATA_NAMES.has(name);
  const isPrivateName =
    !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
  return { privateNetwork: metadataService || isPrivateName, metadataService };
}

/** Whether an address may be reached from outside any private network. */
export function isPublicAddress(ip: string): boolean {
  const address = toAddress(ip);
  return address !== undefined && address.range() === 'unicast' && !METADATA_ADDRESSES.has(address.toString());
}

/** Never let through, not even by the operator's list. */
export function isMetadataAddress(ip: string): boolean {
  const address = toAddress(ip);
  return address !== undefined && METADATA_ADDRESSES.has(address.toString());
}

/** Through the IPv6 forms that only wrap an IPv4 address (mapped, NAT64) to that address. */
function toAddress(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address;
  const bytes = address.toByteArray();
  const wrapsIpv4 =
    address.range() === 'rfc6052' || address.range() === 'rfc6145' || bytes.slice(0, 12).every((byte) => byte === 0);
  const isUnspecifiedOrLoopback = bytes.slice(0, 15).every((byte) => byte === 0);
  return wrapsIpv4 && !isUnspecifiedOrLoopback ? ipaddr.fromByteArray(bytes.slice(12)) : address;
}

/** The host as the url parser reads it: decimal, octal and hex addresses dotted, IDN in ASCII, no brackets, no trailing dot. */
function normalise(host: string): string | undefined {
  const bare = host.trim();
  const bracketed = bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare;
  const text = `http://${bracketed}/`;
  if (bare === '' || /[/?#@\\\s]/.test(bare) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return (
    url.hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.+$/, '')
      .toLowerCase() || undefined
  );
}
