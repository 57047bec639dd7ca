import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PolicyDesk } from '../../../../test/support/policy-desk.ts';
import { decideCandidate } from '../../../../test/support/score-policies.ts';
import { compilePolicy } from '../policy-version.ts';
import { parseRules } from '../rules.ts';
import { draftPolicy } from './draft-policy.ts';
import { toExamples } from '../../../../test/support/drafted-rules/examples.ts';
import { LEXICON } from './lexicon.ts';
import { addValue, fits, type Draft, type Effect, type Parts, type Value } from './parts.ts';
import { toSentence } from './render.ts';
import { getLexicon, scan } from './scan.ts';

function rulesOf(sentence: string) {
  const draft = draftPolicy(sentence);
  return draft.kind === 'draft' ? draft.rules : [];
}

describe('what comes back', () => {
  test('the policy of the page that the product grew from', () => {
    expect(draftPolicy('Block access to customer credit card data')).toEqual({
      kind: 'draft',
      name: 'Block Access To Customer',
      rules: [
        {
          name: 'deny-payment-card-data',
          description: 'Deny payment card data.',
          condition: 'data.classes.exists(x, x in ["payment_card", "card_code"])',
          action: 'deny',
          severity: 'high',
          message: 'This is refused because this policy says: Deny payment card data.',
          alternative: 'Leave these data out: ask only for the fields that are needed.',
        },
      ],
      rendered: ['Deny payment card data.'],
      understood: ['"Block": deny', '"customer credit card data": payment card data'],
      notUnderstood: [],
    });
  });

  test('what asks for a policy is no part of it', () => {
    const asked = draftPolicy('Create a policy that blocks access to customer credit card data');
    expect(asked).toMatchObject({
      name: 'Blocks Access To Customer',
      rendered: ['Deny payment card data.'],
      notUnderstood: [],
    });
  });

  test.each([
    ['Do the frobnication'],
    ['Hello there'],
    [''],
    ['??? !!!'],
    ['Payments'],
    ['No more than 5 emails per week'],
    ['Slack messages must not zorble'],
    ['Only allow zorbling at night'],
    ['Deny e-mails except zorbled ones'],
  ])('%s makes no rule, and says what would be understood', (sentence) => {
    const draft = draftPolicy(sentence);
    expect(draft.kind).toBe('nothing');
    if (draft.kind === 'nothing') expect(draft.nearest.length).toBeGreaterThan(0);
  });

  test('a word that is not understood is said, and makes nothing wider than what was', () => {
    expect(draftPolicy('Block e-mails about gardening at night')).toMatchObject({ notUnderstood: ['gardening'] });
    expect(draftPolicy('No more than 5 emails per week').notUnderstood).toContain('per week');
  });

  test.each([
    ['Block e-mails', 'deny', 'high'],
    ['Block e-mails, this is critical', 'deny', 'critical'],
    ['Under no circumstances may e-mails be sent', 'deny', 'critical'],
    ['Log all e-mails', 'log', 'info'],
    ['Warn about e-mails', 'log', 'warning'],
    ['E-mails need approval', 'require_approval', 'high'],
    ['Redact phone numbers in e-mails', 'transform', 'high'],
  ])('%s: %s, %s', (sentence, action, severity) => {
    expect(rulesOf(sentence)).toMatchObject([{ action, severity }]);
  });

  test('who approves, and how many', () => {
    expect(rulesOf('Payments need approval by two people from the finance team')[0]?.approval).toEqual({
      quorum: 2,
      groups: ['finance'],
    });
    expect(rulesOf('Ask legal before sending e-mails')[0]?.approval).toEqual({ groups: ['legal'] });
  });

  test.each(['by 21 people', 'by one hundred people', 'by zero people', 'by 2.5 people', 'by 999999999999 approvers'])(
    'who wants approval %s gets no rule, and hears how many can be asked for',
    (who) => {
      const draft = draftPolicy(`Require approval ${who} before deleting files`);
      expect(draft).toMatchObject({ kind: 'nothing', notUnderstood: [expect.stringContaining('1 to 20 people')] });
      const both = draftPolicy(`Require approval ${who} before deleting files. Never move files.`);
      expect(both).toMatchObject({
        rules: [{ action: 'deny' }],
        notUnderstood: [expect.stringContaining('1 to 20 people')],
      });
    },
  );

  test('what no rule can hold is said, with its limit, and the other rules are made', () => {
    const fields = Array.from({ length: 60 }, (_, index) => `\`field_${index}\``).join(', ');
    const draft = draftPolicy(`Never move files. Mask the fields ${fields}.`);
    expect(draft).toMatchObject({ kind: 'draft', notUnderstood: [expect.stringContaining('at most 1000')] });
  });

  test('several sentences, lines and clauses make several rules with names of their own', () => {
    const rules = rulesOf(
      '- Block e-mails to external recipients.\n- Log file writes\nPayments need approval; refunds are forbidden.',
    );
    expect(rules.map(({ action }) => action)).toEqual(['deny', 'log', 'require_approval', 'deny']);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(parseRules(rules)).toEqual(rules);
  });

  test('the same words always give the same rules', () => {
    const sentence = 'Deny deleting files under archive/ except .tmp files, and ask before payments over $20';
    expect(draftPolicy(sentence)).toEqual(draftPolicy(sentence));
  });

  test('a description of any length and kind gets an answer', () => {
    for (const text of [
      'block '.repeat(5_000),
      '('.repeat(60_000),
      '`'.repeat(3_000),
      '\u0000\ud800',
      '$'.repeat(4_000),
      'not except '.repeat(900),
    ])
      expect(['draft', 'nothing']).toContain(draftPolicy(text).kind);
  });
});

