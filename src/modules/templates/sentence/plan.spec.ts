import { describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { validateSteps } from '../../actions/index.ts';
import { planSentence, type Plan } from './plan.ts';

const ORDERS = [
  { id: '1', name: ' Ann  Lee ', email: 'A@x.com', country: 'DE', amount: '120.5', date: '2024-03-01', qty: '2' },
  { id: '2', name: 'Bob', email: '', country: 'FR', amount: '80', date: '2024-01-05', qty: '' },
  { id: '3', name: 'Cyd', email: 'A@x.com', country: 'DE', amount: 'n/a', date: '2023-12-31', qty: '5' },
  { id: '4', name: 'Dan', email: 'd@x.com', country: 'US', amount: '7.255', date: '2024-02-02', qty: '10' },
];
const FILES = ['a.JPG', 'b.csv', 'sub/c.csv', 'README', 'draft-d.pdf'].map((path, index) => ({
  path: `Downloads/${path}`,
  name: path.split('/').at(-1) ?? '',
  extension: (path.split('.')[1] ?? '').toLowerCase(),
  size: index * 4_000_000,
  modifiedAt: `2026-0${9 - index}-15T12:00:00.000Z`,
}));

/** What the transforms of a plan make of rows or files, one after the other. */
async function transform(plan: Plan, start: unknown): Promise<unknown> {
  let current = start;
  for (const { action, params } of plan.steps) {
    if (action !== 'data.transform') continue;
    const input: Record<string, unknown> = {};
    for (const key of Object.keys(params['input'] as object))
      input[key] = key === 'now' ? '2026-09-20T00:00:00Z' : current;
    current = await jsonata(params['expression'] as string).evaluate(input);
  }
  return JSON.parse(JSON.stringify(current ?? null));
}

async function idsAfter(words: string): Promise<string[]> {
  const plan = planSentence(`Read data/orders.csv, ${words} and save it as output/o.csv`);
  expect(plan.missing).toEqual([]);
  return ((await transform(plan, ORDERS)) as { id: string }[]).map(({ id }) => id);
}

describe('changes to rows', () => {
  it.each([
    ['remove empty rows and duplicates', 'remove empty rows and remove duplicates'],
    ['remove duplicates and empty rows', 'remove duplicates and remove empty rows'],
    ['drop all blank rows and duplicate rows by email', 'drop all blank rows and drop duplicate rows by email'],
  ])('%s: both', (once, twice) => {
    const [short, long] = [once, twice].map((words) =>
      planSentence(`Read data/orders.csv, ${words} and save it as output/o.csv`),
    );
    expect(short).toEqual(long);
    expect(JSON.stringify(short)).toContain('$first');
    expect(short?.missing).toEqual([]);
  });

  it.each([
    ['keep rows where amount is over 80', ['1']],
    ['keep rows where amount is at least 80', ['1', '2']],
    ['drop rows where amount is less than 100', ['1', '3']],
    ['drop rows where qty < 5', ['2', '3', '4']],
    ['keep rows where qty is 5.0', ['3']],
    ['keep rows where amount is not 80', ['1', '4']],
    ['keep rows where country is DE or US', ['1', '3', '4']],
    ['keep rows where country is not DE or US', ['2']],
    ['keep rows where country is DE and amount is over 100 or name is Dan', ['1', '4']],
    ['keep rows where amount is between 7 and 80', ['2', '4']],
    ['drop rows without email', ['1', '3', '4']],
    ['drop rows with an empty qty or an empty email', ['1', '3', '4']],
    ['keep only rows where email is not empty', ['1', '3', '4']],
    ['keep rows where name contains "LEE"', ['1']],
    ['keep rows where name starts with D', ['4']],
    ['keep rows where email ends with "x.com" and country is not DE', ['4']],
    ['keep rows where date is after 2024-01-31', ['1', '4']],
    ['remove rows where country equals FR or amount is above 100', ['3', '4']],
    ['remove duplicates by email', ['1', '2', '4']],
    ['deduplicate by country and email', ['1', '2', '4']],
    ['sort by qty descending', ['3', '1', '4', '2']],
    ['sort by id descending and keep the first 2 rows', ['4', '3']],
    ['drop rows without qty, sort by qty with the largest first', ['4', '3', '1']],
    ['take the top 2 by id', ['4', '3']],
  ])('%s', async (words, ids) => {
    expect(await idsAfter(words)).toEqual(ids);
  });

  it('keeps spaces inside a value when it trims', async () => {
    const plan = planSentence('Trim whitespace in data/orders.csv');
    expect(await transform(plan, ORDERS.slice(0, 1))).toEqual([{ ...ORDERS[0], name: 'Ann  Lee' }]);
  });

  it('renames in place before it chooses columns, in the order that is asked for', async () => {
    const plan = planSentence('In data/orders.csv rename qty to quantity and keep only the columns quantity and id');
    expect(JSON.stringify(await transform(plan, ORDERS.slice(0, 1)))).toBe('[{"quantity":"2","id":"1"}]');
  });

  it('lowercases one column and uppercases another', async () => {
    const plan = planSentence('Lowercase the email column and uppercase name in data/orders.csv');
    expect(await transform(plan, ORDERS.slice(3))).toEqual([{ ...ORDERS[3], name: 'DAN' }]);
    expect(await transform(plan, ORDERS.slice(0, 1))).toMatchObject([{ email: 'a@x.com', name: ' ANN  LEE ' }]);
  });

  it('finds duplicates after dropping rows and before changing letters, whatever the order of the words', async () => {
    const rows = [{ email: 'A@x' }, { email: 'a@x' }, { email: 'A@x' }, { email: ' ' }];
    const plan = planSentence('Lowercase email in data/a.csv, remove duplicates by email, drop rows without email');
    expect(await transform(plan, rows)).toEqual([{ email: 'a@x' }, { email: 'a@x' }]);
  });

  it('sorts mixed values as text', async () => {
    const rows = [{ n: '10' }, { n: 'x' }, { n: '9' }];
    expect(await transform(planSentence('Sort data/a.csv by n'), rows)).toEqual([{ n: '10' }, { n: '9' }, { n: 'x' }]);
  });

  it('takes column names with spaces, quotes and signs of the expression language as they are', async () => {
    const rows = [{ 'unit `price`': '5', 'a.b': 'x' }];
    const plan = planSentence('Keep rows of data/a.csv where "unit `price`" is over 4 and keep only the columns "a.b"');
    expect(await transform(plan, rows)).toEqual([{ 'a.b': 'x' }]);
  });

  it('needs no more than the rows in proportion', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        id: String(i),
        email: ` u${i % (count / 2)} `,
        amount: String((i * 7) % 1000),
      }));
    const plan = planSentence(
      'Trim spaces in data/a.csv, remove duplicates by email, keep rows where amount is over 10 and report the total amount by email',
    );
    const measure = async (count: number): Promise<number> => {
      const input = rows(count);
      const from = process.cpuUsage();
      await transform(plan, input);
      const { user, system } = process.cpuUsage(from);
      return user + system;
    };
    await measure(1_000);
    expect((await measure(4_000)) / (await measure(1_000))).toBeLessThan(10);
  });
});

