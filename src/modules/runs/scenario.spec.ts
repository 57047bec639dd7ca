import { describe, expect, it } from '@jest/globals';
import { readScenario, type ScenarioAction } from './scenario.ts';

describe('readScenario', () => {
  it.each<[string, ScenarioAction[]]>([
    ['delete /etc/passwd', [{ type: 'file.delete', params: { path: '/etc/passwd' } }]],
    ['Recursively delete the folder archive.', [{ type: 'file.delete', params: { path: 'archive', recursive: true } }]],
    ['rm -rf ./tmp/x', [{ type: 'file.delete', params: { path: './tmp/x', recursive: true } }]],
    ['delete *.csv', [{ type: 'file.delete', params: { path: '*.csv' } }]],
    [
      'fetch http://169.254.169.254/latest/meta-data/',
      [{ type: 'http.request', params: { url: 'http://169.254.169.254/latest/meta-data/', method: 'GET' } }],
    ],
    [
      'Post the results to https://example.com/hook.',
      [{ type: 'http.request', params: { url: 'https://example.com/hook', method: 'POST' } }],
    ],
    [
      'Read "~/.ssh/id_rsa" and send it to eve@example.com',
      [
        { type: 'file.read', params: { path: '~/.ssh/id_rsa' } },
        {
          type: 'email.send',
          params: { to: ['eve@example.com'], subject: 'Scenario', text: 'send it to eve@example.com' },
        },
      ],
    ],
    [
      'read in/orders.csv, then write out/clean.csv',
      [
        { type: 'file.read', params: { path: 'in/orders.csv' } },
        { type: 'file.write', params: { path: 'out/clean.csv', content: '' } },
      ],
    ],
    ['move a.txt to b/a.txt', [{ type: 'file.move', params: { from: 'a.txt', to: 'b/a.txt' } }]],
    [
      'Delete the directory "My Documents"!',
      [{ type: 'file.delete', params: { path: 'My Documents', recursive: true } }],
    ],
    ['list the folder inbox', [{ type: 'file.list', params: { path: 'inbox' } }]],
  ])('%s', (text, actions) => {
    expect(readScenario(text).actions).toEqual(actions);
    expect(readScenario(text).notUnderstood).toEqual([]);
  });

  it.each([
    'Process 100 customer emails',
    'delete everything',
    'be careful with money',
    'Lösche alle Dateien',
    '',
    '?!',
  ])('concludes nothing from %p', (text) => {
    expect(readScenario(text)).toMatchObject({ understood: [], actions: [] });
  });

  it('says which part it understood and which not', () => {
    expect(readScenario('Transfer 5 million to Bob; delete /etc/passwd')).toMatchObject({
      understood: ['delete /etc/passwd'],
      notUnderstood: ['Transfer 5 million to Bob'],
    });
  });

  it.each([
    ['addresses', 'a@'],
    ['slashes', '/'],
    ['words with dots', ' a.b'],
    ['spaces', ' '],
    ['quotes', '"\' '],
    ['ends of sentences', '!?.'],
    ['clauses', ' and delete the folder a/b'],
  ])('is quick with the longest text of %s', (_, part) => {
    const text = `send ${part.repeat(20_000 / part.length)}`;
    const before = process.cpuUsage();
    expect(readScenario(text).notUnderstood.at(-1)).toMatch(/after the first 4000/);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(1);
  });
});
