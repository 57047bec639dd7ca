/** Letters and digits that look like ASCII ones and that NFKC leaves alone: the ASCII character, then its doubles. */
const DOUBLES = [
  'aаαɑ',
  'bƄЬ',
  'cсϲⅽ',
  'dԁɗ',
  'eеҽ℮',
  'gɡց',
  'hһհ',
  'iіıɩι',
  'jјϳ',
  'kкκ',
  'lӏⅼ',
  'mм',
  'nոռη',
  'oоοօ',
  'pрρ',
  'qԛզ',
  'rгᴦ',
  'sѕ',
  'tтτ',
  'uυսʋ',
  'vνѵ',
  'wԝաѡ',
  'xхχ',
  'yуγү',
  'zᴢ',
  'AАΑ',
  'BВΒ',
  'CСϹ',
  'EЕΕ',
  'GԌ',
  'HНΗ',
  'IІΙӀ',
  'JЈ',
  'KКΚ',
  'LԼ',
  'MМΜ',
  'NΝ',
  'OОΟՕ',
  'PРΡ',
  'SЅՏ',
  'TТΤ',
  'UՍ',
  'VѴ',
  'WԜ',
  'XХΧ',
  'YҮΥ',
  'ZΖ',
  '3ЗӠ',
  '4Ч',
  '6б',
  '-‐‑‒–—―−',
  '.·․。•∙',
  '@﹫',
  '/⁄∕',
  ':∶ː',
  '_‿',
];
const FOLDED = new Map(
  DOUBLES.flatMap(([ascii = '', ...doubles]) =>
    doubles.map((each): [number, string] => [each.codePointAt(0) ?? 0, ascii]),
  ),
);

/** Where each block of ten decimal digits beyond ASCII starts: Arabic, Persian, Devanagari, Bengali and the like. */
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
  0x17e0, 0x1810,
];

/** Nothing to see: zero-width, direction marks, soft hyphens, variation selectors, tags, combining marks, control characters. */
const UNSEEN = /^(?:[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]|[^\P{Cc}\t\n\r])$/u;
const MAX_FOLDED = 4;
const MAX_KNOWN = 20_000;

/** What a character beyond ASCII reads as; itself when it stands for nothing else. */
export function foldCharacter(code: number): string {
  const known = FOLDED.get(code);
  if (known !== undefined) return known;
  const folded = fold(code);
  if (FOLDED.size < MAX_KNOWN) FOLDED.set(code, folded);
  return folded;
}

function fold(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return String.fromCharCode(code);
  const text = String.fromCodePoint(code);
  if (UNSEEN.test(text)) return '';
  const zero = ZEROS.find((each) => code >= each && code < each + 10);
  if (zero !== undefined) return String(code - zero);
  const plain = text.normalize('NFKC');
  if (plain === text || plain.length > MAX_FOLDED) return text;
  return [...plain].map((each) => FOLDED.get(each.codePointAt(0) ?? 0) ?? each).join('');
}
