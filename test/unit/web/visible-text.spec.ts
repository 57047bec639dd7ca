import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countDisguises, type Disguise, toEscape, toPieces } from '../../../web/src/visible-text.ts';

const disguised = (text: string): string[] =>
  toPieces(text).flatMap(({ text: shown, disguise }) => (disguise === undefined ? [] : [toEscape(shown)]));

describe('text that people judge', () => {
  it('loses no character, whatever it is made of', () => {
    const part = fc.oneof(
      fc.constantFrom('a', 'а', '\u202e', '\u200b', '\r', '\n', '👩', '\ud800'),
      fc.string({ unit: 'binary' }),
    );
    const text = fc.array(part).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        text,
        (each) =>
          toPieces(each)
            .map((piece) => piece.text)
            .join('') === each,
      ),
    );
  });

  it.each<[string, string, Disguise]>([
    ['turned around', 'invoice\u202egpj.exe', 'direction'],
    ['isolated', 'a\u2066b\u2069', 'direction'],
    ['a space without width', 'pay\u200bpal', 'unseen'],
    ['a soft hyphen', 'DRO\u00adP', 'unseen'],
    ['letters of the tag block', 'hi\u{e0041}\u{e0042}', 'unseen'],
    ['a variation selector that changes no picture', 'a\ufe01b', 'unseen'],
    ['a filler that is drawn as nothing', 'a\u3164b', 'unseen'],
    ['a stroke through a letter', 'safe\u0336', 'unseen'],
    ['marks piled up', 'a\u0300\u0301\u0302\u0303', 'unseen'],
    ['terminal control', '\u001b[2K', 'control'],
    ['a carriage return that hides what came before', 'rm -rf /\rls', 'control'],
    ['a blank that no search finds', 'DROP\u00a0TABLE', 'space'],
    ['a line end that is none to a parser', 'a\u2028b', 'space'],
    ['a private sign', 'a\ue000b', 'unknown'],
    ['half a character', 'a\ud800b', 'unknown'],
    ['a Cyrillic letter in a Latin word', 'p\u0430ypal.com', 'look-alike'],
    ['a word that only poses as Latin', '\u0430\u0440\u0440\u04cf\u0435.com', 'look-alike'],
    ['full-width letters', '\uff41dmin', 'look-alike'],
    ['a slash that is none', 'evil.com\u2215path', 'look-alike'],
  ])('shows %s by its code point', (_, text, disguise) => {
    expect(countDisguises([text]).get(disguise)).toBeGreaterThan(0);
    const plain = toPieces(text).filter((piece) => piece.disguise === undefined);
    const hidden = ['\u202e', '\u200b', '\u{e0041}', '\u001b', '\r', '\u00a0', '\u0430'];
    expect(hidden.filter((each) => plain.some((piece) => piece.text.includes(each)))).toEqual([]);
  });

  it.each([
    ['German', 'Größe: ändern Sie „Straße“ – jetzt … 5 €'],
    ['French', "L'été à Nîmes, garçon"],
    ['Russian', 'Отправить рот и торт всем клиентам'],
    ['Greek', 'Αποστολή αναφοράς στον πελάτη'],
    ['Japanese', '報告書を送る。カタカナ'],
    ['Arabic', 'إرسال التقرير'],
    ['Hindi', 'रिपोर्ट भेजें'],
    ['emoji', '👩‍💻 ❤️ 🇨🇭 👍🏽'],
    ['Windows line ends', 'a\r\nb\r\n'],
    ['code', "SELECT * FROM t WHERE a <> 'b';\n\tEND"],
  ])('leaves %s as it is', (_, text) => {
    expect(disguised(text)).toEqual([]);
  });

  it('writes code points as programmers do', () => {
    expect(['\u202e', '\u{e0041}', '\u0007'].map(toEscape)).toEqual(['\\u202E', '\\u{E0041}', '\\u0007']);
  });

  it('stays linear in the length of what it looks at', () => {
    const time = (length: number): number => {
      const text = 'p\u0430y '.repeat(length);
      const start = process.cpuUsage().user;
      for (let i = 0; i < 5; i++) toPieces(text);
      return process.cpuUsage().user - start;
    };
    time(20_000);
    const [one, four] = [time(20_000), time(80_000)];
    expect(four / one).toBeLessThan(10);
  });
});
