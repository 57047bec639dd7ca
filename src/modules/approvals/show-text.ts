/** Invisible or reordering: controls but line feed and tab, formats, separators of lines, unassigned, private, half characters, fillers. */
const HIDDEN =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800\p{Variation_Selector}]|(?! )\p{Zs}/u;
const HIDDEN_ALL = new RegExp(HIDDEN.source, 'gu');

/** What a channel, a page or a terminal might obey. */
const MARKUP = [
  /<[!@#][^>]{0,200}>?/,
  /<https?:[^>|]{0,2000}\|/i,
  /<\/?[a-z!][^>]{0,2000}>/i,
  /&(?:#\d+|#x[0-9a-f]+|lt|gt|amp|quot);/i,
  /```/,
  /(?:^|\s)([*~])\S[^*~\n]{0,200}\1(?:$|\s)/,
  /\[[^\]\n]{1,200}\]\([^)\n]{1,2000}\)/,
];

/** Words that answer for the person who is asked. */
const CLAIMS =
  /\b(?:already|pre-?|was|been|is)[\s-]{0,5}(?:been[\s-]{1,5})?(?:approved|authori[sz]ed|reviewed)\b|\bapproved by\b|\bno (?:further |more )?(?:review|approval|check)\b|\bsafe to approve\b|\b(?:ignore|disregard) (?:the |this |any |all |previous )/i;

/** A host that is not what it looks like: letters beyond ASCII, punycode, or a name before an `@`. */
const HOSTS = [/\bxn--/i, /\bhttps?:\/\/[^\s/?#]{0,300}[^\p{ASCII}\s]/iu, /\bhttps?:\/\/[^\s/?#]{0,300}@/i];
const LATIN = /\p{Script=Latin}/u;
const LOOK_ALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const WIDE = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/u;

/** Text with what cannot be seen made visible, as `[U+202E]`. */
export function showText(text: string): string {
  return text.replaceAll(HIDDEN_ALL, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `[U+${code}]`;
  });
}

/** Whether it may read otherwise than it is. Too much is better than too little: the page still shows it. */
export function isOdd(text: string): boolean {
  return (
    HIDDEN.test(text) ||
    MARKUP.some((pattern) => pattern.test(text)) ||
    CLAIMS.test(text) ||
    HOSTS.some((pattern) => pattern.test(text)) ||
    WIDE.test(text) ||
    hasMixedWord(text)
  );
}

function hasMixedWord(text: string): boolean {
  if (!LOOK_ALIKE.test(text)) return false;
  return (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).some((word) => LATIN.test(word) && LOOK_ALIKE.test(word));
}
