import { cutText } from '../../../kernel/json.ts';
import type { Rule, Severity } from '../../../kernel/policy/model.ts';
import { AppError } from '../../../platform/errors/index.ts';
import { MAX_QUORUM, parseRules } from '../rules.ts';
import { resolveAsides, resolveRemovals, splitClauses } from './clauses.ts';
import type { Context } from './inherit.ts';
import { interpret } from './interpret.ts';
import type { Item } from './item.ts';
import { isTransform, valuesOf, type Draft, type Facet, type Op } from './parts.ts';
import { toCondition, toSentence } from './render.ts';
import { scan, splitSentences } from './scan.ts';
import { nearest } from './nearest.ts';

export type PolicyDraft =
  | {
      readonly kind: 'draft';
      readonly name: string;
      readonly rules: readonly Rule[];
      /** One sentence for each rule; drafting from it gives the rule again. */
      readonly rendered: readonly string[];
      /** What was found in the description, and what it was taken for. */
      readonly understood: readonly string[];
      readonly notUnderstood: readonly string[];
    }
  | {
      readonly kind: 'nothing';
      readonly notUnderstood: readonly string[];
      /** Words of the vocabulary that are nearest to what was written. */
      readonly nearest: readonly string[];
    };

const MAX_LENGTH = 2_000;
const MAX_RULES = 50;

function toSeverity({ effect }: Draft): Severity {
  if (effect.isCritical === true) return 'critical';
  if (effect.kind === 'log') return effect.isWarning === true ? 'warning' : 'info';
  return effect.kind === 'allow' ? 'info' : 'high';
}

function toRuleName(sentence: string, taken: ReadonlySet<string>): string {
  const slug = sentence
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .split('-')
    .filter((word) => word !== '' && !['the', 'a', 'of', 'to', 'in', 'for', 'with', 'on'].includes(word))
    .slice(0, 7)
    .join('-')
    .slice(0, 60);
  let name = slug;
  for (let count = 2; taken.has(name); count++) name = `${slug}-${count}`;
  return name;
}

function toTransform({ effect, parts }: Draft): Pick<Rule, 'transform'> {
  if (!isTransform(effect)) return {};
  const kind = effect.kind as NonNullable<Rule['transform']>['kind'];
  const values = valuesOf(parts);
  const classes = [...new Set(values.flatMap((value) => value.classes ?? []))];
  const fields = [...new Set(values.flatMap((value) => value.fields ?? []))];
  return {
    transform: { kind, ...(classes.length > 0 ? { classes } : {}), ...(fields.length > 0 ? { fields } : {}) },
  };
}

function toApproval({ effect: { kind, quorum, groups } }: Draft): Pick<Rule, 'approval'> {
  if (kind !== 'require_approval' || (quorum === undefined && groups === undefined)) return {};
  return { approval: { ...(quorum === undefined ? {} : { quorum }), ...(groups === undefined ? {} : { groups }) } };
}

function toMessage({ effect }: Draft, sentence: string): string {
  const because = `because this policy says: ${sentence}`;
  if (effect.kind === 'deny') return `This is refused ${because}`;
  if (effect.kind === 'require_approval') return `This waits for approval ${because}`;
  if (effect.kind === 'log' || effect.kind === 'allow') return `This is noted ${because}`;
  return `The content is changed ${because}`;
}

const PLACES: readonly Facet[] = [
  'host',
  'recipient',
  'destination',
  'channel',
  'path',
  'storage',
  'table',
  'database',
];

/** What can be done in place of what is refused. */
const INSTEAD: Partial<Record<Op, string>> = {
  delete: 'Move it to an archive, or have a person delete it.',
  write: 'Write the change into a new place, and have a person take it over.',
  update: 'Write the change into a new place, and have a person take it over.',
  move: 'Copy it, and have a person remove the original.',
  send: 'Prepare it as a draft, and have a person send it.',
  run: 'Prepare the commands, and have a person run them.',
};

function toAlternative({ effect, parts, except }: Draft): Pick<Rule, 'alternative'> {
  if (effect.kind !== 'deny') return {};
  if (except.length > 0) return { alternative: 'Stay within the exceptions that the policy names.' };
  if (parts.has('rate')) return { alternative: 'Spread the actions over a longer time, or do several things in one.' };
  if (parts.has('data')) return { alternative: 'Leave these data out: ask only for the fields that are needed.' };
  if (parts.has('time')) return { alternative: 'Do it at another time.' };
  const place = PLACES.find((facet) => parts.has(facet));
  if (place !== undefined)
    return { alternative: 'Use another place or recipient, or ask who keeps this policy to name an exception.' };
  const verb = valuesOf(parts).find(({ op }) => op !== undefined)?.op;
  return {
    alternative:
      (verb === undefined ? undefined : INSTEAD[verb]) ??
      'Ask who keeps this policy to name an exception, or have a person do it.',
  };
}