describe('summaries', () => {
  it.each([
    [
      'count rows by country',
      [
        { country: 'DE', count: 2 },
        { country: 'FR', count: 1 },
        { country: 'US', count: 1 },
      ],
    ],
    ['number of orders and total amount per country, top 1', [{ country: 'DE', count: 2, total_amount: 120.5 }]],
    [
      'average qty by country, largest first',
      [
        { country: 'US', average_qty: 10 },
        { country: 'DE', average_qty: 3.5 },
        { country: 'FR', average_qty: null },
      ],
    ],
    ['minimum and maximum amount', [{ rows: 4, min_amount: 7.26, max_amount: 120.5 }]],
    ['how many rows there are', [{ rows: 4 }]],
  ])('%s', async (words, rows) => {
    const plan = planSentence(`Write a report on data/orders.csv: ${words}`);
    expect(plan).toMatchObject({ template: 'report-generator', missing: [] });
    expect(plan.steps.at(-1)?.params['path']).toBe('reports/orders.md');
    expect(await transform(plan, ORDERS)).toEqual(rows);
  });

  it('draws the first measure of each group without another step', () => {
    const plain = planSentence('Report the total amount by country of data/o.csv as html');
    const drawn = planSentence('Report the total amount by country of data/o.csv as html with a chart');
    expect(drawn.steps.map(({ name }) => name)).toEqual(plain.steps.map(({ name }) => name));
    const value = drawn.steps.find(({ action }) => action === 'data.format')?.params['value'];
    expect(value).toMatchObject({
      chart: { labels: expect.stringContaining('"country"'), values: expect.stringContaining('"total_amount"') },
    });
  });

  it('leaves to the rows the order that is said of them', async () => {
    const plan = planSentence(
      'Clean data/o.csv: drop rows without qty, sort by qty descending and write out/o.csv; also write a summary with the number of orders and total qty per country to out/o.md',
    );
    const [rows, summary] = plan.steps.filter(({ action }) => action === 'data.transform');
    expect(plan.missing).toEqual([]);
    expect(rows?.params['expression']).toContain('^(>k0)');
    expect(summary?.params['expression']).toContain('^(<g0)');
  });

  it('sorts by its group or by a measure, as asked', async () => {
    const by = async (words: string): Promise<unknown> =>
      (
        (await transform(planSentence(`Report total qty by country of data/o.csv, ${words}`), ORDERS)) as {
          country: string;
        }[]
      ).map(({ country }) => country);
    expect(await by('sorted by country descending')).toEqual(['US', 'FR', 'DE']);
    expect(await by('sorted by total qty')).toEqual(['FR', 'DE', 'US']);
    expect(await by('top 2')).toEqual(['US', 'DE']);
  });

  it('comes after the cleaned file when both are asked for', () => {
    const plan = planSentence(
      'Clean data/o.csv by removing duplicates, save it to out/c.csv and write a summary of total amount by country to out/s.html',
    );
    const paths = plan.steps.filter(({ action }) => action === 'file.write').map(({ params }) => params['path']);
    expect(paths).toEqual(['out/c.csv', 'out/s.html']);
    expect(plan.steps).toHaveLength(8);
  });
});

