import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from '../../kernel/policy/decide.ts';
import type { CompiledPolicy, Decision, PolicyMode } from '../../kernel/policy/model.ts';
import { BUILT_IN, isEnforceable, MANDATORY, TEMPLATES } from './built-in.ts';
import { compilePolicy, toBody, toHash } from './policy-version.ts';
import { parseRules } from './rules.ts';
import { toFacts, type FactInput } from './to-facts.ts';

const read: FactInput = {
  type: 'file.read',
  kind: 'file',
  operation: 'read',
  known: true,
  declared: true,
  sideEffect: 'none',
  reversible: 'yes',
  environment: 'development',
  agent: { id: '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10', name: 'report-generator', version: 1 },
  trigger: 'manual',
  paths: ['in.csv'],
  recursive: false,
  bytes: 0,
  rate: { http1m: 0, writes1m: 0 },
};
const remove = { ...read, type: 'file.delete', operation: 'delete', sideEffect: 'local' };
const write = { ...read, type: 'file.write', operation: 'update', sideEffect: 'local' };
const request = (url: string, more: Partial<FactInput> = {}): FactInput => ({
  ...read,
  type: 'http.request',
  kind: 'http',
  paths: [],
  url,
  method: 'get',
  ...more,
});

const enforceable: CompiledPolicy[] = [...BUILT_IN.values()]
  .filter(isEnforceable)
  .map((policy) => compilePolicy(policy, toHash(toBody(policy))));

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'agentos-policies-')));
  await mkdir(join(folder, 'root', 'inside'), { recursive: true });
  await mkdir(join(folder, 'other'));
  await symlink(join(folder, 'other'), join(folder, 'root', 'way-out'));
  await symlink(join(folder, 'root', 'inside'), join(folder, 'root', 'way-in'));
  await symlink(join(folder, 'root', 'inside'), join(folder, 'root', '.env'));
  await writeFile(join(folder, 'other', 'a.txt'), 'a');
});
afterAll(() => rm(folder, { recursive: true }));

async function decideOn(input: FactInput, mode: PolicyMode = 'strict'): Promise<Decision> {
  const facts = await toFacts(input, {
    fileRoots: [join(folder, 'root')],
    allowedHosts: ['intranet.local:8443', '127.0.0.1:8080', '169.254.169.254:80'],
  });
  return decide({ policies: enforceable, facts, mode });
}

function rulesOf({ violations, warnings }: Decision): string[] {
  return [...violations, ...warnings].map(({ policy, rule }) => `${policy}.${rule}`);
}

