const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    },
  ],
};
const base = { testEnvironment: 'node', extensionsToTreatAsEsm: ['.ts'], transform, rootDir: import.meta.dirname };
const withDatabase = {
  ...base,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

// Only the numbers, for CI's closing line.
const numbers = process.env.JEST_NUMBERS ? ['<rootDir>/test/support/numbers-reporter.mjs'] : [];

export default {
  reporters: ['default', ...numbers],
  maxWorkers: 2,
  testTimeout: 60_000,
  collectCoverageFrom: ['src/**/*.ts', '!src/generated/**', '!src/**/*.spec.ts'],
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/unit/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'],
    },
    { ...withDatabase, displayName: 'integration', testMatch: ['<rootDir>/src/**/*.int.spec.ts'] },
    { ...withDatabase, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
  ],
};
