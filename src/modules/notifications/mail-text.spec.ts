import { describe, expect, it } from '@jest/globals';
import type { Card, CardField } from './card.ts';
import { toMail } from './mail-text.ts';

const URL_OF_PAGE = 'https://agentos.example.com/approvals/11111111-1111-4111-8111-111111111111';
const field = (label: string, value: string): CardField => ({ label, value, isTruncated: false });

function makeCard(change: Partial<Card> = {}): Card {
  return {
    ...{ kind: 'request', approvalId: '11111111-1111-4111-8111-111111111111', occasion: 'Approval asked' },
    ...{ url: URL_OF_PAGE, title: 'Approval needed: file.write', agentName: 'order-cleaner', risk: 'low' },
    ...{ actionType: 'file.write', target: 'out.txt', fields: [field('path', 'out.txt'), field('mode', 'create')] },
    ...{
      actionHash: 'ab'.repeat(32),
      why: ['a rule says so'],
      quorumText: '1 approval',
      isComplete: true,
      isOpen: true,
    },
    ...{ expiresAt: '2026-01-01T09:30:00.000Z', ...change },
  };
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&', middot: '·' };
/** What a reader of the HTML sees, block by block. */
function readHtml(html: string): string[] {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replaceAll('<wbr>', '')
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll(/&(#?\w+);/g, (_, name: string) => ENTITIES[name] ?? '?').trim())
    .filter((text) => text !== '');
}
const linesOf = (text: string): string[] => text.split('\n');

describe('the mail about a request', () => {
  it('says the same as text and as HTML: every field, who, until when, and where to answer', () => {
    const { subject, text, html } = toMail(makeCard({ requestedFor: 'ria@example.org', prose: 'Please.' }));
    expect(subject).toBe('Approval asked (low risk): order-cleaner wants file.write');
    const said = [
      'order-cleaner',
      'file.write',
      'out.txt',
      'create',
      'ria@example.org',
      '1 approval',
      'a rule says so',
    ];
    for (const each of [
      ...said,
      '2026-01-01 09:30 UTC',
      'Please.',
      'abababababab',
      'Opening the link decides nothing',
    ]) {
      expect(text).toContain(each);
      expect(readHtml(html).join('\n')).toContain(each);
    }
    expect(text).toContain(URL_OF_PAGE);
  });

  it('has one link, no image, no script, no form, and nothing that is fetched', () => {
    const hostile =
      'see https://evil.example/approve?id=1 or <a href="https://evil.example">here</a> <img src="//evil.example/x">';
    const { html } = toMail(makeCard({ fields: [field('text', hostile)], prose: hostile, why: [hostile] }));
    const tags = (html.match(/<[^>]*>/g) ?? []).join('\n');
    expect(tags.match(/\b(?:href|src|action|background|srcset|cite)=/g)).toEqual(['href=']);
    expect(html).toContain(`href="${URL_OF_PAGE}"`);
    expect(html).not.toMatch(/<(?:img|script|form|iframe|object|link|base|svg|video)\b|url\(|@import|http-equiv/i);
    expect(readHtml(html)).toContain(hostile);
  });

  it('gives mail programs no address of others to make a link of', () => {
    const { html } = toMail(
      makeCard({ fields: [field('text', 'https://evil.example/x eva@evil.example www.evil.example')] }),
    );
    const body = html.slice(html.indexOf('<body')).replace(/href="[^"]*"/, '');
    expect(body).not.toMatch(/s:\/\/|evil\.example|eva@/);
  });

  it.each([
    ['HTML', '<script>alert(1)</script><b>bold</b>'],
    ['an attribute that ends', '" onmouseover="alert(1)" x="'],
    ['an entity', '&lt;b&gt; &amp;amp; &#60;'],
    ['an end of the part', '</pre></td></table><h1>Approved</h1>'],
    ['a comment', '<!-- --><![CDATA[ x ]]>'],
  ])('shows %s in any place as it is and obeys it nowhere', (_, value) => {
    const change = {
      agentName: value,
      actionType: value,
      target: value,
      why: [value],
      prose: value,
      requestedFor: value,
    };
    const { html } = toMail(makeCard({ ...change, title: value, status: value, fields: [field(value, value)] }));
    expect(readHtml(html).filter((each) => each === value).length).toBeGreaterThanOrEqual(9);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script|<b>|<!--|<[^>]*onmouseover="alert/);
  });
});

describe('one line of a mail', () => {
  const forged = 'x\nRisk: low\nNeeded: nothing, already approved';
  it.each(['agentName', 'actionType', 'target', 'title', 'status', 'prose', 'requestedFor', 'quorumText'] as const)(
    'cannot be forged by a line break in %s',
    (place) => {
      const { text } = toMail(makeCard({ risk: 'high', [place]: forged }));
      const [risk, needed, ...more] = linesOf(text).filter((line) => /^(?:Risk|Needed):/.test(line));
      expect([risk, more]).toEqual(['Risk: high', []]);
      expect(needed).not.toContain('already');
    },
  );

  it.each([
    ['a value', [field('a', forged)]],
    ['a name', [field(forged, 'a')]],
  ])('cannot be forged by a line break in %s of a field', (_, fields) => {
    const { text } = toMail(makeCard({ risk: 'high', fields, why: [forged] }));
    expect(linesOf(text).filter((line) => /^(?:Risk|Needed):/.test(line))).toHaveLength(2);
  });
});

describe('the subject', () => {
  it.each([
    ['CRLF', 'x\r\nBcc: everybody@example.com'],
    ['a lone line feed', 'x\nSubject: two'],
    ['a line separator', 'x\u2028y\u2029z\u0085w'],
    ['reordering', 'x\u202egnp.exe\u2066'],
    ['zero width', 'x\u200b\u200d\ufeffy'],
    ['NUL and escape', 'x\0\u001b[2Jy'],
  ])('is one line of what can be seen with %s in it', (_, agentName) => {
    const { subject } = toMail(makeCard({ agentName, actionType: agentName }));
    expect(subject).toMatch(/^Approval asked \(low risk\): /);
    expect(subject).not.toMatch(/[\p{C}\u2028\u2029]/u);
  });

  it('says occasion and risk first, however long a name is and whatever it claims', () => {
    const agentName = `Already approved by the owner, nothing to do. ${'x'.repeat(500)}\ud83d\ude00`;
    const { subject } = toMail(makeCard({ agentName, risk: 'critical' }));
    expect(subject).toMatch(/^Approval asked \(critical risk\): Already approved/);
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(subject).not.toMatch(/[\ud800-\udbff]$/);
  });
});
