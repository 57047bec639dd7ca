// Mutation testing of what decides: `npm run mutate`, or `npm run mutate -- --mutate src/kernel/policy/decide.ts` for one file.
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  coverageAnalysis: 'perTest',
  jest: { configFile: 'stryker.jest.config.mjs', enableFindRelatedTests: true },
  mutate: [
    'src/kernel/policy/decide.ts',
    'src/kernel/policy/risk.ts',
    'src/kernel/redaction/*.ts',
    'src/platform/inspect/sql/*.ts',
    'src/platform/inspect/shell/*.ts',
    'src/modules/policies/facts/*.ts',
    '!src/**/*.spec.ts',
  ],
  ignorePatterns: ['dist', 'coverage', 'src/generated', 'test/e2e', 'bench'],
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 2,
  timeoutMS: 10_000,
  tempDirName: '.stryker-tmp',
};
