// Writes "<passed> <failed>" into the file that JEST_NUMBERS names; a suite that could not run counts as a failure.
import { writeFileSync } from 'node:fs';

export default class NumbersReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, runExecError }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites + (runExecError ? 1 : 0);
    writeFileSync(process.env.JEST_NUMBERS, `${numPassedTests} ${failed}\n`);
  }
}
