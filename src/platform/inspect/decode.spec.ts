import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeLayers, extentIn } from './decode.ts';

const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Texts that decoding brings to light. */
function texts(text: string): string[] {
  return decodeLayers(text).pieces.map((piece) => piece.text);
}

describe('decodeLayers', () => {
  const SECRET = 'ssn 123-45-6789';

  it.each([
    ['percent', percent(SECRET)],
    ['percent of some characters', 'ssn 1%323-45-67%389'],
    ['base64', base64(SECRET)],
    ['base64url', Buffer.from(`${SECRET}~~~???`).toString('base64url')],
    ['base64 in lines', base64(`${'x '.repeat(40)}${SECRET}`).replace(/(.{60})/g, '$1\n')],
    ['base64 in a path', `/api/v1/${base64(SECRET)}`],
    ['base64 of UTF-16', base64(SECRET, 'utf16le')],
    ['a data URL', `data:text/plain;base64,${base64(SECRET)}`],
    ['hex', hex(SECRET)],
    ['hex with 0x', `0x${hex(SECRET)}`],
    ['decimal entities', [...SECRET].map((each) => `&#${each.charCodeAt(0)};`).join('')],
    ['hex entities without end', 'ssn 123-45-&#x36&#x37&#x38&#x39'],
    ['named entities', 'ssn 123&hyphen;45&hyphen;6789'],
    ['unicode escapes', [...SECRET].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['long unicode escapes', 'ssn 123\\u{2d}45-6789'],
    ['byte escapes', 'ssn 123\\x2d45\\x2d6789'],
    ['octal escapes', 'ssn 123\\05545\\0556789'],
    ['full-width digits', 'ssn １２３-４５-６７８９'],
    ['Arabic digits', 'ssn ١٢٣-٤٥-٦٧٨٩'],
    ['mathematical digits', 'ssn 𝟏𝟐𝟑-45-6789'],
    ['Cyrillic letters', 'ѕѕn 123-45-6789'],
    ['zero-width characters', 'ssn 1\u200b2\u200d3-45-6\u20607\ufeff89'],
    ['direction marks', 'ssn 123\u202e-45-\u202c6789'],
    ['soft hyphens', 'ssn 12\u00ad3-45-6789'],
    ['combining marks', 'ssn 1\u03012\u03013-45-6789'],
    ['null characters', 'ssn 123\u0000-45-6789'],
    ['other dashes', 'ssn 123–45—6789'],
    ['string parts', "'ssn 123' + '-45-' + '6789'"],
    ['string parts in SQL', "'ssn 123-' || '45-6789'"],
    ['tags', 'ssn <b>123</b>-45-<span class="x">6789</span>'],
    ['comments', 'ssn 123/* */-45-<!-- x -->6789'],
    ['base64 in base64', base64(base64(SECRET))],
    ['percent in base64', base64(percent(SECRET))],
    ['base64 in percent', percent(base64(SECRET))],
    ['hex in base64', base64(hex(SECRET))],
    ['escapes in hex', hex('ssn 123\\u002d45-6789')],
  ])('undoes %s', (_name, text) => {
    expect(texts(text).some((each) => each.includes(SECRET))).toBe(true);
  });

  it.each([
    ['ada [at] example [dot] org', 'ada@example.org'],
    ['ada(at)example(dot)org', 'ada@example.org'],
    ['ada {@} example.org', 'ada@example.org'],
    ['write to ada at example dot org today', 'ada@example.org'],
    ['ada.l AT mail dot example dot org', 'ada.l@mail.example.org'],
    ['аdа@ехаmрlе.org', 'ada@example.org'],
    ['ada＠example．org', 'ada@example.org'],
    ['ada&commat;example.org', 'ada@example.org'],
  ])('reads `%s` as %s', (text, found) => {
    expect(texts(text).some((each) => each.includes(found))).toBe(true);
  });

  it.each([
    'Plain prose, with a comma; and "quotes" (and brackets).',
    'Prose — with “print” signs… and naïve accents, café.',
    'state-of-the-art/internationalization/and_so_on',
    '100% of it & more',
    '4111111111111111 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '123e4567-e89b-12d3-a456-426614174000',
    'a < b and c > d, x /* 2',
    'Ada <ada@example.org>',
  ])('leaves `%s` alone', (text) => {
    expect(decodeLayers(text)).toEqual({ pieces: [], unreadable: false, truncated: false });
  });

  it('says where in the original each part of a piece comes from', () => {
    const text = `call ${percent('ada@example.org')} now`;
    const [piece] = decodeLayers(text).pieces;
    const start = piece!.text.indexOf('ada@');
    const { start: from, end } = extentIn(piece!, start, start + 'ada@example.org'.length);
    expect(text.slice(from, end)).toBe(percent('ada@example.org'));
  });

  it.each([
    ['a zip file', Buffer.from('PK\u0003\u0004............')],
    ['a gzip file', Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca49010085114a0d0b', 'hex')],
    ['a PDF file', Buffer.from('%PDF-1.7 /Encrypt 5 0 R ')],
    ['an OpenSSL file', Buffer.from('Salted__12345678abcdefgh')],
    ['an image', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(16)])],
    ['bytes without form', Buffer.from(Array.from({ length: 256 }, (_, at) => (at * 167 + 13) % 256))],
  ])('says that %s in base64 cannot be read', (_name, bytes) => {
    expect(decodeLayers(`content: ${bytes.toString('base64')}`).unreadable).toBe(true);
  });

  it.each([
    '-----BEGIN PGP MESSAGE-----\n\nhQEMA',
    '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl',
    '$ANSIBLE_VAULT;1.1;AES256\n6233',
  ])('says that `%s` cannot be read', (text) => {
    expect(decodeLayers(text).unreadable).toBe(true);
  });

  it('does not take keys, certificates, signatures and hashes for hidden content', () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 167 + 13) % 256));
    const body = bytes.toString('base64');
    const token = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.${bytes.toString('base64url')}`;
    for (const text of [
      `-----BEGIN CERTIFICATE-----\n${body}`,
      `ssh-rsa ${body}`,
      token,
      `sha512-${body.slice(0, 86)}==`,
    ]) {
      expect(decodeLayers(text).unreadable).toBe(false);
    }
  });

  it('does bounded work and says when there was more', () => {
    const many = decodeLayers(`${base64('ssn 123-45-6789')} `.repeat(5_000));
    expect(many.truncated).toBe(true);
    expect(many.pieces.length).toBeLessThanOrEqual(2_000);
  });

  it('gives extents inside the text, for any text', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.string().map(percent),
      fc.string().map(hex),
      fc.constantFrom('\\u0041', '&#65;', ' at ', ' dot ', '\u200b', '\ud800'),
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        fc.nat(),
        fc.nat(),
        (text, left, right) => {
          for (const piece of decodeLayers(text).pieces) {
            const start = left % (piece.text.length + 1);
            const extent = extentIn(piece, start, Math.min(piece.text.length, start + right));
            expect(extent.start).toBeGreaterThanOrEqual(0);
            expect(extent.end).toBeGreaterThan(extent.start);
            expect(extent.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
