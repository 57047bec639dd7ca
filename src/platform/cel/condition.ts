import { Environment, EvaluationError, ParseError, TypeError as CheckError, type ASTNode } from '@marcbachmann/cel-js';
import { RE2JS, RE2JSException } from 're2js';
import type { Facts } from '../../kernel/policy/facts.ts';
import { ATTRIBUTES, type Attribute } from '../../kernel/policy/vocabulary.ts';
import { CEL_LIMITS } from './limits.ts';
import { findOutsideProfile, toChoice, toProblem, type LanguageProblem } from './profile.ts';

export type ConditionNode = ASTNode;

/** A checked condition. `matches` throws when it has no answer: an overflow, a text too long for a pattern, wrong facts. */
export interface Condition {
  readonly kind: 'condition';
  readonly ast: ConditionNode;
  /** Attributes that it looks at. */
  readonly attributes: readonly string[];
  readonly matches: (facts: Facts) => boolean;
}

type Context = Record<string, unknown>;

/** One record type of the language: `file.*`, say. Its class is how the engine knows values of it again. */
interface Group {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly Record: new () => Context;
  /** Values already converted: a decision takes most of its facts over from the facts before. */
  readonly known: WeakMap<object, Context>;
}

interface Language {
  readonly environment: Environment;
  readonly groups: readonly Group[];
  readonly names: readonly string[];
}

const SINGLES = ATTRIBUTES.filter(({ name }) => !name.includes('.'));
let language: Language | undefined;

function toGroups(): Group[] {
  const names = new Set(
    ATTRIBUTES.filter(({ name }) => name.includes('.')).map(({ name }) => name.split('.', 1).join()),
  );
  return [...names].map((name) => ({
    name,
    attributes: ATTRIBUTES.filter((attribute) => attribute.name.startsWith(`${name}.`)),
    Record: class {
      readonly [field: string]: unknown;
    },
    known: new WeakMap(),
  }));
}

function toField(attribute: Attribute): string {
  return attribute.name.slice(attribute.name.indexOf('.') + 1);
}

/** Made on first use: importing this file costs nothing but the engine itself. */
function getLanguage(): Language {
  if (language !== undefined) return language;
  const { nodes, depth, listElements, callArguments } = CEL_LIMITS;
  const environment = new Environment({
    limits: {
      maxAstNodes: nodes,
      maxDepth: depth,
      maxListElements: listElements,
      maxMapEntries: listElements,
      maxCallArguments: callArguments,
    },
  });
  const groups = toGroups();
  for (const { name, attributes, Record } of groups) {
    const fields = Object.fromEntries(attributes.map((attribute) => [toField(attribute), attribute.type]));
    environment.registerType(`facts.${name}`, { ctor: Record, fields });
    environment.registerVariable(name, `facts.${name}`);
  }
  for (const { name, type } of SINGLES) environment.registerVariable(name, type);
  environment.registerFunction('re(ast, ast): bool', toPatternMacro);
  language = { environment, groups, names: [...groups.map(({ name }) => name), ...SINGLES.map(({ name }) => name)] };
  return language;
}

interface Checker {
  check(node: ASTNode, context: unknown): { readonly name: string };
  getType(name: string): unknown;
  createError(code: string, message: string, node: ASTNode): Error;
}
interface Runner {
  run(node: ASTNode, context: unknown): unknown;
}

/** Runs when a condition is parsed, so that the pattern is compiled once, by an engine whose time is linear. */
function toPatternMacro({ args }: { args: [ASTNode, ASTNode] }): object {
  const [text, pattern] = args;
  const compiled =
    pattern.op === 'value' && typeof pattern.args === 'string' ? compilePattern(pattern.args, pattern) : undefined;
  return {
    async: false,
    typeCheck(checker: Checker, _macro: unknown, context: unknown) {
      const type = checker.check(text, context);
      if (type.name !== 'string')
        throw checker.createError('pattern_text', `\`re\` needs a text, not ${type.name}`, text);
      return checker.getType('bool');
    },
    evaluate(runner: Runner, _macro: unknown, context: unknown) {
      const value = runner.run(text, context);
      if (typeof value !== 'string' || compiled === undefined) throw new TypeError('`re` needs a text and a pattern');
      // A part of a text proves nothing about the whole: better no answer than one that padding can change.
      if (value.length > CEL_LIMITS.patternInput)
        throw new RangeError(`\`re\` was given a text longer than ${CEL_LIMITS.patternInput} characters`);
      return compiled.matcher(value).find();
    },
  };
}

class PatternError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

function compilePattern(pattern: string, node: ASTNode): RE2JS {
  const compiled = tryCompile(pattern, node);
  if (compiled.programSize() <= CEL_LIMITS.patternSize) return compiled;
  const problem = `the pattern becomes ${compiled.programSize()} instructions, of ${CEL_LIMITS.patternSize} allowed`;
  throw new PatternError(`${problem}: use smaller repetition counts, or several patterns`, node.start);
}

