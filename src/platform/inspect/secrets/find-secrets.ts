import type { Span } from '../model.ts';
import { AnchorIndex, standsAt } from './anchors.ts';
import type { Anchor } from './anchors.ts';
import { readAssignment } from './assignments.ts';
import type { Assigned } from './assignments.ts';
import { NAME_ANCHORS, readName } from './names.ts';
import { PEM_ANCHOR, readBlock } from './pem.ts';
import type { SecretRule } from './rule.ts';
import { SECRET_RULES } from './secret-rules.ts';
import { isSuspect, MIN_SUSPECT, SUSPECTED } from './suspicion.ts';

interface Ranked extends Assigned {
  /** The smaller, the more specific. */
  readonly rank: number;
}

type Target = number | 'name' | 'block';
const BLOCK_RANK = -1;
const ASSIGNMENT_RANK = SECRET_RULES.length;
const SUSPECTED_RANK = ASSIGNMENT_RANK + 1;

const INDEX = new AnchorIndex<Target>();
SECRET_RULES.forEach(({ anchors, anyCase }, at) => anchors.forEach((anchor) => INDEX.add(anchor, anyCase, at)));
NAME_ANCHORS.split(' ').forEach((anchor) => INDEX.add(anchor, true, 'name'));
INDEX.add(PEM_ANCHOR, false, 'block');

/** Passwords, keys and tokens in a text, in order and apart from each other. The span is the value, without its name. */
export function findSecrets(text: string): Span[] {
  return new Scan(text).run();
}

class Scan {
  private readonly found: Ranked[] = [];
  private readonly publicBlocks: { start: number; end: number }[] = [];
  private readonly runs: { start: number; end: number }[] = [];
  /** Where each rule has read up to. */
  private readonly done = new Int32Array(SECRET_RULES.length);
  private nameEnd = 0;

  constructor(private readonly text: string) {}

  run(): Span[] {
    const { text } = this;
    let runStart = -1;
    let code = text.charCodeAt(0);
    for (let i = 0; i < text.length; i += 1) {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      const anchors = INDEX.at(code, next);
      for (let each = 0; each < anchors.length; each += 1) this.visit(anchors[each], i);
      if (isTokenCode(code)) {
        if (runStart < 0) runStart = i;
      } else if (runStart >= 0) {
        if (i - runStart >= MIN_SUSPECT) this.runs.push({ start: runStart, end: i });
        runStart = -1;
      }
      code = next;
    }
    if (runStart >= 0 && text.length - runStart >= MIN_SUSPECT) this.runs.push({ start: runStart, end: text.length });
    this.suspect();
    return merge(this.found);
  }

  private visit(anchor: Anchor<Target> | undefined, at: number): void {
    if (anchor === undefined || !standsAt(anchor, this.text, at)) return;
    for (const target of anchor.targets) {
      if (target === 'name') this.visitName(at);
      else if (target === 'block') this.visitBlock(at);
      else this.visitRule(target, at);
    }
  }

  private visitRule(rank: number, at: number): void {
    const rule = SECRET_RULES[rank];
    for (const back of rule?.back ?? []) {
      const start = at - back;
      if (rule === undefined || start < (this.done[rank] ?? 0) || !isFree(this.text, start, rule.border)) continue;
      const match = matchRule(rule, this.text, start);
      if (match === undefined) continue;
      this.done[rank] = match.end;
      this.found.push({ ...match, rank });
    }
  }

  private visitName(at: number): void {
    if (at < this.nameEnd) return;
    const name = readName(this.text, at);
    this.nameEnd = name.end;
    const assigned = readAssignment(this.text, name);
    if (assigned === undefined) return;
    this.nameEnd = Math.max(name.end, assigned.end);
    this.found.push({ ...assigned, rank: ASSIGNMENT_RANK });
  }

  private visitBlock(at: number): void {
    const block = readBlock(this.text, at);
    if (block?.secret !== undefined) this.found.push({ ...block.secret, rank: BLOCK_RANK });
    else if (block !== undefined) this.publicBlocks.push(block);
  }

  /** What is left that looks like a key, outside public blocks. */
  private suspect(): void {
    let block = 0;
    for (const { start, end } of this.runs) {
      while ((this.publicBlocks[block]?.end ?? Infinity) <= start) block += 1;
      if (start >= (this.publicBlocks[block]?.start ?? Infinity) || !isSuspect(this.text, start, end)) continue;
      this.found.push({ kind: SUSPECTED, start, end, confidence: 'low', rank: SUSPECTED_RANK });
    }
  }
}

function matchRule(rule: SecretRule, text: string, at: number): Assigned | undefined {
  rule.pattern.lastIndex = at;
  const match = rule.pattern.exec(text);
  if (match === null) return undefined;
  const value = match[2] ?? match[0];
  const start = at + (match[2] === undefined ? 0 : (match[1]?.length ?? 0));
  const end = start + value.length;
  const confidence = rule.judge({ text, start, end, value });
  return confidence && { kind: rule.id, start, end, confidence };
}

function isTokenCode(code: number): boolean {
  return isAlphanumeric(code) || code === 43 || code === 47 || code === 95 || code === 45;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Whether a key can begin here: not in the middle of a longer word, unless an escape such as `\n` or `%3D` ends there. */
function isFree(text: string, at: number, border: SecretRule['border']): boolean {
  if (at < 0) return false;
  if (at === 0 || border === 'none') return true;
  const before = text.charCodeAt(at - 1);
  if (border === 'token' && (before === 95 || before === 45)) return false;
  if (!isAlphanumeric(before)) return true;
  return /\\[nrtbf]$|\\u[0-9a-fA-F]{4}$|%[0-9A-Fa-f]{2}$/.test(text.slice(Math.max(0, at - 6), at));
}

/** Overlapping findings become one, named after the most specific. */
function merge(found: readonly Ranked[]): Span[] {
  const merged: Ranked[] = [];
  for (const each of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || each.start >= last.end) {
      merged.push(each);
      continue;
    }
    // What merely looks random around a key adds the address that the key stands in.
    if (each.rank === SUSPECTED_RANK || last.rank === SUSPECTED_RANK) {
      merged[merged.length - 1] = each.rank === SUSPECTED_RANK ? last : each;
      continue;
    }
    const best = each.rank < last.rank ? each : last;
    const confidence = last.confidence === 'high' ? 'high' : each.confidence;
    merged[merged.length - 1] = { ...best, start: last.start, end: Math.max(last.end, each.end), confidence };
  }
  return merged.map(({ start, end, kind, confidence }) => ({ start, end, class: 'credential', kind, confidence }));
}