/** Every value that a phrase of the lexicon stands for by itself, found again by its own words. */
const VALUES: readonly Value[] = [
  ...new Map(
    LEXICON.filter(({ isNaming }) => isNaming !== true)
      .flatMap(({ read }) => {
        try {
          return read([]) ?? [];
        } catch {
          return [];
        }
      })
      .flatMap((meaning) => (meaning.kind === 'value' ? [meaning.value] : []))
      .map((value) => [value.text, value] as const),
  ).values(),
].filter(({ text, facet }) => facet !== 'payment' && text !== 'any action');

const NAMED = [
  'under `reports/`',
  'under `/data/out`',
  'in the file `plan.md`',
  'with extension `.csv`',
  'on the table `orders`',
  'with the column `ssn`',
  'on the connection `hr`',
  'to addresses at `example.com`',
  'to `ada@example.com`',
  'in the channel `#ops`',
  'to the host `api.example.com`',
  'in the bucket `backups`',
  'of the server `github`',
  'with the tool `list_issues`',
  'with the model `claude-haiku`',
  'by the agent `billing-agent`',
  'data named `salary`',
  'payments of more than 500 USD',
  'costing more than 5 USD',
  'spending more than 20 USD per day',
  'with more than 4000 tokens',
  'touching more than 100 records',
  'e-mails with more than 5 recipients',
  'HTTP requests more than 60 per minute',
  'e-mails more than 3 to the same recipient per day',
  'more than 5 at once',
  'after at least 3 failures in 10 minutes',
  'between 22:00 and 06:00',
  'after 18:30',
  'on friday afternoons',
  'with `invoice` in the subject',
  'of more than 1024 bytes',
];
const EFFECTS: readonly Effect[] = [
  { kind: 'deny' },
  { kind: 'deny', isCritical: true },
  { kind: 'require_approval' },
  { kind: 'require_approval', quorum: 2, groups: ['finance'] },
  { kind: 'log' },
  { kind: 'log', isWarning: true },
];

/** What a sentence that was made from a rule is read as. */
function readAgain(sentence: string): unknown {
  return rulesOf(sentence).map(({ condition, action, severity, approval, transform }) => ({
    condition,
    action,
    severity,
    approval,
    transform,
  }));
}

function expectRoundTrip(sentence: string): void {
  const draft = draftPolicy(sentence);
  if (draft.kind === 'nothing') return;
  for (const [index, { condition, action, severity, approval, transform }] of draft.rules.entries()) {
    const rendered = draft.rendered[index] ?? '';
    expect([rendered, readAgain(rendered)]).toEqual([rendered, [{ condition, action, severity, approval, transform }]]);
  }
}

