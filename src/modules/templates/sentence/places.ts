import { PATH, type Text } from './text.ts';
import { FOREIGN, verbs } from './words.ts';

/** A file, folder or pattern that the sentence names, and what it is named as. */
export interface Place {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'glob';
  /** Lower case, without the dot; empty for folders. */
  readonly extension: string;
  readonly role: 'input' | 'output';
  /** Where in the sentence. */
  readonly at: number;
}

const DET = '(?:(?:the|a|an|my|our|your|its|their|this|new|one|single|existing|of|all|each)\\s+)*';
const NOUN =
  '(?:(?:(?:data|csv|json|jsonl|json\\s+lines|xml|html|markdown|md|output|input|source|result|log|text)\\s+)*(?:file|folder|directory|spreadsheet|document|subfolder|path|page|report|table)\\s+)?(?:(?:called|named|at|in|located\\s+(?:in|at)|stored\\s+(?:in|at|as)|under)\\s+)?';
const LEAD = `(?:(?:\\b(?:to|into|onto|in|inside|within|from|of|on|at|as|under|out\\s+of|over|for|about|through|called|named|using|output|outside)\\s*:?\\s+)*${DET}${NOUN})`;
const SAVE = verbs('save|write|store|put|export|place|output|dump|deliver');
const TO = '(?:to|into|onto|as|named|called|output|result\\s+in|goes\\s+in)';

/** Takes all paths out of the sentence, with the words that say what each is for. */
export function takePlaces(text: Text): Place[] {
  const places: Place[] = [];
  for (const found of text.rest.matchAll(
    new RegExp(`(${PATH})(?:'s)?(?:\\s+(?:file|folder|directory|instead)(?![\\w-]))?`, 'giu'),
  )) {
    const before = text.rest.slice(Math.max(0, found.index - 200), found.index);
    const lead =
      new RegExp(`(?<![\\w-])(?<!\\b(?:with|contains?|containing|is|equals)\\s+)${LEAD}$`, 'iu').exec(before)?.[0] ??
      '';
    const from = found.index - lead.length;
    const mark = text.mark(found[1] ?? '');
    if (mark === undefined) continue;
    places.push({ ...toPlace(mark.value, mark.isFolder === true), role: toRole(before, lead), at: found.index });
    text.cut(from, found.index + found[0].length);
  }
  return places;
}

export function toPlace(written: string, isFolder = false): Pick<Place, 'path' | 'kind' | 'extension'> {
  const path = written.length > 1 ? written.replace(/[/\\]+$/, '') : written;
  if (/[*?]|\{.*\}/.test(path)) return { path, kind: 'glob', extension: extensionOf(path.replaceAll('*', 'x')) };
  const extension = extensionOf(path);
  if (isFolder || path !== written || extension === '') return { path, kind: 'folder', extension: '' };
  return { path, kind: 'file', extension };
}

export function extensionOf(path: string): string {
  return /[^./\\][^/\\]*\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

function toRole(before: string, lead: string): Place['role'] {
  if (new RegExp(`\\b${TO}\\s*:?\\s+${DET}${NOUN}$`, 'iu').test(before)) return 'output';
  const clause =
    before
      .slice(0, before.length - lead.length)
      .split(/[,;.:¦]|\band\b|\bthen\b/)
      .at(-1) ?? '';
  if (/\bfiles?\s*$/i.test(before.slice(0, before.length - lead.length))) return 'input';
  const isSaved = new RegExp(`\\b${SAVE}(?:\\s+(?!(?:from|of|for|where|about|on)\\b)[\\w'-]+){0,6}\\s*$`, 'iu').test(
    clause,
  );
  if (isSaved && /\b(?:in|at|under|inside|within)\s/i.test(lead)) return 'output';
  const isMade = new RegExp(`\\b${verbs('write|create|produce|generate|make|output')}\\s*$`, 'iu').test(clause);
  return isMade && !/\b(?:of|from|for|on|about|in|with)\s/i.test(lead) ? 'output' : 'input';
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : slash === 0 ? '/' : path.slice(0, slash);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?<=.)\.[A-Za-z0-9]+$/, '');
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function isForeign(extension: string): boolean {
  return FOREIGN.includes(extension);
}
