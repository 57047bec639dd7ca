import { isIP } from 'node:net';
import type { Confidence, Span } from '../model.ts';
import { PATTERNS } from './patterns.ts';
import { isNear, type Reading } from './reading.ts';
import { matchesIn, spanOf } from './span.ts';

/** Addresses that everybody has: loopback, unspecified, broadcast and masks. */
function isNobody(address: string): boolean {
  return /^(?:0\.|127\.|255\.|22[4-9]\.|23\d\.)/.test(address) || /^(?:::1?|ff[\da-f:]*)$/i.test(address);
}

function confidenceOf(address: string): Confidence {
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cde])/i.test(address)) return 'low';
  const parts = address.split('.').map(Number);
  return parts.length === 4 && parts.every((part) => part < 10) ? 'low' : 'high';
}

function findV6(reading: Reading): Span[] {
  const { text, colons } = reading;
  const spans: Span[] = [];
  let done = 0;
  for (const colon of colons) {
    if (colon < done) continue;
    let start = colon;
    while (start > done && colon - start < 4 && /[\da-f]/i.test(text.charAt(start - 1))) start--;
    let end = colon;
    while (end < text.length && end - start < 46 && /[\da-f:.]/i.test(text.charAt(end))) end++;
    done = end;
    while (end > start && /[.:]/.test(text.charAt(end - 1)) && text.slice(end - 2, end) !== '::') end--;
    const address = text.slice(start, end);
    const isAlone = !/[\w.]/.test(text.charAt(start - 1)) && !/\w/.test(text.charAt(end));
    if (!isAlone || !/[\da-f]{3}/i.test(address) || isIP(address) !== 6 || isNobody(address)) continue;
    spans.push(spanOf({ start, end }, 'ip_address', 'ipv6', confidenceOf(address)));
  }
  return spans;
}

export function findIpAddresses(reading: Reading): Span[] {
  const spans: Span[] = [];
  for (const zone of reading.zones) {
    for (const match of matchesIn(reading, zone, PATTERNS.ipv4)) {
      if (isIP(match.text) !== 4 || isNobody(match.text) || isNear(reading, ['version'], match, 6)) continue;
      spans.push(spanOf(match, 'ip_address', 'ipv4', confidenceOf(match.text)));
    }
  }
  return [...spans, ...findV6(reading)];
}
