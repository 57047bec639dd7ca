import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makePermitted, permit } from '../../../test/support/permits.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { hashAction } from './action.ts';
import { Permit } from './permit.ts';

describe('Permit', () => {
  it('gives its action once and refuses the second time', () => {
    const once = permit('file.read', { path: 'a.txt' });
    expect(once.take()).toEqual({ type: 'file.read', params: { path: 'a.txt' } });
    expect(() => once.take()).toThrow(/used twice/);
  });

  it('keeps what was decided when the request is changed afterwards', () => {
    const params = { path: 'a.txt', nested: { list: ['one'] } };
    const issued = permit('file.read', params);
    params.path = '/etc/passwd';
    params.nested.list.push('two');
    expect(issued.take().params).toEqual({ path: 'a.txt', nested: { list: ['one'] } });
  });

  it('is no good after its time, and stays so', () => {
    const late = Permit.issue(makePermitted('file.read', { path: 'a.txt' }, { validForMs: 0 }));
    expect(() => late.take()).toThrow(/after its time/);
    expect(() => late.take()).toThrow(/used twice/);
  });

  it('names the recorded action and the policies that it was decided by, and does not show its params', () => {
    const permitted = makePermitted('file.read', { path: 'secret' });
    const { hash, actionId, policyVersions } = permitted;
    expect(JSON.parse(JSON.stringify(Permit.issue(permitted)))).toEqual({ hash, actionId, policyVersions });
  });

  it.each([
    ['another type', { type: 'file.delete' }],
    ['another agent', { agentId: '11111111-2222-4333-8444-555555555555' }],
    ['other declared facts', { facts: { purpose: 'support' } }],
    ['another place of a run', { run: { runId: 'r', stepPosition: 0, itemIndex: -1, attempt: 1 } }],
  ])('refuses %s than was decided', (_, change) => {
    const permitted = makePermitted('file.read', { path: 'a.txt' });
    const other = Permit.issue({ ...permitted, request: { ...permitted.request, ...change } });
    expect(() => other.take()).toThrow(/another action/);
  });

  it.each([
    ['workspace', { workspaceId: 'another' }],
    ['person', { principal: 'another' }],
    ['definition of the tool', { tool: 'another' }],
    ['target', { target: { paths: ['another'] } }],
  ])('refuses an action of another %s', (_, change) => {
    const permitted = makePermitted('file.read', { path: 'a.txt' });
    const other = { ...permitted, binding: { ...permitted.binding, ...change } };
    expect(() => Permit.issue(other).take()).toThrow(/another action/);
  });
});

/** Every way to change one bit of a value: a bit of a letter, of a number, a truth turned. */
function flipOneBit(value: JsonObject, at: number): JsonObject | undefined {
  const bytes = Buffer.from(JSON.stringify(value));
  const bit = at % (bytes.length * 8);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  try {
    const changed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof changed === 'object' && changed !== null && !Array.isArray(changed)
      ? (changed as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

describe('a permit for an action', () => {
  const anyParams = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer(), fc.boolean(), fc.array(fc.integer())),
    { minKeys: 1, maxKeys: 4 },
  ) as fc.Arbitrary<JsonObject>;

  it('never admits it with one bit of its params changed', () => {
    let changes = 0;
    fc.assert(
      fc.property(anyParams, fc.nat(), (params, at) => {
        const changed = flipOneBit(params, at);
        const permitted = makePermitted('http.request', params);
        const { binding, request, hash } = permitted;
        fc.pre(changed !== undefined);
        // `1.0` and `1` are one value.
        fc.pre(
          hashAction(binding, { ...request, params: changed }) !== hash ||
            JSON.stringify(changed) !== JSON.stringify(params),
        );
        const other = Permit.issue({ ...permitted, request: { ...request, params: changed } });
        expect(() => other.take()).toThrow(/another action/);
        expect(Permit.issue(permitted).take().params).toEqual(params);
        changes++;
      }),
      { numRuns: 500 },
    );
    expect(changes).toBe(500);
  });

  it('never admits it with one bit of its hash changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), (bit) => {
        const permitted = makePermitted('file.read', { path: 'a.txt' });
        const hash = Buffer.from(permitted.hash, 'hex');
        hash[bit >> 3]! ^= 1 << (bit & 7);
        const other = Permit.issue({ ...permitted, hash: hash.toString('hex') });
        expect(() => other.take()).toThrow(/another action/);
      }),
    );
  });
});
