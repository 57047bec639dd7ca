import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** Who may import whom, through the door. A row names only rows above it, so cycles cannot occur. */
const MODULES = {
  audit: [],
  identity: ['audit'],
  agents: ['audit', 'identity'],
  notifications: ['audit', 'identity'],
  approvals: ['audit', 'identity', 'notifications'],
  policies: ['audit', 'identity', 'agents'],
  actions: ['audit', 'identity', 'agents', 'approvals', 'policies'],
  runs: ['audit', 'identity', 'agents', 'approvals', 'notifications', 'actions'],
  templates: ['audit', 'identity', 'agents', 'policies', 'actions'],
  mcp: ['audit', 'identity', 'agents', 'notifications', 'approvals', 'policies', 'actions', 'runs', 'templates'],
};
const EXECUTORS = 'actions/executors';

/** What reaches other systems: nothing but executors, which act on permits only. */
const DRIVERS = [
  'imapflow',
  '@anthropic-ai/**',
  'openai',
  '@aws-sdk/**',
  '@smithy/**',
  'mysql2',
  'mariadb',
  'better-sqlite3',
  'sqlite3',
  'mongodb',
  'undici',
  'axios',
  'got',
  'ws',
  'ssh2',
];

/** One home per SDK and per way out of the process. A home is a folder of `src/platform`, a module, or an entry. */
const HOMES = [
  { packages: ['bullmq', 'ioredis', '@nestjs/bullmq'], homes: ['platform/queue'] },
  { packages: ['pg'], homes: ['platform/db', 'platform/queue', EXECUTORS] },
  { packages: DRIVERS, homes: [EXECUTORS] },
  { packages: ['nodemailer'], homes: ['platform/mail'] },
  { packages: ['@slack/**'], homes: ['platform/chat'] },
  { packages: ['@prisma/**'], homes: ['platform/db'] },
  { packages: ['pino'], homes: ['platform/telemetry'] },
  { packages: ['@marcbachmann/cel-js'], homes: ['platform/cel'] },
  { packages: ['jsonata', 'csv-parse', 'csv-stringify', 'fast-xml-parser'], homes: ['platform/*', EXECUTORS] },
  { packages: ['@modelcontextprotocol/{server,node,core}'], homes: ['mcp'] },
  { packages: ['@modelcontextprotocol/client'], homes: [EXECUTORS, 'entry'] },
  { packages: ['commander'], homes: ['entry'] },
  { core: ['child_process', 'worker_threads', 'cluster', 'vm', 'sqlite', 'inspector'], homes: ['platform/*'] },
  { core: ['fs'], homes: ['platform/*', EXECUTORS, 'entry'] },
  { core: ['http', 'http2', 'https', 'net', 'tls', 'dgram', 'dns'], homes: ['platform/*', EXECUTORS] },
];

const names = Object.keys(MODULES);
const element = (type, more = {}) => ({ element: { type, ...more } });
const packages = { module: { origin: ['external', 'core'] } };
const spec = { file: { categories: 'spec' } };
const door = (type) => element(type, { fileInternalPath: 'index.ts' });

function toHome(home) {
  if (home === EXECUTORS) return element('actions', { fileInternalPath: 'executors/**' });
  if (!home.startsWith('platform/')) return element(home);
  return element('platform', { captured: { part: home.slice('platform/'.length) } });
}

// The last policy that matches decides.
const importPolicies = [
  { from: element(['platform', 'entry', ...names]), allow: { to: [packages, element('kernel'), element('platform')] } },
  ...HOMES.flatMap(({ packages: external, core, homes }) => {
    const to = external
      ? { origin: 'external', source: external }
      : { origin: 'core', source: core.flatMap((name) => [name, `node:${name}`]) };
    return [
      { disallow: { to: { module: to } }, message: `{{dependency.source}} has one home: ${homes.join(', ')}` },
      ...homes.map((home) => ({ from: toHome(home), allow: { to: { module: to } } })),
    ];
  }),
  { from: element(names), allow: { to: { module: { origin: 'core' } }, dependency: { kind: 'type' } } },
  { from: element('platform', { captured: { part: 'db' } }), allow: { to: element('generated') } },
  ...names
    .filter((name) => MODULES[name].length > 0)
    .map((name) => ({ from: element(name), allow: { to: MODULES[name].map(door) } })),
  { from: element('entry'), allow: { to: names.map(door) } },
  // Each transport has a door of its own: the stdio server answers before anything behind the other door is loaded.
  { from: element('entry'), allow: { to: element('mcp', { fileInternalPath: '{stdio,http}.ts' }) } },
  {
    from: spec,
    allow: { to: [packages, element('kernel'), element('platform'), element('test'), ...names.map(door)] },
  },
];

