import { describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { compileCondition } from '../../platform/cel/condition.ts';
import type { AppError } from '../../platform/errors/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { toFacts, type FactInput } from './to-facts.ts';

const input: FactInput = {
  type: 'http.request',
  kind: 'http',
  operation: 'read',
  known: true,
  declared: true,
  sideEffect: 'none',
  reversible: 'unknown',
  environment: 'development',
  agent: { id: 'a', name: 'n', version: 3 },
  trigger: 'schedule',
  paths: [],
  recursive: false,
  bytes: 0,
  rate: { http1m: 1, writes1m: 2 },
};
const surroundings = { fileRoots: [tmpdir()], allowedHosts: ['[::1]:9000'] };

describe('facts of a URL', () => {
  test.each<[string, object]>([
    ['HTTPS://Example.COM/a?b', { scheme: 'https', host: 'example.com', port: 443, privateNetwork: false }],
    ['http://example.com:8080', { scheme: 'http', port: 8080 }],
    ['http://[::1]:9000/', { host: '::1', port: 9000, privateNetwork: true, allowlisted: true }],
    ['http://[::1]:9001/', { privateNetwork: true, allowlisted: false }],
    ['http://0x7f.1/', { host: '127.0.0.1', privateNetwork: true }],
    ['https://user@example.com', { hasCredentials: true }],
    ['https://', { unparsed: true, scheme: '' }],
    ['javascript:alert(1)', { unparsed: true }],
    ['', { unparsed: true }],
  ])('%s', async (url, expected) => {
    expect((await toFacts({ ...input, url, method: 'post' }, surroundings)).url).toMatchObject({
      ...expected,
      method: 'POST',
    });
  });

  test('an action without one has empty facts, not unparsed ones', async () => {
    expect((await toFacts(input, surroundings)).url).toMatchObject({
      scheme: '',
      unparsed: false,
      privateNetwork: false,
    });
  });
});

describe('what the author declares', () => {
  const declare = async (facts: JsonObject): Promise<object> =>
    (await toFacts({ ...input, facts }, surroundings)).declared;

  test('is taken over, and what is not declared has its empty value', async () => {
    expect(
      await declare({ purpose: 'billing', recordCount: 12, cost: 0.0025, consent: 'verified', backupConfirmed: true }),
    ).toEqual({
      purpose: 'billing',
      legalBasis: '',
      consent: 'verified',
      ticket: '',
      backupConfirmed: true,
      rollbackPlan: '',
      recordCount: 12,
      costMicros: 2500,
    });
    expect(await declare({})).toMatchObject({ purpose: '', consent: 'unknown', recordCount: -1, costMicros: -1 });
  });

  test.each<[JsonObject, string]>([
    [{ recordCount: '12' }, 'facts.recordCount'],
    [{ recordCount: 1.5 }, 'facts.recordCount'],
    [{ recordCount: -1 }, 'facts.recordCount'],
    [{ consent: 'maybe' }, 'verified'],
    [{ backupConfirmed: 'yes' }, 'facts.backupConfirmed'],
    [{ purposes: 'x' }, 'Did you mean `purpose`'],
    [{ outsideRoots: false }, 'not a fact that can be declared'],
    [{ purpose: 'x'.repeat(4_097) }, 'facts.purpose'],
  ])('%j is refused with the name and the valid values', async (facts, text) => {
    const failure = await toFacts({ ...input, facts }, surroundings).catch((error: unknown) => error as AppError);
    expect(failure).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(text) as unknown });
  });
});

test('the facts are complete: every condition over them has an answer', async () => {
  const condition = compileCondition('true');
  const facts = await toFacts({ ...input, url: 'http://x', paths: ['a', '/b', '*'] }, surroundings);
  expect(condition.kind === 'condition' && condition.matches(facts)).toBe(true);
});
