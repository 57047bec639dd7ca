import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { EMPTY_HEAD, hashLeaf, linkLeaf, verifyChain, type LinkedEntry } from './chain.ts';

const hash = (...parts: Uint8Array[]) => {
  const h = createHash('sha256');
  for (const part of parts) h.update(part);
  return new Uint8Array(h.digest());
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function chainOf(...bodies: string[]): LinkedEntry[] {
  let head: Uint8Array = EMPTY_HEAD;
  return bodies.map((text, i) => {
    head = linkLeaf(hash, head, hashLeaf(hash, bytes(text)));
    return { seq: BigInt(i + 1), body: bytes(text), hash: head };
  });
}

describe('verifyChain', () => {
  it('follows an intact chain to its head', () => {
    const chain = chainOf('a', 'b', 'c');
    expect(verifyChain(hash, EMPTY_HEAD, 0n, chain)).toEqual({ kind: 'intact', head: chain[2]?.hash, size: 3n });
  });

  it('continues from a verified head', () => {
    const [first, ...rest] = chainOf('a', 'b', 'c');
    expect(verifyChain(hash, first!.hash, 1n, rest)).toMatchObject({ kind: 'intact', size: 3n });
  });

  it('names the first changed entry', () => {
    const chain = chainOf('a', 'b', 'c');
    const changed = chain.map((entry) => (entry.seq === 2n ? { ...entry, body: bytes('B') } : entry));
    expect(verifyChain(hash, EMPTY_HEAD, 0n, changed)).toEqual({ kind: 'broken', seq: 2n, reason: 'changed' });
  });

  it('notices a missing entry', () => {
    const [first, , third] = chainOf('a', 'b', 'c');
    expect(verifyChain(hash, EMPTY_HEAD, 0n, [first!, third!])).toEqual({ kind: 'broken', seq: 2n, reason: 'gap' });
  });

  it('keeps leaves and links apart', () => {
    expect(hashLeaf(hash, bytes('ab'))).not.toEqual(hash(Uint8Array.of(1), bytes('ab')));
  });
});
