import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CODE_LANGUAGES, type ShellReading } from '../model.ts';
import { readCode } from './read-code.ts';
import { readShell } from './read-shell.ts';

interface Case {
  readonly source: string;
  readonly named: string;
}

/** Sections of what is read alike; in them a text, and below it, set in, all that is named in it. */
const SECTIONS = readFileSync(new URL('cases/names.txt', import.meta.url), 'utf8')
  .split(/^# /m)
  .slice(1)
  .map((section): [string, Case[]] => {
    const [title = '', ...lines] = section.trimEnd().split('\n');
    const cases = lines.flatMap((line, index) =>
      line.startsWith('"') ? [{ source: JSON.parse(line) as string, named: (lines[index + 1] ?? '').trim() }] : [],
    );
    return [title, cases];
  });

function toNames({ commands, hosts, paths }: ShellReading): string {
  return Object.entries({ runs: commands, hosts, paths })
    .filter(([, names]) => names.length > 0)
    .map(([label, names]) => `${label}(${names.join(' ')})`)
    .join(' ');
}

describe.each(SECTIONS)('commands, hosts and paths are named: %s', (title, cases) => {
  const language = CODE_LANGUAGES.find((each) => each === title);
  it.each(cases)('$source: $named', async ({ source, named }) => {
    expect(toNames(await (language ? readCode(source, language) : readShell(source)))).toBe(named);
  });
});
