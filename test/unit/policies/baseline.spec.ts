import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decide } from '../../../src/kernel/policy/decide.ts';
import { MANDATORY } from '../../../src/modules/policies/built-in.ts';
import { instantiate } from '../../../src/modules/policies/instantiate.ts';
import { compilePolicy } from '../../../src/modules/policies/policy-version.ts';
import { makeFacts } from '../../support/facts.ts';
import { PolicyDesk } from '../../support/policy-desk.ts';
import { act, post, query, request, write, type Case } from '../../support/policy-stories.ts';

const policies = [compilePolicy(instantiate(MANDATORY), '0'.repeat(64))];
const desk = new PolicyDesk();
const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
symlinkSync('/etc', join(folder, 'way-out'));
symlinkSync(folder, join(folder, 'way-in'));
const inside = basename(folder);
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true });
});

const read = (path: string, more: Partial<Case> = {}): Case => act('file.read', { path }, more);
const granted = (type: string, ...grants: string[]): Case => act(type, { path: 'a.txt' }, { grants });
const selected = query('SELECT name FROM customers');

/** Each rule with what it catches, in the plain form and by attempts to get past it, and what it just does not. */
const STORIES: Readonly<
  Record<string, { readonly caught: Record<string, Case>; readonly free: Record<string, Case> }>
> = {
  'undeclared-type': {
    caught: {
      'a type without a step or grant': granted('file.write', 'file.read'),
      'a type that nobody knows in a family that is granted': granted('file.wrote', 'file.*'),
      capitals: granted('FILE.READ', 'file.read'),
      'a space after it': granted('file.read ', 'file.read'),
      'a family that begins alike': granted('files.read', 'file.*'),
    },
    free: { 'a type of a granted family': granted('file.read', 'file.*') },
  },
  'path-outside-roots': {
    caught: {
      'a file of the system': read('/etc/passwd'),
      'dots that climb out': read(`${inside}/../../../etc/passwd`),
      'a link that leads out': read(`${inside}/way-out/passwd`),
      'a NUL in the path': read('in.csv\0.txt'),
      'only the destination': act('file.move', { from: 'a.txt', to: '/etc/a.txt' }),
    },
    free: {
      'a new file in a new folder': write('new/folder/out.csv', 'a'),
      'dots that stay inside': read(`${inside}/../in.csv`),
      'a link that stays inside': read(`${inside}/way-in/a.txt`),
    },
  },
  'private-address': {
    caught: {
      'a private address': request('http://10.1.2.3/'),
      'loopback as one number': request('http://2130706433/'),
      'a mapped IPv6 address': request('http://[::ffff:192.168.0.1]/'),
      'loopback by name with a dot': request('http://localhost./'),
      'loopback in hex': request('http://0x7f.1/'),
    },
    free: { 'a public address': request('https://93.184.216.34/') },
  },
  'metadata-address': {
    caught: {
      'the metadata service': request('http://169.254.169.254/latest'),
      'it as one number': request('http://2852039166/latest'),
      'it by name': request('http://metadata.google.internal/'),
      'it as a mapped IPv6 address': request('http://[::ffff:169.254.169.254]/'),
    },
    free: { 'a public neighbour of it': request('http://169.255.169.254/') },
  },
  'unparsed-url': {
    caught: {
      'no URL': request('not a url'),
      'another scheme': request('file:///etc/passwd'),
      'a URL without a scheme': request('//example.com/a'),
      'a space in the host': request('https://exam ple.com/'),
    },
    free: { 'odd but valid parts': request('HTTPS://example.com:443/a%20b?x=[1]#y') },
  },
  'query-that-writes': {
    caught: {
      'a DELETE': query('DELETE FROM orders WHERE id = 1'),
      'a DELETE inside a WITH': query('WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone'),
      'a DELETE that is explained by running it': query('EXPLAIN ANALYZE DELETE FROM orders'),
      'a second statement': query('SELECT 1; DROP TABLE orders'),
      'a table made by a SELECT': query('SELECT * INTO copy FROM orders'),
      'no SQL at all': query('SELEC name FORM customers'),
    },
    free: { 'a SELECT': selected, 'a SELECT that speaks of deleting': query("SELECT 'delete from orders' AS text") },
  },
};

describe('in force for every agent', () => {
  test('each of its rules has a story here', () => {
    const told = [...Object.keys(STORIES), 'analysis-failed', 'analysis-incomplete'];
    expect(policies[0]?.rules.map(({ name }) => name).sort()).toEqual(told.sort());
  });

  for (const [rule, { caught, free }] of Object.entries(STORIES)) {
    test.each(Object.entries(caught))(`${rule} catches %s`, async (_, one) => {
      const { effect, violations } = await desk.decide({ policies, ...one });
      expect([effect, violations.map(({ rule: name }) => name)]).toEqual(['deny', expect.arrayContaining([rule])]);
    });
    test.each(Object.entries(free))(`${rule} lets go %s`, async (_, one) => {
      const { effect, violations } = await desk.decide({ policies, ...one });
      expect([effect, violations]).toEqual(['allow', []]);
    });
  }
});

describe('what could not be looked at', () => {
  const decideOn = (facts: ReturnType<typeof makeFacts>): string =>
    decide({ policies, facts, mode: 'permissive' }).effect;

  test('is never let through when a parser or detector failed, in permissive either', () => {
    expect(decideOn(makeFacts({ analysis: { errors: ['sql: took longer than 2000 ms'] } }))).toBe('deny');
    expect(decideOn(makeFacts())).toBe('allow');
  });

  test('does not leave when it was not looked at in full, and may be written inside', async () => {
    const large = 'the quick brown fox '.repeat(450_000);
    expect(await desk.decide({ policies, ...post('https://example.com/', { text: large }) })).toMatchObject({
      effect: 'deny',
      violations: [{ rule: 'analysis-incomplete' }],
    });
    expect(await desk.decide({ policies, ...write('large.txt', large) })).toMatchObject({ effect: 'allow' });
    expect(await desk.decide({ policies, ...post('https://example.com/', { text: 'small' }) })).toMatchObject({
      effect: 'allow',
    });
  });
});

test('the metadata service stays denied although an operator lists it, and in permissive too', async () => {
  const permissive = new PolicyDesk({
    mode: 'permissive',
    env: { AGENTOS_ALLOWED_HOSTS: '169.254.169.254:80,10.1.2.3:80' },
  });
  try {
    expect((await permissive.decide({ policies, ...request('http://169.254.169.254/') })).effect).toBe('deny');
    expect((await permissive.decide({ policies, ...request('http://10.1.2.3/') })).effect).toBe('allow');
  } finally {
    await permissive.close();
  }
});
