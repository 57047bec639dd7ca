import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../kernel/json.ts';
import { mayAnswerHere } from '../notifications/index.ts';
import { renderCard } from './render-card.ts';
import type { ApprovalRow } from './row.ts';

const at = new Date('2026-01-01T00:00:00.000Z');

function makeRow(params: JsonObject, change: Partial<ApprovalRow> = {}): ApprovalRow {
  return {
    ...{
      id: '11111111-1111-4111-8111-111111111111',
      workspaceId: 'w',
      agentId: 'a',
      status: 'pending',
      purpose: 'action',
    },
    ...{ actionType: 'file.write', params: Buffer.from(JSON.stringify(params)), actionHash: 'ab'.repeat(32) },
    ...{ target: 'out.txt', description: 'Write', risk: 'low', requirement: { quorum: 1, groups: [], denials: 1 } },
    evidence: { violations: [], redactions: [], riskReasons: [], policyVersions: [] },
    ...{
      requestedBy: 'agent:a',
      conflicts: [],
      escalated: false,
      createdAt: at,
      expiresAt: at,
      validForMs: 1,
      now: at,
    },
    ...change,
  };
}
const scene = { occasion: 'Approval asked', agentName: 'order-cleaner', url: 'http://x/approvals/1', approvals: 0 };
const render = (params: JsonObject, change?: Partial<ApprovalRow>) => renderCard(makeRow(params, change), scene);

describe('a card', () => {
  it('shows what would be executed and can be answered where it is read', () => {
    const card = render({ path: 'out.txt', content: 'two\nlines', mode: 'create', count: 3, tags: ['a'] });
    expect(card.fields.map(({ label, value }) => [label, value])).toEqual([
      ['path', 'out.txt'],
      ['content', 'two\nlines'],
      ['mode', 'create'],
      ['count', '3'],
      ['tags', '[\n  "a"\n]'],
    ]);
    expect(card).toMatchObject({ isComplete: true, isOpen: true });
    expect(mayAnswerHere(card)).toBe(true);
  });

  it.each(['high', 'critical'] as const)('of %s risk is answered on the page', (risk) => {
    expect(mayAnswerHere(render({ path: 'a' }, { risk }))).toBe(false);
  });

  it('that is decided is answered nowhere', () => {
    expect(mayAnswerHere(render({ path: 'a' }, { status: 'approved' }))).toBe(false);
  });

  it('shows the start and the end of 100 kB, says what is missing, and cannot be answered there', () => {
    const card = render({ content: `${'harmless '.repeat(11_000)} rm -rf /srv` });
    expect(card.fields[0]?.value).toContain('rm -rf /srv');
    expect(card.fields[0]?.value).toMatch(/\[… \d+ characters are not shown here …\]/);
    expect(card.fields[0]?.value.length).toBeLessThan(800);
    expect(card).toMatchObject({ isComplete: false, caution: expect.stringContaining('console') });
    expect(mayAnswerHere(card)).toBe(false);
  });

  it('with more fields or more text than fit cannot be answered there', () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${i}`, 'x']));
    expect(render(many).isComplete).toBe(false);
    const long = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, 'x'.repeat(500)]));
    expect(render(long).isComplete).toBe(false);
  });

  it.each([
    ['right-to-left override', 'invoice\u202etxt.exe', 'invoice[U+202E]txt.exe'],
    ['isolate', 'a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['zero width', 'pay\u200bpal', 'pay[U+200B]pal'],
    ['zero-width joiner', 'a\u200db', 'a[U+200D]b'],
    ['byte order mark', '\ufeffa', '[U+FEFF]a'],
    ['soft hyphen', 'a\u00adb', 'a[U+00AD]b'],
    ['tag characters', 'a\u{e0041}b', 'a[U+E0041]b'],
    ['carriage return', 'one\r\ntwo', 'one[U+000D]\ntwo'],
    ['NUL', 'a\0b', 'a[U+0000]b'],
    ['escape sequence', 'a\u001b[2Jb', 'a[U+001B][2Jb'],
    ['line separator', 'a\u2028b', 'a[U+2028]b'],
    ['no-break space', 'a\u00a0b', 'a[U+00A0]b'],
    ['Hangul filler', 'a\u3164b', 'a[U+3164]b'],
    ['variation selector', 'a\ufe0fb', 'a[U+FE0F]b'],
  ])('makes a %s visible and withholds the button', (_, value, shown) => {
    const card = render({ path: value });
    expect(card.fields[0]?.value).toBe(shown);
    expect(mayAnswerHere(card)).toBe(false);
  });

  it.each([
    ['a room called', '<!channel> done'],
    ['everybody called', '<!everyone>'],
    ['a person called', '<@U012345>'],
    ['a link of Slack', '<https://evil.example|https://good.example>'],
    ['a link of Markdown', '[https://good.example](https://evil.example)'],
    ['bold', 'this is *urgent* now'],
    ['a fence', '```\nquoted\n```'],
    ['HTML', '<b>bold</b>'],
    ['a script', '<script>alert(1)</script>'],
    ['an entity', '&lt;b&gt;'],
    ['Cyrillic letters in a Latin word', 'https://p\u0430ypal.com/'],
    ['a host that is all Cyrillic', 'https://\u0440\u0430\u0443.com/'],
    ['punycode', 'https://xn--pypal-4ve.com/'],
    ['a name before the host', 'https://paypal.com@evil.example/'],
    ['wide letters', '\uff50\uff41\uff59'],
    ['mathematical letters', '\u{1d429}\u{1d41a}\u{1d432}'],
    ['a claim', 'This action was already approved by the owner.'],
    ['another claim', 'Pre-approved, no further review needed'],
  ])('with %s withholds the button and shows the real value', (_, value) => {
    const card = render({ text: value });
    expect(card.fields[0]?.value).toBe(value);
    expect(mayAnswerHere(card)).toBe(false);
    expect(card.caution).toBeDefined();
  });

  it('says both that something is not shown and that something can deceive', () => {
    const { caution } = render({ text: `${'a'.repeat(5_000)}<!channel>` });
    expect(caution).toMatch(/Not everything fits here.*can deceive/);
  });

  it.each(['text', 'prose', 'target', 'agentName', 'label'])('is withheld for what is odd in %s', (where) => {
    const odd = 'x\u202ey';
    const row = makeRow(where === 'label' ? { [odd]: 'a' } : { text: where === 'text' ? odd : 'a' }, {
      ...(where === 'prose' ? { prose: odd } : {}),
      ...(where === 'target' ? { target: odd } : {}),
    });
    const card = renderCard(row, { ...scene, ...(where === 'agentName' ? { agentName: odd } : {}) });
    expect(JSON.stringify(card)).not.toContain('\u202e');
    expect(mayAnswerHere(card)).toBe(false);
  });

  it.each([
    'reports/*.csv',
    'Grüße an Zoë',
    'SELECT * FROM orders WHERE n < 3 AND m > 4',
    'Москва',
    'a <= b',
    '日本語',
  ])('of ordinary text %s keeps the button', (value) => {
    expect(mayAnswerHere(render({ text: value }))).toBe(true);
  });

  it('keeps the words of the agent apart from the fields', () => {
    const card = render({ path: 'a' }, { prose: 'Risk: none\nAction: file.read' });
    expect(card.fields.map(({ label }) => label)).toEqual(['path']);
    expect(card.prose).toBe('Risk: none\nAction: file.read');
  });
});
