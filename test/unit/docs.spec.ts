import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repo = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(repo, file), 'utf8');
const decisions = readdirSync(join(repo, 'docs/adr')).map((name) => `docs/adr/${name}`);
const documents = readdirSync(join(repo, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...documents, ...decisions];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('the documentation', () => {
  it.each(pages)('%s links to files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(repo, dirname(page), link)))).toEqual([]);
  });

  it.each(pages)('%s names only scripts that exist', (page) => {
    const used = [...read(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('shows in the README the very two commands that CI runs', () => {
    const commands = [...read('.ci/run').matchAll(/'(npm ci && [^']+)'/g)].map(([, command]) => command);
    expect([...new Set(commands)].sort()).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    const lines = read('README.md').split('\n');
    expect(commands.filter((command) => !lines.includes(command!))).toEqual([]);
  });

  it.each(decisions)('%s says its state, what, why, what was refused and what follows', (page) => {
    const text = read(page);
    expect(text).toMatch(/^State: (draft|accepted|superseded by \d+) · \d{4}-\d\d-\d\d$/m);
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'What',
      'Why',
      'Choices refused',
      'Consequences',
    ]);
  });
});