function tryCompile(pattern: string, node: ASTNode): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new PatternError(`the pattern is not valid RE2 syntax (${error.message})`, node.start);
  }
}

function toValue({ name, type }: Attribute, value: unknown): unknown {
  if (type === 'int' && typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (type === 'bool' && typeof value === 'boolean') return value;
  if (type === 'string' && typeof value === 'string') return value;
  if (type === 'list<string>' && Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError(`the fact \`${name}\` is not of type ${type}`);
}

const contexts = new WeakMap<Facts, Context>();

/** All rules of a decision look at the same facts: they are checked and converted once. */
function toContext(facts: Facts): Context {
  const known = contexts.get(facts);
  if (known !== undefined) return known;
  const source: { readonly [key: string]: unknown } = { ...facts };
  const context: Context = {};
  for (const group of getLanguage().groups) context[group.name] = toRecord(group, source[group.name]);
  for (const attribute of SINGLES) context[attribute.name] = toValue(attribute, source[attribute.name]);
  contexts.set(facts, context);
  return context;
}

function toRecord({ name, attributes, Record, known }: Group, facts: unknown): Context {
  if (typeof facts !== 'object' || facts === null) throw new TypeError(`the facts \`${name}\` are missing`);
  const before = known.get(facts);
  if (before !== undefined) return before;
  const record = new Record();
  for (const attribute of attributes) {
    const field = toField(attribute);
    const value = Object.hasOwn(facts, field) ? (facts as Context)[field] : undefined;
    record[field] = toValue(attribute, value);
  }
  known.set(facts, record);
  return record;
}

/** Checks a condition against the profile and the vocabulary, and makes it a function; or says what is wrong and where. */
export function compileCondition(text: string): Condition | LanguageProblem {
  if (Buffer.byteLength(text) > CEL_LIMITS.textBytes) {
    return toProblem(0, `the condition is longer than ${CEL_LIMITS.textBytes} bytes: split it into several rules`);
  }
  try {
    return toCondition(text);
  } catch (error) {
    if (error instanceof PatternError) return toProblem(error.position, error.message);
    if (error instanceof ParseError || error instanceof CheckError || error instanceof EvaluationError) {
      return toProblem(error.range?.start ?? 0, toExplanation(text, error));
    }
    throw error;
  }
}

function toCondition(text: string): Condition | LanguageProblem {
  const { environment, names } = getLanguage();
  const parsed = environment.parse(text);
  const outside = findOutsideProfile(parsed.ast, names);
  if (outside !== undefined) return outside;
  const { valid, type, error } = parsed.check();
  if (!valid)
    return toProblem(
      error?.range?.start ?? 0,
      error === undefined ? 'the types do not fit' : toExplanation(text, error),
    );
  if (type !== 'bool')
    return toProblem(
      0,
      `a condition is true or false, and this one is of type ${type ?? 'unknown'}: compare it with a value`,
    );
  const mentioned = findMentioned(parsed.ast);
  return {
    kind: 'condition',
    ast: parsed.ast,
    attributes: ATTRIBUTES.filter(({ name }) => mentioned.has(name)).map(({ name }) => name),
    matches(facts) {
      const result: unknown = parsed(toContext(facts));
      if (typeof result !== 'boolean') throw new TypeError('the condition gave neither true nor false');
      return result;
    },
  };
}

/** Names of attributes that an expression may look at: those that stand alone, and fields with what they are fields of. */
function findMentioned(node: ASTNode, names = new Set<string>()): Set<string> {
  if (node.op === 'id') names.add(node.args);
  else if (node.op === '.') {
    const [object, key] = node.args;
    if (object.op === 'id') names.add(`${object.args}.${String(key)}`);
    else findMentioned(object, names);
  } else for (const part of toParts(node)) findMentioned(part, names);
  return names;
}

function toParts({ args }: ASTNode): ASTNode[] {
  const all: unknown[] = Array.isArray(args) ? (args as unknown[]).flat() : [args];
  return all.filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part);
}

function toExplanation(text: string, error: ParseError | CheckError | EvaluationError): string {
  const start = error.range?.start ?? 0;
  if (error.code === 'no_such_key') return explainField(text, start, error.summary);
  if (error.code === 'limit_exceeded')
    return `the condition is too large (${error.summary}): split it into several rules`;
  if (text[start] === '=' && text[start + 1] !== '=') return 'a single `=` compares nothing: write `==`';
  return `${error.summary.charAt(0).toLowerCase()}${error.summary.slice(1)}`;
}

function explainField(text: string, start: number, summary: string): string {
  const group = /([A-Za-z]+)\.$/.exec(text.slice(0, start))?.[1] ?? '';
  const field = /^\w*/.exec(text.slice(start))?.[0] ?? '';
  const valid = ATTRIBUTES.filter(({ name }) => name.startsWith(`${group}.`)).map(({ name }) => name);
  if (valid.length === 0) return summary;
  return `there is no \`${group}.${field}\`: ${toChoice(`${group}.${field}`, valid)}`;
}
