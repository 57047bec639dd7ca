import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Which methods may be sent again: with POST among them the built program repeats what nobody may repeat. */
const HONEST = 'REPEATABLE_METHODS=[...SAFE_METHODS,';
const FAULTY = `${HONEST}"POST",`;

/** A copy of the built program with one fault, in a folder that is removed by `remove`. */
export function makeFaulty(): { readonly entry: string; remove(): void } {
  const root = process.cwd();
  const home = mkdtempSync(join(tmpdir(), 'agentos-sabotage-'));
  for (const name of readdirSync(root).filter((each) => each !== 'dist' && each !== '.git'))
    symlinkSync(join(root, name), join(home, name));
  cpSync(join(root, 'dist'), join(home, 'dist'), { recursive: true });
  const bundle = join(home, 'dist/bundle');
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  const changed = readdirSync(bundle).filter((name) => name.endsWith('.js') && putFault(join(bundle, name)));
  if (changed.length === 1) return { entry: join(bundle, 'main.js'), remove };
  remove();
  throw new Error(`the text of the fault is in ${changed.length} files of the bundle instead of one`);
}

function putFault(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(HONEST)) return false;
  writeFileSync(path, text.replace(HONEST, FAULTY));
  return true;
}
