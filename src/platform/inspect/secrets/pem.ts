import type { Assigned } from './assignments.ts';
import { isWordy } from './randomness.ts';

export const PEM_ANCHOR = '-----BEGIN ';
export const PRIVATE_KEYS = ['private_key', 'ssh_private_key', 'pgp_private_key', 'gcp_service_account'] as const;

/** A block of base64 between its two lines; a public one hides nothing, but its lines look random. */
export interface Block {
  readonly start: number;
  readonly end: number;
  readonly secret: Assigned | undefined;
}

const HEADER = /-----BEGIN ([A-Z0-9 ]{1,60})-----/y;
const FOOTER = /-----END [A-Z0-9 ]{1,60}-----/y;

/** The block that begins at a place; the lines may also be joined by `\n`, quoted or indented. */
export function readBlock(text: string, at: number): Block | undefined {
  HEADER.lastIndex = at;
  const header = HEADER.exec(text);
  if (header === null) return undefined;
  const from = HEADER.lastIndex;
  // The next block's own dashes end the search, so that many beginnings cost no more than their text.
  const dashes = text.indexOf('-----', from);
  const bodyEnd = dashes < 0 ? text.length : dashes;
  FOOTER.lastIndex = bodyEnd;
  const isClosed = FOOTER.test(text);
  const end = isClosed ? FOOTER.lastIndex : from + readOpenBody(text.slice(from, bodyEnd));
  const label = header[1] ?? '';
  const isPrivate = label.includes('PRIVATE KEY') && holdsKey(text.slice(from, isClosed ? bodyEnd : end), isClosed);
  if (!isPrivate) return { start: at, end, secret: undefined };
  return { start: at, end, secret: { kind: nameKind(text, at, end, label), start: at, end, confidence: 'high' } };
}

const OPEN_BODY = /^(?:[A-Za-z0-9+/=\s:,]|\\[nr])*/;

function readOpenBody(rest: string): number {
  return OPEN_BODY.exec(rest)?.[0].trimEnd().length ?? 0;
}

function holdsKey(body: string, isClosed: boolean): boolean {
  const lines = body.replace(/\\r|\\n/g, '\n').replace(/^[\w-]{1,40}: .*$/gm, '');
  if (/[(){}<>;$]/.test(lines)) return false;
  const runs = lines.match(isClosed ? /[A-Za-z0-9+/=]{16,}/g : /[A-Za-z0-9+/=]{40,}/g) ?? [];
  return runs.some((run) => !isWordy(run));
}

function nameKind(text: string, start: number, end: number, label: string): (typeof PRIVATE_KEYS)[number] {
  if (label.startsWith('OPENSSH')) return 'ssh_private_key';
  if (label.startsWith('PGP')) return 'pgp_private_key';
  const around = text.slice(Math.max(0, start - 300), start) + text.slice(end, end + 300);
  return /private_key_id|client_email|iam\.gserviceaccount/.test(around) ? 'gcp_service_account' : 'private_key';
}
