import { UNREAD_SHELL, type ShellReading } from '../model.ts';
import { loadBash } from './bash-tree.ts';
import { Facts } from './facts.ts';
import { stripMarks, unprotect } from './marks.ts';
import { readProgram } from './read-program.ts';
import { ScriptReader } from './script-reader.ts';

export const MAX_SOURCE = 200_000;

/** What a script would do, read from its syntax tree. Runs nothing. */
export async function readShell(script: string): Promise<ShellReading> {
  if (script.length > MAX_SOURCE) return UNREAD_SHELL;
  const facts = new Facts();
  const reader = new ScriptReader(facts, await loadBash(), readProgram);
  reader.script(clean(script, facts));
  reader.finish();
  return facts.toReading();
}

/** Without what would be taken for our own marks; the shell drops NUL, too. */
export function clean(text: string, facts: Facts): string {
  const cleaned = unprotect(stripMarks(text));
  if (cleaned !== text) facts.opaque();
  return cleaned;
}
