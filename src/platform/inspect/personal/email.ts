import type { Span } from '../model.ts';
import type { Reading } from './reading.ts';
import { spanOf } from './span.ts';

const LOCAL = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+'-!#$&*/=?^`{|}~");
const EDGES = new Set("._%'!#$&*/=?^`{|}~");
const FILE_ENDINGS = new Set(
  'png|jpg|jpeg|gif|svg|webp|ico|js|ts|css|json|md|html|txt|pdf|zip|tgz|yaml|yml|lock|py|rb|go'.split('|'),
);

function isHostChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 46 ||
    (code >= 0xc0 && code < 0x2000)
  );
}

function startOf(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < 64 && LOCAL.has(text.charAt(start - 1))) start--;
  while (start < at && EDGES.has(text.charAt(start))) start++;
  return start;
}

function endOf(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && end - at < 255 && isHostChar(text.charCodeAt(end))) end++;
  while (end > at + 1 && (text.charAt(end - 1) === '.' || text.charAt(end - 1) === '-')) end--;
  return end;
}

function isHost(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || labels.some((label) => label === '' || label.startsWith('-') || label.length > 63))
    return false;
  return last.length >= 2 && !/\d/.test(last.replace(/^xn--.*/, '')) && !FILE_ENDINGS.has(last.toLowerCase());
}

/** `https://user:word@host` and `git@host:path` name machines. */
function isLogin(text: string, start: number, at: number, end: number): boolean {
  const ahead = text.slice(Math.max(0, start - 80), start);
  const scheme = ahead.lastIndexOf('://');
  if (scheme >= 0 && !/[\s"'<>,]/.test(ahead.slice(scheme))) return true;
  return text.slice(start, at) === 'git' && (text.charAt(end) === ':' || text.charAt(end) === '/');
}

export function findEmails(reading: Reading): Span[] {
  const { text } = reading;
  const spans: Span[] = [];
  for (const at of reading.ats) {
    const start = startOf(text, at);
    if (start === at || text.charAt(at - 1) === '.') continue;
    const end = endOf(text, at);
    if (!isHost(text.slice(at + 1, end)) || isLogin(text, start, at, end)) continue;
    spans.push(spanOf({ start, end }, 'email', 'email', 'high'));
  }
  return spans;
}
