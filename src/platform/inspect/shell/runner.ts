import type { CodeLanguage } from '../model.ts';
import type { Facts } from './facts.ts';
import type { Scope } from './scope.ts';

/** Reads the text of a program in another language. */
export type ReadProgram = (runner: Runner, source: string, language: CodeLanguage) => void;

/** What commands need of the script that they stand in. Texts carry the marks of `marks.ts`. */
export interface Runner {
  readonly facts: Facts;
  readonly scope: Scope;
  /** What the script has put into files, by their names. */
  readonly files: Map<string, string>;
  readonly aliases: Map<string, string>;
  readonly readProgram: ReadProgram;
  assign(name: string, values: readonly string[]): void;
  /** Runs a command and answers what it prints. */
  run(words: readonly string[], stdin: string | undefined): string;
  /** Calls a function of the script; undefined where there is none of that name. */
  call(name: string, args: readonly string[], stdin: string | undefined): string | undefined;
  /** Does work that goes one level deeper: not without end. */
  nested(work: () => void): void;
  /** Reads a script that this one runs, and answers what it prints. */
  script(text: string, stdin?: string): string;
}
