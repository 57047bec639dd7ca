/** A run of base64 or hex in a text that holds something. Without `text` it is binary, compressed or encrypted. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

const MIN_RUN = 12;
/** Bytes from which on something unprintable is content and not a key, a hash or a signature. */
const MIN_BINARY = 192;
const PROBE = 16;
const RUN = new Uint8Array(128);
for (const each of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') RUN[each.charCodeAt(0)] = 1;

/** First bytes of formats that hold other content: zip, gzip, pdf, images, 7z, rar, xz, bzip2, zstd, OpenSSL, age, sqlite, ELF, OLE, media. */
const MAGIC =
  /^(?:504b0[357]|1f8b|25504446|89504e47|ffd8ff|47494638|377abcaf|52617221|fd377a58|425a68|28b52ffd|53616c7465645f5f|6167652d656e63|53514c697465|7f454c46|d0cf11e0|4f676753|494433|52494646)/;
/** The same for formats that start with plain text. */
const OPAQUE = /^(?:%PDF-|Salted__|age-encryption\.org\/|SQLite format )/;
const ARMOUR =
  /-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE|ENCRYPTED MESSAGE|PKCS7|CMS)-----|\$ANSIBLE_VAULT;\d|age-encryption\.org\/v1/;
/** Keys and certificates are no hidden content. */
const KEY_AHEAD = /(?:-----BEGIN [A-Z0-9 ]{1,40}-----\s{0,2}|ssh-[a-z\d]{3,7} |ecdsa-[a-z\d-]{4,24} )$/;
const UNPRINTABLE = /[^\P{Cc}\t\n\r]|\ufffd/u;
const HEX = /^(?:0x)?(?:[\da-f]{2}){8,}$/i;

function isEncodable(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && RUN[code] === 1;
}

/** The end of a run, which may go on after a line break when its lines are long. */
function endOfRun(text: string, start: number): number {
  let end = start;
  let line = start;
  for (;;) {
    while (end < text.length && isEncodable(text, end)) end++;
    const next = text.startsWith('\r\n', end) ? end + 2 : end + 1;
    const isBroken = end - line >= 48 && (text.charAt(end) === '\n' || next === end + 2) && isEncodable(text, next);
    if (!isBroken) return end;
    line = end = next;
  }
}

function isText(text: string): boolean {
  return text.length > 0 && !UNPRINTABLE.test(text);
}

/** Bytes as text: UTF-8, or UTF-16 where every second byte is zero. */
function toText(bytes: Buffer): string | undefined {
  if (bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0) {
    const wide = bytes.toString('utf16le');
    return isText(wide) ? wide : undefined;
  }
  const text = bytes.toString('utf8');
  return isText(text) ? text : undefined;
}

/** Whether the first bytes could be text, so that the rest is worth decoding. */
function looksLikeText(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length && at < PROBE - 4; at++) {
    const byte = bytes[at] ?? 0;
    const isWideZero = byte === 0 && at % 2 === 1;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && !isWideZero) return false;
    if (byte === 127 || byte === 0xc0 || byte === 0xc1 || byte > 0xf4) return false;
  }
  return true;
}

function decodeRun(run: string, encoding: 'base64' | 'hex'): string | undefined {
  const compact = encoding === 'hex' ? run.replace(/^0x/i, '') : run.replace(/[\r\n]+/g, '');
  if (!looksLikeText(Buffer.from(compact.slice(0, encoding === 'hex' ? 2 * PROBE : 24), encoding))) return undefined;
  return toText(Buffer.from(compact, encoding));
}

function isBinary(text: string, start: number, run: string): boolean {
  const bytes = Buffer.from(run.replace(/[\r\n]+/g, ''), 'base64');
  if (bytes.length < PROBE) return false;
  if (MAGIC.test(bytes.subarray(0, 16).toString('hex'))) return true;
  if (bytes.length < MIN_BINARY || !/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  return !KEY_AHEAD.test(text.slice(Math.max(0, start - 80), start)) && !isSignature(text, start);
}

/** The last part of a JSON web token. */
function isSignature(text: string, start: number): boolean {
  let from = start;
  while (from > 0 && start - from < 2048 && (text.charAt(from - 1) === '.' || isEncodable(text, from - 1))) from--;
  return from < start && text.startsWith('eyJ', from);
}

function readRun(text: string, start: number, end: number): Block | undefined {
  const run = text.slice(start, end);
  if (HEX.test(run)) {
    const decoded = decodeRun(run, 'hex');
    if (decoded !== undefined) return { start, end, text: decoded };
    if (MAGIC.test(run.replace(/^0x/i, '').toLowerCase())) return { start, end };
  }
  const decoded = decodeRun(run, 'base64');
  if (decoded !== undefined) return OPAQUE.test(decoded) ? { start, end } : { start, end, text: decoded };
  return isBinary(text, start, run) ? { start, end } : undefined;
}

/** The parts of a run between slashes, dashes and underscores: a path may end in something encoded. */
function readParts(text: string, start: number, end: number): Block[] {
  const blocks: Block[] = [];
  for (let from = start, at = start; at <= end; at++) {
    if (at < end && !'/-_+'.includes(text.charAt(at))) continue;
    if (at - from >= MIN_RUN && at - from < end - start) {
      const block = readRun(text, from, at);
      if (block !== undefined) blocks.push(block);
    }
    from = at + 1;
  }
  return blocks;
}

export function findBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  if (ARMOUR.test(text)) blocks.push({ start: 0, end: text.length });
  for (let at = 0; at < text.length; at++) {
    if (!isEncodable(text, at)) continue;
    const end = endOfRun(text, at);
    if (end - at >= MIN_RUN) {
      const padded = text.startsWith('==', end) ? end + 2 : text.charAt(end) === '=' ? end + 1 : end;
      const block = readRun(text, at, end);
      if (block === undefined) blocks.push(...readParts(text, at, end));
      else blocks.push({ ...block, end: padded });
    }
    at = end;
  }
  return blocks;
}

const GARBLED = /[^\P{Cc}\t\n\v\f\r]|\ufffd/gu;

/** Whether a text is bytes that were never text. */
export function isBinaryText(text: string): boolean {
  if (text.length < PROBE) return false;
  if (OPAQUE.test(text)) return true;
  const sample = text.slice(0, 4096);
  return (sample.match(GARBLED)?.length ?? 0) > sample.length / 20;
}