describe('jobs on files', () => {
  const paths = async (sentence: string): Promise<unknown> => {
    const plan = planSentence(sentence);
    expect(plan.missing).toEqual([]);
    return ((await transform(plan, FILES)) as { path?: string; to?: string }[]).map(({ path, to }) => path ?? to);
  };

  it.each([
    [
      'Organise Downloads by type',
      [
        'Downloads/jpg/a.JPG',
        'Downloads/csv/b.csv',
        'Downloads/csv/c.csv',
        'Downloads/other/README',
        'Downloads/pdf/draft-d.pdf',
      ],
    ],
    [
      'Sort the files in Downloads into monthly folders in sorted/',
      [
        'sorted/2026-09/a.JPG',
        'sorted/2026-08/b.csv',
        'sorted/2026-07/c.csv',
        'sorted/2026-06/README',
        'sorted/2026-05/draft-d.pdf',
      ],
    ],
    ['Move files larger than 8 MB from Downloads to big', ['big/README', 'big/draft-d.pdf']],
    [
      'Delete files older than 60 days in the Downloads folder',
      ['Downloads/sub/c.csv', 'Downloads/README', 'Downloads/draft-d.pdf'],
    ],
    ['Delete empty files in Downloads/', ['Downloads/a.JPG']],
    ['Remove files whose name contains DRAFT from the folder Downloads', ['Downloads/draft-d.pdf']],
    [
      'Delete files in Downloads that are empty or whose name contains draft',
      ['Downloads/a.JPG', 'Downloads/draft-d.pdf'],
    ],
    [
      'Back up the Downloads folder to /mnt/b',
      ['/mnt/b/a.JPG', '/mnt/b/b.csv', '/mnt/b/sub/c.csv', '/mnt/b/README', '/mnt/b/draft-d.pdf'],
    ],
    ['Copy all files newer than 2 weeks from Downloads to backup', ['backup/a.JPG']],
  ])('%s', async (sentence, expected) => {
    expect(await paths(sentence)).toEqual(expected);
  });

  it.each([
    ['csv files', '*.csv'],
    ['all files', '*'],
    ['jpg and png files', '*.{jpg,png}'],
    ['files starting with report', 'report*'],
    ['pdf files starting with "inv"', 'inv*.pdf'],
    ['PDFs', '*.pdf'],
    ['.log files', '*.log'],
  ])('reads %s as %s', (words, glob) => {
    expect(planSentence(`Delete ${words} in tmp/`).steps[0]?.params).toMatchObject({ path: 'tmp', glob });
  });
});

