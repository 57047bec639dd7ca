/** SHA-256 of the concatenated parts; given by the caller, since the kernel has no packages. */
export type Hash = (...parts: Uint8Array[]) => Uint8Array;

const LEAF: Uint8Array = Uint8Array.of(0);
const LINK: Uint8Array = Uint8Array.of(1);

/** The head of a chain without entries. */
export const EMPTY_HEAD: Uint8Array = new Uint8Array(32);

/** Hash of one entry's canonical bytes; the first byte keeps leaves and links apart (RFC 6962). */
export function hashLeaf(hash: Hash, body: Uint8Array): Uint8Array {
  return hash(LEAF, body);
}

/** The next head: covers every entry before it through `previous`. */
export function linkLeaf(hash: Hash, previous: Uint8Array, leaf: Uint8Array): Uint8Array {
  return hash(LINK, previous, leaf);
}

export interface LinkedEntry {
  readonly seq: bigint;
  readonly body: Uint8Array;
  readonly hash: Uint8Array;
}

export type Verification =
  | { readonly kind: 'intact'; readonly head: Uint8Array; readonly size: bigint }
  | { readonly kind: 'broken'; readonly seq: bigint; readonly reason: 'gap' | 'changed' };

/** Re-hashes `entries`, which must follow `head` (of `size` entries) without a gap. */
export function verifyChain(hash: Hash, head: Uint8Array, size: bigint, entries: readonly LinkedEntry[]): Verification {
  let current = head;
  let seq = size;
  for (const entry of entries) {
    seq += 1n;
    if (entry.seq !== seq) return { kind: 'broken', seq, reason: 'gap' };
    current = linkLeaf(hash, current, hashLeaf(hash, entry.body));
    if (!isEqual(current, entry.hash)) return { kind: 'broken', seq, reason: 'changed' };
  }
  return { kind: 'intact', head: current, size: seq };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