describe('every built-in rule: what it catches and what it just does not', () => {
  const matches: [string, string, () => FactInput][] = [
    ['baseline.undeclared-type', 'a type that is neither step nor grant', () => ({ ...read, declared: false })],
    [
      'baseline.path-outside-roots',
      'a folder beside the root',
      () => ({ ...read, paths: [join(folder, 'other', 'a.txt')] }),
    ],
    ['baseline.path-outside-roots', 'dots that climb out', () => ({ ...read, paths: ['inside/../../other/a.txt'] })],
    ['baseline.path-outside-roots', 'a link that leads out', () => ({ ...read, paths: ['way-out/a.txt'] })],
    [
      'baseline.path-outside-roots',
      'a folder whose name begins like the root',
      () => ({ ...read, paths: [join(folder, 'root2')] }),
    ],
    [
      'baseline.path-outside-roots',
      'only the destination',
      () => ({ ...write, paths: ['a', join(folder, 'other', 'b')] }),
    ],
    ['baseline.path-outside-roots', 'a NUL in the path', () => ({ ...read, paths: ['in.csv\0.txt'] })],
    ['baseline.private-address', 'a private address', () => request('http://10.1.2.3/')],
    ['baseline.private-address', 'loopback as one number', () => request('http://2130706433/')],
    ['baseline.private-address', 'a listed host on another port', () => request('http://127.0.0.1:8081/')],
    ['baseline.private-address', 'a mapped IPv6 address', () => request('http://[::ffff:192.168.0.1]/')],
    ['baseline.metadata-address', 'the metadata service', () => request('http://169.254.169.254/latest')],
    ['baseline.metadata-address', 'the metadata service by name', () => request('http://metadata.google.internal/')],
    ['baseline.unparsed-url', 'no URL', () => request('not a url')],
    ['baseline.unparsed-url', 'another scheme', () => request('file:///etc/passwd')],
    ['data-deletion.recursive-delete-inside', 'a folder', () => ({ ...remove, paths: ['inside'], recursive: true })],
    ['data-deletion.recursive-delete-inside', 'a wildcard', () => ({ ...remove, paths: ['inside/*.tmp'] })],
    ['data-deletion.recursive-delete-inside', 'a choice of names', () => ({ ...remove, paths: ['{a,b}.txt'] })],
    [
      'data-deletion.recursive-delete-outside',
      'a folder',
      () => ({ ...remove, paths: [join(folder, 'other')], recursive: true }),
    ],
    ['data-deletion.recursive-delete-outside', 'dots in a choice', () => ({ ...remove, paths: ['{a,../../other}/*'] })],
    ['data-deletion.recursive-delete-outside', 'through a link', () => ({ ...remove, paths: ['way-out/*'] })],
    ['secrets-protection.credential-path', 'a key', () => ({ ...read, paths: ['.ssh/id_ed25519'] })],
    ['secrets-protection.credential-path', 'a settings file', () => ({ ...read, paths: ['app/.env'] })],
    ['secrets-protection.credentials-in-url', 'a password', () => request('https://u:p@example.com/')],
    ['secrets-protection.credential-path', 'a link named like one', () => ({ ...read, paths: ['.env'] })],
    ['secrets-protection.credentials-in-url', 'only a password', () => request('https://:p@example.com/')],
    ['secrets-protection.credentials-in-url', 'only a user', () => request('https://token@example.com/')],
    [
      'rate-limiting.http-per-minute',
      'the 101st request',
      () => request('https://example.com/', { rate: { http1m: 100, writes1m: 0 } }),
    ],
    ['rate-limiting.writes-per-minute', 'the 61st change', () => ({ ...write, rate: { http1m: 0, writes1m: 60 } })],
  ];
  test.each(matches)('%s catches %s', async (rule, _what, input) => {
    const decision = await decideOn(input());
    expect(rulesOf(decision)).toContain(rule);
    expect(decision.effect).not.toBe('allow');
  });

  const misses: [string, string, () => FactInput][] = [
    ['baseline.path-outside-roots', 'a new file in a new folder', () => ({ ...write, paths: ['new/folder/out.csv'] })],
    ['baseline.path-outside-roots', 'dots that stay inside', () => ({ ...read, paths: ['inside/../in.csv'] })],
    ['baseline.path-outside-roots', 'a link that stays inside', () => ({ ...read, paths: ['way-in/a.txt'] })],
    ['baseline.private-address', 'a public address', () => request('https://93.184.216.34/')],
    ['baseline.metadata-address', 'a public neighbour of it', () => request('http://169.255.169.254/')],
    ['baseline.unparsed-url', 'a URL with odd but valid parts', () => request('HTTPS://example.com:443/a%20b?x=[1]#y')],
    ['baseline.private-address', 'a listed host', () => request('https://intranet.local:8443/x')],
    ['baseline.private-address', 'a listed address', () => request('http://127.0.0.1:8080/x')],
    ['data-deletion.recursive-delete-inside', 'one file', () => ({ ...remove, paths: ['inside/a.txt'] })],
    [
      'data-deletion.recursive-delete-inside',
      'listing a folder',
      () => ({ ...read, operation: 'list', recursive: true }),
    ],
    [
      'secrets-protection.credential-path',
      'a name that only looks like it',
      () => ({ ...read, paths: ['environment.txt'] }),
    ],
    ['secrets-protection.credentials-in-url', 'an @ in the path', () => request('https://example.com/@user')],
    [
      'rate-limiting.http-per-minute',
      'the 100th request',
      () => request('https://example.com/', { rate: { http1m: 99, writes1m: 0 } }),
    ],
    [
      'rate-limiting.http-per-minute',
      'another kind of action',
      () => ({ ...read, rate: { http1m: 500, writes1m: 0 } }),
    ],
    ['rate-limiting.writes-per-minute', 'the 60th change', () => ({ ...write, rate: { http1m: 0, writes1m: 59 } })],
    [
      'rate-limiting.writes-per-minute',
      'a read after many changes',
      () => ({ ...read, rate: { http1m: 0, writes1m: 500 } }),
    ],
  ];
  test.each(misses)('%s lets through %s', async (_rule, _what, input) => {
    const decision = await decideOn(input());
    expect([decision.effect, rulesOf(decision)]).toEqual(['allow', []]);
  });

  test('each built-in rule has a case here', () => {
    const all = enforceable.flatMap(({ id, rules }) => rules.map(({ name }) => `${id}.${name}`));
    expect([...new Set(matches.map(([rule]) => rule))].sort()).toEqual(all.sort());
  });
});

describe('what the contract says about them', () => {
  test('deleting a folder is held inside the roots and denied outside', async () => {
    expect((await decideOn({ ...remove, paths: ['inside'], recursive: true })).effect).toBe('require_approval');
    const outside = await decideOn({ ...remove, paths: ['../other'], recursive: true });
    expect([outside.effect, ...rulesOf(outside)]).toEqual([
      'deny',
      'baseline.path-outside-roots',
      'data-deletion.recursive-delete-outside',
    ]);
  });

  test('the metadata service stays denied although the operator lists it, and in permissive too', async () => {
    for (const mode of ['strict', 'permissive'] as const) {
      const decision = await decideOn(request('http://169.254.169.254/latest'), mode);
      expect([decision.effect, decision.violations.map(({ rule }) => rule)]).toEqual(['deny', ['metadata-address']]);
    }
  });

  test('an undeclared type is denied in strict and only logged in permissive', async () => {
    expect((await decideOn({ ...read, declared: false })).effect).toBe('deny');
    const decision = await decideOn({ ...read, declared: false }, 'permissive');
    expect([decision.effect, decision.strictEffect]).toEqual(['allow', 'deny']);
    expect(decision.warnings.map(({ rule }) => rule)).toEqual(['undeclared-type']);
  });

  test('every rule tells people what happened and what to do instead', () => {
    for (const { rules } of BUILT_IN.values()) {
      for (const rule of rules) {
        expect(rule.message?.length).toBeGreaterThan(20);
        expect(rule.alternative?.length).toBeGreaterThan(20);
      }
    }
  });

  test('the rules of every enforceable policy are ones that people could have written', () => {
    for (const { rules } of [...BUILT_IN.values()].filter(isEnforceable)) expect(parseRules(rules)).toEqual(rules);
  });

  test('twelve policies are listed; the ones without rules say what they need', () => {
    expect(TEMPLATES.map(({ id }) => id).sort()).toEqual(
      [
        'pii-protection',
        'rate-limiting',
        'cost-control',
        'data-deletion',
        'secrets-protection',
        'human-review',
        'gdpr-compliance',
        'soc2-security',
        'hipaa-healthcare',
        'pci-dss-payments',
        'read-only-access',
        'production-safety',
      ].sort(),
    );
    for (const template of TEMPLATES) expect(template.requires.length).toBeGreaterThan(0);
    expect(TEMPLATES).not.toContain(MANDATORY);
  });
});