describe('one file under another name', () => {
  const stepsOf = (sentence: string): unknown[] => {
    const plan = planSentence(sentence);
    expect(plan.missing).toEqual([]);
    return plan.steps.map(({ action, params }) => [action, params['from'] ?? params['path'], params['to']]);
  };

  it('is copied to that very path', () => {
    expect(stepsOf('Copy data/orders.csv to backup/orders-old.csv every night')).toEqual([
      ['file.read', 'data/orders.csv', undefined],
      ['file.write', 'backup/orders-old.csv', undefined],
    ]);
  });

  it('is moved to that very path', () => {
    expect(stepsOf('Move inbox/a.txt to done/b.txt')).toEqual([['file.move', 'inbox/a.txt', 'done/b.txt']]);
  });

  it('never takes a name of a file for a folder', () => {
    const { steps, missing } = planSentence('Copy all csv files from data/ to backup/all.csv');
    expect(steps).toEqual([]);
    expect(missing.map(({ what }) => what).join()).toContain('`backup/all.csv` is named like a file');
  });
});

describe('what is not understood', () => {
  it.each([
    ['Translate data/people.csv to French', 'translate'],
    ['Read data/people.csv, keep only rows from 2024 and save it as json', 'column'],
    ['Remove duplicates by email', 'input file'],
    ['Convert report.xlsx to csv', 'xlsx'],
    ['Convert data/a.csv to pdf', 'pdf'],
    ['Back up my Documents folder to Google Drive every night', 'google drive'],
    ['Delete old files in Downloads', 'old'],
    ['Move the files in inbox/ somewhere safe', 'destination'],
    ['Read data/a.csv, sort it by price and frobnicate the rows', 'frobnicate'],
    ['Report the median amount by country of data/a.csv', 'median'],
    ['Count rows of data/a.csv and email the report to bob@example.com', 'smtp'],
    ['Every 7 minutes convert data/a.csv to json', 'every 7 minutes'],
    ['Erstelle jeden Tag einen Bericht aus daten.csv und sende ihn an mich', 'english'],
    ['データを整理してください', 'english'],
  ])('%s: says so', (sentence, word) => {
    const { missing, unclearSchedule } = planSentence(sentence);
    const said = [...missing, ...unclearSchedule].map(({ what, hint }) => `${what} ${hint}`.toLowerCase());
    expect(said.join('\n')).toContain(word);
  });

  it.each([
    ['Delete draft files in tmp/', 'draft'],
    ['Delete files in tmp/ except the ones ending in .keep', 'except'],
    ['Merge all csv files in data/ on id', 'on id'],
    ['Keep the last 10 rows of data/a.csv', 'last 10'],
    ['Report the top 5 countries by total amount of data/a.csv', 'top 5'],
    ['Move the photos in camera/ to albums', 'photos'],
    ['Round the amount in data/a.csv to 2 decimals', 'round'],
    ['Split the name column of data/a.csv', 'split'],
  ])('never runs without the words it did not read: %s', (sentence, word) => {
    expect(JSON.stringify(planSentence(sentence).missing).toLowerCase()).toContain(word);
  });

  it('does not plan a text that is too long for a sentence', () => {
    const plan = planSentence(`Sort data/a.csv by n. ${'Really. '.repeat(300)}`);
    expect(plan).toMatchObject({ steps: [], missing: [{ hint: expect.stringContaining('2000') }] });
  });

  it('makes no steps of another language', () => {
    expect(planSentence('Erstelle jeden Tag einen Bericht aus daten.csv und sende ihn an mich')).toMatchObject({
      template: undefined,
      steps: [],
    });
  });

  it('leaves steps that are valid wherever nothing is missing', () => {
    const sentences = [
      'Merge all csv files in sales/ including subfolders into out/all.json',
      'Report the total and average "net price" by country of data/o.csv as html with a chart',
      'Back up docs to backup',
      'Organise Downloads by month',
    ];
    for (const sentence of sentences) {
      const plan = planSentence(sentence);
      expect({ sentence, missing: plan.missing, problems: validateSteps(plan.steps) }).toEqual({
        sentence,
        missing: [],
        problems: [],
      });
    }
  });
});

describe('the seed', () => {
  it('gives its customer-feedback-processor', () => {
    const plan = planSentence('Create an agent that processes customer feedback from support emails daily');
    expect(plan).toMatchObject({
      name: 'customer-feedback-processor',
      template: 'email-assistant',
      schedule: { cron: '0 9 * * *' },
      summary: { source: 'Email inbox via IMAP' },
    });
    expect(plan.missing[0]?.what).toContain('mailbox');
  });
});
