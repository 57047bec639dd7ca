// The 200 pairs of letters that make up 92% of English words, and 30% of random letters.
const COMMON_PAIRS =
  'abacadagaialamanaparasatauavaybabebjblbobrbucacechcickclcocrctcudadddedidodrdsdueaecedeeefelemeneperesetevexfaf' +
  'efffifofrfugegiglgnguhahehihohrhthuiaibicidieifigiliminioipirisitivjejskekilaldlelilllolsltlulymambmemimmmompmu' +
  'nancndnengninonsntnuobocodolomonoooporosotouovowpapeplpoppprpsptqurarcrdrerirmrnrorrrsrtrurvrysascseshsisospsss' +
  'tsusytatctethtitotptrtstttutyubueuiulumunupurusutvaveviwhwiwoxaxtyp';

const COMMON = new Uint8Array(26 * 26);
for (let i = 0; i + 1 < COMMON_PAIRS.length; i += 2) {
  COMMON[(COMMON_PAIRS.charCodeAt(i) - 97) * 26 + COMMON_PAIRS.charCodeAt(i + 1) - 97] = 1;
}

/** Bits per character; of characters outside ASCII, those with the same last seven bits count as one. */
export function entropyOf(value: string): number {
  const counts = new Uint16Array(128);
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i) & 127;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** Whether its letters are those of words or names in code, whatever joins them. */
export function isWordy(value: string): boolean {
  let pairs = 0;
  let common = 0;
  let letters = 0;
  let before = -1;
  let wasLower = false;
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    const index = (code | 32) - 97;
    const isLetter = index >= 0 && index < 26;
    const startsWord = wasLower && code < 97;
    if (isLetter) letters += 1;
    if (isLetter && before >= 0 && !startsWord) {
      pairs += 1;
      common += COMMON[before * 26 + index] ?? 0;
    }
    before = isLetter ? index : -1;
    wasLower = isLetter && code >= 97;
  }
  if (pairs < 3 || letters * 2 < value.length) return false;
  return common / pairs >= (pairs < 8 ? 0.75 : 0.63);
}

const HEX = /^[0-9a-f-]{16,}$/i;

/** Whether nobody would type it: letters and digits that form no words, of enough variety for their number. */
export function looksRandom(value: string): boolean {
  if (value.length < 8 || /^[\d\s.,:+-]*$/.test(value)) return false;
  const entropy = entropyOf(value);
  if (HEX.test(value)) return entropy >= 2.5 && /\d/.test(value);
  if (entropy < Math.min(3.3, Math.log2(value.length) * 0.7) || isWordy(value)) return false;
  if (/\d/.test(value)) return /[a-z]/i.test(value);
  return value.length >= 16 && /[a-z]/.test(value) && /[A-Z]/.test(value);
}
