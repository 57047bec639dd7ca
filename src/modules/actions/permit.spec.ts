import { describe, expect, it } from '@jest/globals';
import { Permit } from './permit.ts';

describe('Permit', () => {
  it('gives its action once and refuses the second time', () => {
    const permit = Permit.issue({ type: 'file.read', params: { path: 'a.txt' }, hash: 'h1' });
    expect(permit.take()).toEqual({ type: 'file.read', params: { path: 'a.txt' } });
    expect(() => permit.take()).toThrow(/used twice/);
    expect(permit.hash).toBe('h1');
  });

  it('keeps what was decided when the request is changed afterwards', () => {
    const params = { path: 'a.txt', nested: { list: ['one'] } };
    const permit = Permit.issue({ type: 'file.read', params, hash: 'h1' });
    params.path = '/etc/passwd';
    params.nested.list.push('two');
    expect(permit.take().params).toEqual({ path: 'a.txt', nested: { list: ['one'] } });
  });

  it('does not show its params to whoever prints it', () => {
    expect(JSON.stringify(Permit.issue({ type: 'file.read', params: { path: 'secret' }, hash: 'h1' }))).toBe(
      '{"hash":"h1"}',
    );
  });
});
