import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DATA_CLASSES } from '../../kernel/policy/data-classes.ts';
import type { InspectAnswer, Path } from './model.ts';
import { SCAN_LIMITS, scanValue } from './scan.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const TOKEN = 'gh' + 'p_' + 'q7Rk2mXv9LtB4nHs8WcZ1yJd6PfA3eGu0TQi';

/** Findings as `class/confidence@path`. */
function find(value: unknown): string[] {
  return scanValue(value).findings.map((each) => `${each.class}/${each.confidence}@${each.path.join('.')}`);
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

describe('scanValue', () => {
  it('finds texts and keys anywhere, and says where', () => {
    const value = { to: 'Ada', parts: [{ note: ['x', 'mail ada@example.org'] }], 'bob@example.org': null };
    expect(find(value)).toEqual(['email/high@parts.0.note.1', 'email/high@bob@example.org']);
    const [finding] = scanValue(value).findings;
    expect('mail ada@example.org'.slice(finding!.start, finding!.end)).toBe('ada@example.org');
  });

  it('counts the name of a field among the words around its value', () => {
    expect(find({ ssn: '078051120', dob: '14.02.1986', cvv: '042', routing: '021000021' })).toEqual([
      'national_id/high@ssn',
      'birth_date/high@dob',
      'card_code/high@cvv',
      'bank_account/high@routing',
    ]);
    expect(find({ id: '078051120' })).toEqual([]);
  });

  it('takes numbers for what their field says', () => {
    expect(find({ ssn: 123456789, cvv: 123, pan: 4111111111111111, lat: 52.520008 })).toEqual([
      'national_id/high@ssn',
      'card_code/high@cvv',
      'payment_card/high@pan',
      'location/high@lat',
    ]);
    expect(find({ count: 123456789, code: 123, ratio: 52.520008 })).toEqual([]);
  });

  it('takes names from fields, and `name` alone beside other personal fields', () => {
    expect(find({ first_name: 'Ada', surname: 'Lovelace' })).toEqual(['name/high@first_name', 'name/high@surname']);
    expect(find({ name: 'Ada', email: 'ada@example.org' })).toContain('name/high@name');
    expect(find({ customer: { name: 'Ada' } })).toEqual(['name/high@customer.name']);
    expect(find({ name: 'report', path: 'x' })).toEqual([]);
  });

  it('finds secrets by their form and by the name of their field', () => {
    expect(find({ note: `token ${TOKEN}` })).toEqual(['credential/high@note']);
    expect(scanValue({ db_password: 'kX9#mQ2vLp' })).toMatchObject({
      findings: [{ class: 'credential', path: ['db_password'] }],
      fieldClasses: ['credential'],
    });
  });

  it('says which classes the names of fields stand for, except where the value shows something else', () => {
    expect(scanValue({ ssn: null, rows: [{ creditCard: '' }] }).fieldClasses).toEqual(['national_id', 'payment_card']);
    expect(scanValue({ address: '10.0.0.1', mobile: true, fingerprint: 'ab'.repeat(20) }).fieldClasses).toEqual([]);
    expect(scanValue({ Email: 1, email: 2, id: 3 }).fields).toEqual(['email', 'id']);
  });

  it('counts the records of the longest list', () => {
    expect(scanValue({ a: [{}, {}], b: { c: [{}, {}, {}] }, d: [1, 2, 3, 4] }).records).toBe(3);
    expect(scanValue('no list').records).toBe(0);
  });

  describe('with files as texts', () => {
    const csv = 'id,full_name,ssn\n1,"Lovelace, Ada",078051120\n2,Bob Roe,219099999\n';

    it('reads the columns of separated values', () => {
      const answer = scanValue({ content: csv });
      expect(answer).toMatchObject({
        fields: ['content', 'id', 'full_name', 'ssn'],
        fieldClasses: ['name', 'national_id'],
        records: 2,
      });
      expect(answer.findings.map(({ start, end }) => csv.slice(start, end))).toEqual([
        'Lovelace, Ada',
        '078051120',
        'Bob Roe',
        '219099999',
      ]);
    });

    it.each([';', '\t', '|'])('reads them with `%s` between', (separator) => {
      expect(scanValue(`ssn${separator}age\n078051120${separator}40\n`).findings).toHaveLength(1);
    });

    it('reads them in base64, as one finding for all of it', () => {
      const content = base64(csv);
      expect(scanValue({ content })).toMatchObject({
        records: 2,
        fieldClasses: ['name', 'national_id'],
        obfuscated: true,
      });
      expect(scanValue({ content }).findings).toContainEqual(
        expect.objectContaining({ class: 'national_id', start: 0, end: content.length, isDecoded: true }),
      );
    });

    it('reads the keys of JSON, of lines of JSON, of settings and of forms', () => {
      const json = JSON.stringify([{ last_name: 'Roe', ssn: '078051120' }, {}]);
      expect(scanValue(json)).toMatchObject({
        records: 2,
        fields: ['last_name', 'ssn'],
        fieldClasses: ['name', 'national_id'],
      });
      expect(find(json)).toEqual(['name/high@', 'national_id/high@']);
      expect(scanValue('{"ssn":"078051120"}\n{"ssn":"219099999"}\n')).toMatchObject({ records: 2, findings: [{}, {}] });
      expect(find('a: 1\nssn: 078051120\n')).toEqual(['national_id/high@']);
      expect(find('?a=1&cvv=123&phone=4155552671')).toEqual(['card_code/high@', 'phone/high@']);
    });

    it('takes no prose for a table', () => {
      expect(scanValue('Dear Ada,\nthank you for the letter,\nyours\n')).toMatchObject({
        records: 0,
        findings: [],
        fields: [],
      });
    });
  });

  describe('with values split over texts', () => {
    it.each([
      [{ a: '4111 1111', b: '1111 1111' }, 'payment_card'],
      [['4111', '1111', '1111', '1111'], 'payment_card'],
      [[...'4111111111111111'], 'payment_card'],
      [{ '4111 1111': '1111 1111' }, 'payment_card'],
      [['123-45', '6789'], 'national_id'],
      [['123', '45', '6789'], 'national_id'],
      [{ user: 'ada', host: '@example.org' }, 'email'],
      [[{ text: '4111 1111' }, { text: '1111 1111' }], 'payment_card'],
      [{ a: TOKEN.slice(0, 20), b: TOKEN.slice(20) }, 'credential'],
      [{ a: 'DE89 3704 0044', b: '0532 0130 00' }, 'bank_account'],
      [[base64('card 4111111111111111').slice(0, 12), base64('card 4111111111111111').slice(12)], 'payment_card'],
    ])('finds %j', (value, dataClass) => {
      const found = scanValue(value).findings.filter((each) => each.class === dataClass && each.confidence === 'high');
      expect(found.length).toBeGreaterThan(1);
    });

    it('leaves rows of a table apart, where a card would be chance', () => {
      const rows = Array.from({ length: 50 }, () => ({ a: '4111 1111', b: '1111 1111' }));
      expect(scanValue(rows).findings).toEqual([]);
    });

    it('does not report again what one text holds', () => {
      expect(find(['see ', 'ada@example.org', ' and more'])).toEqual(['email/high@1']);
    });
  });

  it.each([
    ['percent', 'my ssn is %31%32%33-45-6789'],
    ['base64', base64('my ssn is 123-45-6789')],
    ['look-alikes', 'ｓｓｎ １２３-４５-６７８９'],
    ['two layers', encodeURIComponent(base64('my ssn is 123-45-6789'))],
    ['zero-width characters', '12\u200b3-45-67\u200b89'],
  ])('says that something was only below %s', (_name, text) => {
    expect(scanValue({ text })).toMatchObject({ obfuscated: true });
    expect(find({ text })).toContain('national_id/high@text');
    expect(scanValue({ text: 'ssn 123-45-6789' }).obfuscated).toBe(false);
  });

  it('says what cannot be read', () => {
    expect(scanValue({ content: base64('PK\u0003\u0004' + '.'.repeat(40)) }).unreadable).toBe(true);
    expect(scanValue({ text: '\u0000\u0001\ufffd\u0002'.repeat(20) }).unreadable).toBe(true);
    expect(scanValue({ bytes: new Uint8Array(4) }).unreadable).toBe(true);
    expect(scanValue({ text: 'plain' }).unreadable).toBe(false);
  });

  describe('with much content', () => {
    it('finds what lies on the border of two windows, once', () => {
      for (const before of [65_530, 65_536, 58_368, 57_340, 8_192]) {
        const text = `${'lorem ipsum '.repeat(9_000).slice(0, before)} ssn 123-45-6789 ${'dolor sit '.repeat(2_000)}`;
        const found = scanValue(text).findings;
        expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['123-45-6789']);
      }
    });

    it('looks at so many characters, and says when there were more', () => {
      const text = `${'lorem ipsum '.repeat(10_000)} ssn 123-45-6789`;
      const limits = { ...SCAN_LIMITS, characters: text.length };
      expect(scanValue(text, limits)).toMatchObject({ truncated: false, findings: [{ class: 'national_id' }] });
      expect(scanValue(`x${text}`, limits)).toMatchObject({ truncated: true });
      expect(scanValue([text, 'ssn 123-45-6789'], limits)).toMatchObject({
        truncated: true,
        findings: [{ path: [0] }],
      });
    });

    it('says when there are more findings than it gives', () => {
      const limits = { ...SCAN_LIMITS, findings: 10 };
      expect(scanValue('ada@example.org '.repeat(10), limits)).toMatchObject({ truncated: false });
      expect(scanValue('ada@example.org '.repeat(11), limits)).toMatchObject({
        truncated: true,
        findings: { length: 10 },
      });
    });
  });

  describe('with values that are no JSON', () => {
    const cyclic: Record<string, unknown> = { mail: 'ada@example.org' };
    cyclic['self'] = cyclic;
    const deep = (levels: number): unknown =>
      Array.from({ length: levels }).reduce((inner) => [inner], 'ada@example.org' as unknown);
    const throwing = {
      get x(): never {
        throw new Error('no');
      },
    };

    it('answers, and says that it did not see all', () => {
      expect(scanValue(cyclic)).toMatchObject({ truncated: true, findings: [{ path: ['mail'] }] });
      expect(scanValue(deep(60_000))).toMatchObject({ truncated: true });
      expect(scanValue(deep(400))).toMatchObject({ truncated: false, findings: [{ class: 'email' }] });
      expect(scanValue(throwing)).toMatchObject({ unreadable: true });
      expect(scanValue(new Map([['a', 'ada@example.org']]))).toMatchObject({ unreadable: true });
    });

    it('looks behind keys such as `__proto__` and objects without a prototype', () => {
      expect(find(JSON.parse('{"__proto__":{"ssn":"078051120"}}'))).toEqual(['national_id/high@__proto__.ssn']);
      expect(find(Object.assign(Object.create(null) as object, { ssn: '078051120' }))).toEqual([
        'national_id/high@ssn',
      ]);
      expect(find({ constructor: { prototype: 'ada@example.org' } })).toEqual(['email/high@constructor.prototype']);
    });

    it('answers for any value, with spans inside the texts that they name', () => {
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.base64String(),
        fc.constantFrom('ada@example.org', '123-45-6789', 'ssn', '4111 1111', '\ud800', 'a,ssn\n1,2'),
      );
      const value = fc.anything({
        values: [text, fc.double(), fc.bigInt(), fc.constant(undefined)],
        key: text,
        withNullPrototype: true,
        withDate: true,
        withMap: true,
        withSparseArray: true,
      });
      fc.assert(
        fc.property(value, (top) => {
          const answer: InspectAnswer = scanValue(top);
          for (const { path, start, end, class: dataClass } of answer.findings) {
            const found = at(top, path);
            const key = path.at(-1);
            const longest = Math.max(
              typeof found === 'string' || typeof found === 'bigint' ? found.toString().length : 40,
              typeof key === 'string' ? key.length : 0,
            );
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(longest);
            expect(DATA_CLASSES).toContain(dataClass);
          }
        }),
        { numRuns: 200 },
      );
    });
  });
});