const banned = {
  exportAll: { selector: 'ExportAllDeclaration', message: 'Name what the door lets through, one by one.' },
  enums: { selector: 'TSEnumDeclaration', message: 'A closed set is a string union from one const array.' },
  forwardRef: {
    selector: 'CallExpression[callee.name="forwardRef"]',
    message: 'Modules form no cycles: see docs/architecture.md.',
  },
  newDate: {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time comes in: from `app_now()` or as an argument.',
  },
  focus: {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|todo)$/]',
    message: 'Every test runs.',
  },
  mocks: {
    selector: 'MemberExpression[object.name="jest"][property.name=/^(mock|doMock|unstable_mockModule|retryTimes)$/]',
    message: 'No module mocks and no retries: if a test wants a mock, the code wants an argument.',
  },
};
const permit = {
  selector:
    ':matches(ImportDeclaration[importKind!="type"], ExportNamedDeclaration[exportKind!="type"], ImportExpression)[source.value=/permit\\.ts$/]',
  message: 'Permits are issued by the enforcement point only, after the decision is recorded.',
};
const env = { object: 'process', property: 'env', message: 'The environment is parsed once, in platform/config.' };
const stdout = { object: 'process', property: 'stdout', message: 'stdout belongs to the protocol: use `Log`.' };
const random = {
  object: 'Math',
  property: 'random',
  message: 'Use node:crypto; into the kernel, randomness comes as an argument.',
};
const now = { object: 'Date', property: 'now', message: banned.newDate.message };
const globalHomes = {
  fetch: 'Calls leave through actions/executors and platform/net.',
  process: 'The kernel is pure.',
  performance: 'The kernel is pure.',
  crypto: 'The kernel is pure.',
  setTimeout: 'The kernel is pure.',
  setInterval: 'The kernel is pure.',
  setImmediate: 'The kernel is pure.',
};
const globals = Object.entries(globalHomes).map(([name, message]) => ({ name, message }));
const everywhere = [banned.exportAll, banned.enums, banned.forwardRef, banned.focus, banned.mocks];

/** One region of `src`: flat config replaces a rule's options as a whole, so each region states all of them. */
function region(files, { globals = [], properties = [], syntax = [], ignores = ['**/*.spec.ts'], permits = [permit] }) {
  return {
    files,
    ignores,
    rules: {
      'no-restricted-globals': globals.length > 0 ? ['error', ...globals] : 'off',
      'no-restricted-properties': properties.length > 0 ? ['error', ...properties] : 'off',
      'no-restricted-syntax': ['error', ...everywhere, ...permits, ...syntax],
    },
  };
}
const fetchOnly = globals.slice(0, 1);

const lowLevelServer = { from: 'package', name: 'Server', package: '@modelcontextprotocol/server' };
const nodeGlobals = [
  'AbortSignal',
  'Buffer',
  'URL',
  'WebAssembly',
  'clearTimeout',
  'console',
  'fetch',
  'performance',
  'process',
  'setTimeout',
];

const regions = [
  region(['src/**/*.ts'], { globals: fetchOnly, properties: [env, stdout, random] }),
  region(['src/platform/config/**/*.ts'], { globals: fetchOnly, properties: [stdout, random] }),
  region(['src/platform/net/**/*.ts'], { properties: [env, stdout, random] }),
  region(['src/modules/**/*.ts'], {
    globals: fetchOnly,
    properties: [env, stdout, random, now],
    syntax: [banned.newDate],
  }),
  region(['src/modules/actions/{enforce,execute}.ts'], {
    globals: fetchOnly,
    properties: [env, stdout, random, now],
    syntax: [banned.newDate],
    permits: [],
  }),
  region([`src/modules/${EXECUTORS}/**/*.ts`], { properties: [env, stdout, random, now], syntax: [banned.newDate] }),
  region(['src/modules/mcp/**/*.ts'], { globals: fetchOnly, properties: [env, random, now], syntax: [banned.newDate] }),
  region(['src/kernel/**/*.ts'], { globals, properties: [random, now], syntax: [banned.newDate] }),
  region(['src/*.ts', 'src/cli/**/*.ts', 'src/demo/**/*.ts'], { globals: fetchOnly, properties: [random] }),
];

export default defineConfig(
  { ignores: ['dist', 'coverage', 'src/generated', '.stryker-tmp'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])),
    },
    rules: { 'max-lines': ['error', 300], 'max-lines-per-function': ['error', 50] },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // The SDK's low-level server is what a gateway needs: it serves schemas that it did not write.
      '@typescript-eslint/no-deprecated': ['error', { allow: [lowLevelServer] }],
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowThrowingAny: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 50],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.json'] } },
      'boundaries/legacy-templates': false,
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'boundaries/files': [{ category: 'spec', pattern: '**/*.spec.ts' }],
      'boundaries/elements': [
        { type: 'kernel', pattern: 'src/kernel', partialMatch: false },
        { type: 'generated', pattern: 'src/generated', partialMatch: false },
        { type: 'platform', pattern: 'src/platform/*', capture: ['part'], partialMatch: false },
        { type: 'platform', pattern: 'src/platform', partialMatch: false },
        ...names.map((type) => ({ type, pattern: `src/modules/${type}`, partialMatch: false })),
        { type: 'nowhere', pattern: 'src/modules', partialMatch: false },
        { type: 'entry', pattern: 'src', partialMatch: false },
        { type: 'test', pattern: 'test', partialMatch: false },
      ],
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        { default: 'disallow', checkAllOrigins: true, checkUnknownLocals: true, policies: importPolicies },
      ],
    },
  },
  ...regions,
  {
    files: ['**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', 500],
      'max-lines-per-function': 'off',
      'no-console': 'off',
    },
  },
);