function toRule(draft: Draft, sentence: string, taken: ReadonlySet<string>): Rule {
  const action = isTransform(draft.effect) ? 'transform' : (draft.effect.kind as Rule['action']);
  return {
    name: toRuleName(sentence, taken),
    description: sentence,
    condition: toCondition(draft),
    action,
    severity: toSeverity(draft),
    message: cutText(toMessage(draft, sentence), 1_000),
    ...toAlternative(draft),
    ...toTransform(draft),
    ...toApproval(draft),
  };
}

/** "Create a policy that blocks ..." is about what comes after. */
const PREAMBLE =
  /^ ?(?:please )?(?:create|make|add|write|define|set up) (?:a|an|the) (?:new )?(?:policy|rule) (?:that|which|to) /i;

/** "Block access to customer credit card data" is called "Block Access To Customer". */
export function toPolicyName(description: string): string {
  const said = description.replace(PREAMBLE, '');
  const words = said.match(/[\p{L}\p{N}][\p{L}\p{N}'._-]*/gu) ?? [];
  const name = words
    .slice(0, 4)
    .map((word) => word.replace(/[._'-]+$/, ''))
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(' ');
  return cutText(name, 100);
}

function explain(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'value') return [`"${item.source}": ${item.value.text}`];
    if (item.kind === 'effect') return [`"${item.source}": ${item.effect.kind.replace('_', ' ')}`];
    return [];
  });
}

interface Reading {
  readonly drafts: readonly Draft[];
  readonly understood: readonly string[];
  readonly notUnderstood: readonly string[];
}

function readSentence(sentence: string, before: Context): Reading & { context: Context } {
  const items = resolveRemovals(resolveAsides(scan(sentence)));
  let context = before;
  let drafts: Draft[] = [];
  const notUnderstood: string[] = [];
  for (const clause of splitClauses(items)) {
    const read = interpret(clause, context);
    const isBeyond = clause.some((item) => item.kind === 'mark' && item.mark === 'beyond');
    if (isBeyond && read.drafts.length > 0) drafts = drafts.filter((draft) => !context.drafts.includes(draft));
    drafts.push(...read.drafts);
    notUnderstood.push(...read.notUnderstood);
    context = { segments: read.segments, drafts: read.drafts };
  }
  return { drafts, understood: explain(items), notUnderstood, context };
}

/** What a rule cannot be, though it can be said: more approvers, fields or conditions than one may hold. */
function findLimit(rule: Rule): string | undefined {
  try {
    parseRules([rule]);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
    if (error.details?.['path'] === 'rules[0].approval.quorum') return `approval is asked of 1 to ${MAX_QUORUM} people`;
    return error.message.replace('rules[0].', '').replace(/\.$/, '');
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${cutText(text, 120)}…` : text;
}

function toRules(drafts: readonly Draft[]): { rules: Rule[]; rendered: string[]; refused: string[] } {
  const rules: Rule[] = [];
  const rendered: string[] = [];
  const refused: string[] = [];
  const taken = new Set<string>();
  for (const draft of drafts) {
    const sentence = toSentence(draft);
    if (rendered.includes(sentence)) continue;
    const rule = toRule(draft, sentence, taken);
    const limit = rules.length === MAX_RULES ? `a policy has at most ${MAX_RULES} rules` : findLimit(rule);
    if (limit !== undefined) {
      refused.push(`${shorten(sentence)} (${limit})`);
      continue;
    }
    taken.add(rule.name);
    rules.push(rule);
    rendered.push(sentence);
  }
  return { rules, rendered, refused };
}

/** Rules from a description in plain words, by a fixed grammar: the same words always give the same rules. */
export function draftPolicy(description: string): PolicyDraft {
  const text = cutText(description, MAX_LENGTH);
  const rest = description.slice(text.length).trim();
  const drafts: Draft[] = [];
  const understood: string[] = [];
  const notUnderstood: string[] = [];
  let context: Context = { segments: [], drafts: [] };
  for (const sentence of splitSentences(text)) {
    const reading = readSentence(sentence, context);
    context = reading.context;
    drafts.push(...reading.drafts);
    understood.push(...reading.understood);
    notUnderstood.push(...reading.notUnderstood);
  }
  if (rest !== '') notUnderstood.push(`${cutText(rest, 60)}…`);
  const { rules, rendered, refused } = toRules(drafts);
  notUnderstood.push(...refused);
  if (rules.length === 0)
    return { kind: 'nothing', notUnderstood: [...new Set(notUnderstood)], nearest: nearest(text) };
  return {
    kind: 'draft',
    name: toPolicyName(description),
    rules,
    rendered,
    understood: [...new Set(understood)],
    notUnderstood: [...new Set(notUnderstood)],
  };
}
