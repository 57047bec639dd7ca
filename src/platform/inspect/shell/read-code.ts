import { UNREAD_SHELL, type CodeLanguage, type ShellReading } from '../model.ts';
import { loadBash } from './bash-tree.ts';
import { Facts } from './facts.ts';
import { readProgram } from './read-program.ts';
import { clean, MAX_SOURCE } from './read-shell.ts';
import { ScriptReader } from './script-reader.ts';

/** What the shell and system calls inside a program would do. Runs nothing. */
export async function readCode(source: string, language: CodeLanguage): Promise<ShellReading> {
  if (source.length > MAX_SOURCE) return UNREAD_SHELL;
  const facts = new Facts();
  const reader = new ScriptReader(facts, await loadBash(), readProgram);
  const text = clean(source, facts);
  if (language === 'shell' || language === 'unknown') reader.script(text);
  if (language !== 'shell') readProgram(reader, text, language);
  reader.finish();
  return facts.toReading();
}