describe('a rendered rule, read again, is the same rule', () => {
  test.each(VALUES.map(({ text }) => text))('%s', (text) => {
    expect(draftPolicy(`Deny ${text}.`).kind).toBe('draft');
    expectRoundTrip(`Deny ${text}.`);
  });

  test.each(NAMED)('%s', (text) => {
    expect(draftPolicy(`Deny ${text}.`).kind).toBe('draft');
    expectRoundTrip(`Deny ${text}.`);
    expectRoundTrip(`Require approval for any action, except ${text}.`);
  });

  test('whatever parts, exceptions and verdicts are put together', () => {
    const values = [
      ...VALUES,
      ...NAMED.flatMap((text) => scan(text).flatMap((item) => (item.kind === 'value' ? [item.value] : []))),
    ];
    const parts = fc
      .uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3, selector: ({ text }) => text })
      .map(toParts);
    const drafts = fc.record({ effect: fc.constantFrom(...EFFECTS), parts, except: fc.array(parts, { maxLength: 2 }) });
    fc.assert(
      fc.property(drafts, (draft: Draft) => expectRoundTrip(toSentence(draft))),
      { numRuns: 300, seed: 7 },
    );
  });
});

function toParts(values: readonly Value[]): Parts {
  const kinds = values.flatMap(({ kind }) => (kind === undefined ? [] : [kind]));
  return values.filter(({ facet }) => fits(facet, kinds)).reduce(addValue, new Map() as Parts);
}

describe('examples', () => {
  const desk = new PolicyDesk();
  afterAll(() => desk.close());

  test.each([
    ['Block access to customer credit card data'],
    ['E-mails to external recipients need approval at night'],
    ['Only allow files under reports/'],
    ['No more than 3 Slack messages per minute'],
    ['Log all payments over $100'],
  ])('%s: three actions that match and three that do not, decided by the engine', async (sentence) => {
    const rules = rulesOf(sentence);
    const policy = compilePolicy(
      { id: 'custom', name: 'x', description: sentence, category: 'custom', rules },
      '0'.repeat(64),
    );
    const { matching, others } = await toExamples(rules, (candidate) => decideCandidate(desk, [policy], candidate));
    expect([matching.length, others.length]).toEqual([3, 3]);
    expect(matching.every(({ decision }) => decision.violations.length + decision.warnings.length > 0)).toBe(true);
    expect(others.every(({ decision }) => decision.effect === 'allow' && decision.warnings.length === 0)).toBe(true);
  });
});

describe('time', () => {
  const ADVERSARIAL = [
    'the ',
    'a',
    'a.',
    'a/',
    '1,',
    'customer ',
    'not ',
    'to the ',
    '`',
    '"',
    'x@a.',
    'of data ',
    'must be ',
    'ask a ',
    'any action ',
    'a-',
  ];

  /** Time of this process alone, in microseconds: the machine may be busy. */
  function measure(run: () => void): number {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  }

  /** The least of several: what other processes take is no part of it. */
  function ratio(run: (text: string) => void, text: string): number {
    const part = text.slice(0, text.length / 4);
    let least = Infinity;
    for (let tries = 0; tries < 12 && least >= 6; tries++) {
      const small = Math.min(
        measure(() => run(part)),
        measure(() => run(part)),
      );
      least = Math.min(least, measure(() => run(text)) / small);
    }
    return least;
  }

  test('of each pattern grows with the text, not faster', () => {
    const slow: string[] = [];
    for (const { expression } of getLexicon()) {
      const global = new RegExp(expression.source, 'iug');
      const run = (text: string): void => void [...text.matchAll(global)].length;
      for (const piece of ADVERSARIAL) {
        const text = piece.repeat(Math.ceil(3_000 / piece.length));
        if (measure(() => run(text)) > 1_000 && ratio(run, text) >= 6) slow.push(`${piece}: ${expression.source}`);
      }
    }
    expect(slow).toEqual([]);
  });

  test.each(ADVERSARIAL)('of a whole description of %j as well', (piece) => {
    const text = `block ${piece.repeat(Math.ceil(1_990 / piece.length))}`.slice(0, 1_996);
    draftPolicy(text);
    expect(ratio(draftPolicy, text)).toBeLessThan(6);
  });
});
