export const REDACTED = '[redacted]';

const KEPT = 4;
/** Below this length the last four would be most of it. */
const SHORTEST = 8;
const MAX_TEXT = 1_000;
/** Entries of a list that a `truncate` leaves. */
export const TRUNCATED_LIST = 100;

/** Letters and digits as `*`, but for the last four of longer ones. */
export function maskText(text: string): string {
  const signs = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const hidden = signs < SHORTEST ? signs : signs - KEPT;
  let seen = 0;
  return text.replace(/[\p{L}\p{N}]/gu, (sign) => (seen++ < hidden ? '*' : sign));
}

/** A URL without user name and password; any other text as it is. */
export function stripUrl(text: string): string {
  const scheme = /^\s*[a-z][a-z0-9+.-]{0,30}:\/\//i.exec(text)?.[0];
  if (scheme === undefined) return text;
  const rest = text.slice(scheme.length);
  const authority = rest.slice(0, rest.search(/[/?#\\]|$/));
  return scheme + rest.slice(authority.lastIndexOf('@') + 1);
}

/** At most 1,000 characters, never half of one. */
export function truncateText(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
