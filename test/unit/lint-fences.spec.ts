import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Message {
  ruleId: string | null;
  message: string;
  line: number;
}

const repo = fileURLToPath(new URL('../..', import.meta.url));
const fixture = realpathSync(mkdtempSync(join(tmpdir(), 'agentos-lint-')));
const reports = new Map<string, Message[]>();

const table = new Map(
  [...readFileSync(join(repo, 'docs/architecture.md'), 'utf8').matchAll(/^\| ([a-z]+) \| ([a-z, –]+) \|$/gm)].map(
    ([, name = '', row = '']) => [name, new Set(row === '–' ? [] : row.split(', '))],
  ),
);
const modules = [...table.keys()].filter((name) => name !== 'module');
const others = (name: string) => modules.filter((other) => other !== name);

/** Each fence: where the text stands, the text, the rule that must speak (none: the text is fine), and a part of its message. */
const CASES: readonly (readonly [file: string, code: string, rule?: string | undefined, part?: string])[] = [
  ['src/kernel/a.ts', `import { z } from 'zod';\nexport const a = z;`, 'boundaries/dependencies'],
  [
    'src/kernel/b.ts',
    `import { readFileSync } from 'node:fs';\nexport const b = readFileSync;`,
    'boundaries/dependencies',
  ],
  ['src/kernel/c.ts', `import { x } from '../platform/clock/x.ts';\nexport const c = x;`, 'boundaries/dependencies'],
  ['src/kernel/d.ts', `export const d = () => Date.now();`, 'no-restricted-properties', 'Time comes in'],
  ['src/kernel/e.ts', `export const e = () => new Date();`, 'no-restricted-syntax', 'Time comes in'],
  ['src/kernel/f.ts', `export const f = () => Math.random();`, 'no-restricted-properties', 'randomness'],
  ['src/kernel/g.ts', `export const g = () => process.argv;`, 'no-restricted-globals', 'pure'],
  ['src/kernel/h.ts', `import { x } from './policy/x.ts';\nexport const h = [x, new Date(0)];`],
  ['src/kernel/h.spec.ts', `import fc from 'fast-check';\nexport const h = fc;`],
  [
    'src/platform/clock/a.ts',
    `import { x } from '../../modules/audit/index.ts';\nexport const a = x;`,
    'boundaries/dependencies',
  ],
  [
    'src/platform/clock/b.ts',
    `import { z } from 'zod';\nimport { x } from '../../kernel/x.ts';\nexport const b = [x, z];`,
  ],
  ['src/platform/clock/c.ts', `export const c = process.env['HOME'];`, 'no-restricted-properties', 'platform/config'],
  ['src/platform/config/c.ts', `export const c = process.env['HOME'];`],
  ['src/platform/clock/d.ts', `export const { env } = process;`, 'no-restricted-properties', 'platform/config'],
  [
    'src/platform/clock/e.ts',
    `import { Queue } from 'bullmq';\nexport const e = Queue;`,
    'boundaries/dependencies',
    'platform/queue',
  ],
  ['src/platform/queue/e.ts', `import { Queue } from 'bullmq';\nexport const e = Queue;`],
  ['src/platform/clock/f.ts', `export const f = () => import('ioredis');`, 'boundaries/dependencies', 'platform/queue'],
  ['src/platform/clock/g.ts', `import pg from 'pg';\nexport const g = pg;`, 'boundaries/dependencies', 'platform/db'],
  ['src/platform/db/g.ts', `import pg from 'pg';\nexport const g = pg;`],
  [
    'src/platform/clock/h.ts',
    `import { PrismaPg } from '@prisma/adapter-pg';\nexport const h = PrismaPg;`,
    'boundaries/dependencies',
    'platform/db',
  ],
  [
    'src/platform/clock/i.ts',
    `import { x } from '../../generated/prisma/x.ts';\nexport const i = x;`,
    'boundaries/dependencies',
  ],
  ['src/platform/db/i.ts', `import { x } from '../../generated/prisma/x.ts';\nexport const i = x;`],
  [
    'src/modules/runs/a.ts',
    `import { Queue } from 'bullmq';\nexport const a = Queue;`,
    'boundaries/dependencies',
    'platform/queue',
  ],
  [
    'src/modules/runs/b.ts',
    `import type { Queue } from 'bullmq';\nexport type B = Queue;`,
    'boundaries/dependencies',
    'platform/queue',
  ],
  [
    'src/modules/runs/c.ts',
    `import { spawn } from 'node:child_process';\nexport const c = spawn;`,
    'boundaries/dependencies',
    'platform',
  ],
  [
    'src/modules/runs/d.ts',
    `import { readFile } from 'node:fs/promises';\nexport const d = readFile;`,
    'boundaries/dependencies',
    'executors',
  ],
  [
    'src/modules/actions/d.ts',
    `import { readFile } from 'fs';\nexport const d = readFile;`,
    'boundaries/dependencies',
    'executors',
  ],
  ['src/modules/actions/executors/d.ts', `import { readFile } from 'node:fs/promises';\nexport const d = readFile;`],
  [
    'src/modules/runs/e.ts',
    `import { request } from 'node:https';\nexport const e = request;`,
    'boundaries/dependencies',
    'executors',
  ],
  ['src/modules/mcp/e.ts', `import type { Server } from 'node:http';\nexport type E = Server;`],
  ['src/modules/runs/f.ts', `export const f = () => fetch('http://x');`, 'no-restricted-globals', 'Calls leave'],
  ['src/modules/actions/executors/f.ts', `export const f = () => fetch('http://x');`],
  [
    'src/modules/actions/g.ts',
    `import { Permit } from './permit.ts';\nexport const g = Permit;`,
    'no-restricted-syntax',
    'Permits are issued',
  ],
  [
    'src/modules/actions/h.ts',
    `export const h = () => import('./permit.ts');`,
    'no-restricted-syntax',
    'Permits are issued',
  ],
  ['src/modules/actions/i.ts', `export { Permit } from './permit.ts';`, 'no-restricted-syntax', 'Permits are issued'],
  [
    'src/modules/actions/executors/i.ts',
    `import { Permit } from '../permit.ts';\nexport const i = Permit;`,
    'no-restricted-syntax',
    'Permits are issued',
  ],
  ['src/modules/actions/executors/j.ts', `import type { Permit } from '../permit.ts';\nexport type J = Permit;`],
  ['src/modules/actions/enforce.ts', `import { Permit } from './permit.ts';\nexport const k = Permit;`],
  ['src/modules/actions/k.ts', `import pg from 'pg';\nexport const k = pg;`, 'boundaries/dependencies', 'platform/db'],
  ['src/modules/actions/executors/k.ts', `import pg from 'pg';\nexport const k = pg;`],
  [
    'src/modules/actions/l.ts',
    `import { connect } from 'node:net';\nexport const l = connect;`,
    'boundaries/dependencies',
    'executors',
  ],
  [
    'src/modules/actions/executors/l.ts',
    `import { spawn } from 'node:child_process';\nexport const l = spawn;`,
    'boundaries/dependencies',
    'platform',
  ],
  [
    'src/modules/notifications/mail.ts',
    `export const mail = () => import('nodemailer');`,
    'boundaries/dependencies',
    'platform/mail',
  ],
  [
    'src/modules/notifications/chat.ts',
    `export const chat = () => import('@slack/web-api');`,
    'boundaries/dependencies',
    'platform/chat',
  ],
  ['src/platform/mail/mail.ts', `export const mail = () => import('nodemailer');`],
  ...['imapflow', 'mysql2', '@aws-sdk/client-s3', 'openai'].flatMap((name, i): [string, string, string?, string?][] => [
    [
      `src/modules/actions/driver-${i}.ts`,
      `export const driver = () => import('${name}');`,
      'boundaries/dependencies',
      'executors',
    ],
    [
      `src/platform/net/driver-${i}.ts`,
      `export const driver = () => import('${name}');`,
      'boundaries/dependencies',
      'executors',
    ],
  ]),
  ['src/modules/runs/g.ts', `export const g = () => new Date();`, 'no-restricted-syntax', 'Time comes in'],
  [
    'src/modules/runs/h.ts',
    `import { Server } from '@modelcontextprotocol/server';\nexport const h = Server;`,
    'boundaries/dependencies',
    'mcp',
  ],
  [
    'src/modules/mcp/h.ts',
    `import { serveStdio } from '@modelcontextprotocol/server/stdio';\nexport const h = serveStdio;`,
  ],
  ['src/modules/runs/i.ts', `export const i = () => process.stdout.write('x');`, 'no-restricted-properties', 'stdout'],
  ['src/modules/runs/j.ts', `export * from './inner.ts';`, 'no-restricted-syntax', 'one by one'],
  ['src/modules/runs/k.ts', `export default 1;`, 'no-restricted-exports'],
  ['src/modules/runs/l.ts', `export enum L { A }`, 'no-restricted-syntax', 'closed set'],
  [
    'src/modules/runs/m.ts',
    `export const m = (forwardRef: (f: () => number) => number) => forwardRef(() => 1);`,
    'no-restricted-syntax',
    'cycles',
  ],
  ['src/modules/runs/n.ts', `console.log('x');`, 'no-console'],
  ['src/modules/stray/a.ts', `import { x } from '../audit/index.ts';\nexport const a = x;`, 'boundaries/dependencies'],
  ['src/main.ts', `import { x } from './modules/mcp/index.ts';\nexport const main = [x, process.env['HOME']];`],
  ['src/app.module.ts', `import { x } from './modules/mcp/inner.ts';\nexport const a = x;`, 'boundaries/dependencies'],
  [
    'src/modules/runs/a.spec.ts',
    `import { x } from '../../../test/support/x.ts';\nimport { x as y } from '../templates/index.ts';\nexport const a = [x, y];`,
  ],
  [
    'src/modules/runs/b.spec.ts',
    `import { x } from '../templates/inner.ts';\nexport const b = x;`,
    'boundaries/dependencies',
  ],
  [
    'src/modules/runs/c.spec.ts',
    `declare const it: { only(): void };\nit.only();`,
    'no-restricted-syntax',
    'Every test runs',
  ],
  [
    'src/modules/runs/d.spec.ts',
    `declare const jest: { unstable_mockModule(name: string): void };\njest.unstable_mockModule('x');`,
    'no-restricted-syntax',
    'No module mocks',
  ],
  [
    'src/modules/runs/o.ts',
    `export async function o() {\n  Promise.resolve(1);\n}`,
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'src/modules/runs/p.ts',
    `export const p = (list: number[]) => list.filter(async () => true);`,
    '@typescript-eslint/no-misused-promises',
  ],
  [
    'src/modules/runs/q.ts',
    `export function q(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}`,
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['src/modules/runs/r.ts', `export const r = (x: any) => Boolean(x);`, '@typescript-eslint/no-explicit-any'],
  ['src/modules/runs/s.ts', `export function s() {\n  throw 'text';\n}`, '@typescript-eslint/only-throw-error'],
  [
    'src/modules/runs/t.ts',
    `import { T } from './types.ts';\nexport const t: T = 1;`,
    '@typescript-eslint/consistent-type-imports',
  ],
  ['src/modules/runs/u.ts', `// eslint-disable-next-line no-console\nexport const u = 1;`, undefined, 'no effect'],
  ['src/modules/runs/v.ts', `export const v = 1;\n`.padEnd(320, '\n'), 'max-lines'],
  ['src/modules/runs/w.ts', `export function w() {${'\n'.repeat(55)}}`, 'max-lines-per-function'],
];

function write(file: string, code: string): void {
  const path = join(fixture, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

function lint(): void {
  symlinkSync(join(repo, 'node_modules'), join(fixture, 'node_modules'));
  write('tsconfig.json', JSON.stringify({ extends: join(repo, 'tsconfig.json'), include: ['src', 'test'] }));
  for (const folder of ['kernel', 'kernel/policy', 'platform/clock', 'generated/prisma'])
    write(`src/${folder}/x.ts`, 'export const x = 1;');
  for (const name of modules) {
    for (const file of ['index', 'inner']) write(`src/modules/${name}/${file}.ts`, 'export const x = 1;');
    for (const file of ['index', 'inner']) {
      const lines = others(name).map((other) => `export { x as ${other} } from '../${other}/${file}.ts';`);
      write(`src/modules/${name}/through-${file}.ts`, lines.join('\n'));
    }
  }
  write('src/modules/runs/types.ts', 'export type T = number;');
  write('src/modules/actions/permit.ts', 'export class Permit {}');
  write('test/support/x.ts', 'export const x = 1;');
  for (const [file, code] of CASES) write(file, code);
  const eslint = join(repo, 'node_modules/eslint/bin/eslint.js');
  const args = [eslint, '--config', join(repo, 'eslint.config.mjs'), '--format', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: fixture, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (stderr !== '') throw new Error(stderr);
  for (const { filePath, messages } of JSON.parse(stdout) as { filePath: string; messages: Message[] }[]) {
    reports.set(relative(fixture, filePath), messages);
  }
}

describe('lint fences', () => {
  beforeAll(lint);
  afterAll(() => rmSync(fixture, { recursive: true, force: true }));

  const isBad = ([, , rule, part]: (typeof CASES)[number]) => rule !== undefined || part !== undefined;
  const bad = CASES.filter(isBad).map(([file, , rule = '', part = '']) => [file, rule, part] as const);
  const fine = CASES.filter((entry) => !isBad(entry)).map(([file]) => file);

  it.each(bad)('%s breaks %s %s', (file, rule, part) => {
    const all = reports.get(file)!;
    const isReported = all.some(({ ruleId, message }) => (ruleId ?? '') === rule && message.includes(part));
    expect({ isReported, all }).toMatchObject({ isReported: true });
  });

  it.each(fine)('%s breaks nothing', (file) => {
    expect(reports.get(file)).toEqual([]);
  });

  it('finds the table of docs/architecture.md', () => {
    expect(modules.length).toBeGreaterThanOrEqual(10);
  });

  it.each(modules)('%s may open exactly the doors that docs/architecture.md names', (name) => {
    const refused = new Set(
      reports.get(`src/modules/${name}/through-index.ts`)!.map(({ line }) => others(name)[line - 1]),
    );
    expect(others(name).filter((other) => !refused.has(other))).toEqual(
      others(name).filter((other) => table.get(name)!.has(other)),
    );
  });

  it.each(modules)('%s may not reach past any door', (name) => {
    expect(reports.get(`src/modules/${name}/through-inner.ts`)!.map(({ line }) => line)).toEqual(
      others(name).map((_, i) => i + 1),
    );
  });
});
