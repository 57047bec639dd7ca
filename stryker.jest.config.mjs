import all from './jest.config.mjs';

// Only unit tests: a mutant that needs a database to be seen is not looked for here.
const { transform, extensionsToTreatAsEsm, rootDir } = all.projects[0];
export default {
  rootDir,
  transform,
  extensionsToTreatAsEsm,
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
  testMatch: ['<rootDir>/src/{kernel,platform/inspect,modules/policies/facts}/**/*.spec.ts'],
  testPathIgnorePatterns: ['\\.int\\.spec\\.ts$'],
  testTimeout: 60_000,
};
