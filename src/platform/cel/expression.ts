import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { AppError, hint } from '../errors/index.ts';
import { evaluate } from './evaluate.ts';
import { CEL_LIMITS } from './limits.ts';
import { EvaluationFailure, LimitReached, UnknownTouched, UNKNOWN, type ScopeValue, type Unknown } from './values.ts';
import type { Json } from '../../kernel/json.ts';

/** Names an expression may start from. */
export const ROOTS = ['input', 'steps', 'item', 'index', 'run', 'agent'] as const;
export type Root = (typeof ROOTS)[number];
export type Scope = { readonly [name in Root]?: ScopeValue };

const parser = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: CEL_LIMITS.nodes,
    maxDepth: CEL_LIMITS.depth,
    maxListElements: CEL_LIMITS.listElements,
    maxMapEntries: CEL_LIMITS.listElements,
    maxCallArguments: CEL_LIMITS.callArguments,
  },
});

/** Functions and methods with the number of arguments each takes. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['json', 1],
  ['size', 1],
  ['string', 1],
  ['int', 1],
  ['double', 1],
  ['has', 1],
]);
const METHODS: ReadonlyMap<string, number> = new Map([
  ['size', 0],
  ['startsWith', 1],
  ['endsWith', 1],
  ['contains', 1],
  ['join', 1],
]);
export const MACROS = ['map', 'filter', 'exists', 'all'] as const;
const NAME_A_STEP = 'Write `steps.<name>.output`, or `steps["a-b"].output` when the name has a dash.';
const CALLABLE = [...FUNCTIONS.keys(), ...METHODS.keys(), ...MACROS];

/** An expression that passed the profile: total, bounded, and only over names that exist. */
export interface CompiledExpression {
  readonly source: string;
  readonly ast: ASTNode;
  readonly roots: ReadonlySet<Root>;
  /** Steps whose output it reads. */
  readonly steps: ReadonlySet<string>;
}

/** Parses one expression (without the braces) and checks it against the profile. Throws `expression_error`. */
export function compileExpression(text: string): CompiledExpression {
  const source = text.trim();
  if (source === '') throw failure(source, 0, 'it is empty', 'Write an expression, such as `${{ input.name }}`.');
  if (Buffer.byteLength(source) > CEL_LIMITS.textBytes)
    throw failure(source.slice(0, 60), 0, 'it is longer than 2 kB', 'Split it over several steps.');
  const ast = parse(source);
  const check = new ProfileCheck(source);
  check.visit(ast, new Set(), false);
  return { source, ast, roots: check.roots, steps: check.steps };
}

/** The value of an expression, or `UNKNOWN` when it touches one. Throws `expression_error` with position, cause and way out. */
export function evaluateExpression(expression: CompiledExpression, scope: Scope): Json | Unknown {
  try {
    return evaluate(expression.ast, scope);
  } catch (error) {
    if (error instanceof UnknownTouched) return UNKNOWN;
    if (error instanceof EvaluationFailure) throw failure(expression.source, error.position, error.message);
    if (error instanceof LimitReached)
      throw failure(expression.source, 0, error.message, 'Work on less data, or use a `data.transform` step.');
    if (error instanceof RangeError) throw failure(expression.source, 0, error.message);
    throw error;
  }
}

function parse(source: string): ASTNode {
  try {
    return parser.parse(source).ast;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const limit =
      error.code === 'limit_exceeded'
        ? 'Split it over several steps.'
        : 'Expressions are written in CEL, such as `input.rows.filter(r, r.total > 10)`.';
    throw failure(
      source,
      error.range?.start ?? 0,
      error.summary.replace(/^[A-Z]/, (first) => first.toLowerCase()),
      limit,
    );
  }
}

export function failure(source: string, position: number, cause: string, wayOut?: string): AppError {
  const message = `Expression \`${source}\` is wrong at character ${position + 1}: ${cause}.${wayOut === undefined ? '' : ` ${wayOut}`}`;
  return new AppError('expression_error', message, { expression: source, position });
}

/** Walks the tree once: only known names, functions and literals; macros are not nested; steps are named literally. */
class ProfileCheck {
  readonly roots = new Set<Root>();
  readonly steps = new Set<string>();
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  visit(node: ASTNode, locals: ReadonlySet<string>, inMacro: boolean): void {
    const visit = (child: ASTNode): void => this.visit(child, locals, inMacro);
    switch (node.op) {
      case 'value':
        if (typeof node.args === 'object' && node.args !== null)
          this.#refuse(node, 'bytes and unsigned numbers are not available', 'Use text and ordinary numbers.');
        return;
      case 'id':
        return this.#visitName(node, node.args, locals);
      case '.':
      case '[]':
        return this.#visitMember(node, locals, inMacro);
      case 'call':
        this.#checkCall(node, node.args[0], node.args[1].length, FUNCTIONS);
        if (node.args[0] === 'has' && node.args[1][0]?.op !== '.' && node.args[1][0]?.op !== '[]')
          this.#refuse(node, 'has() asks for a field', 'Write `has(input.name)`.');
        return node.args[1].forEach(visit);
      case 'rcall':
        return this.#visitMethod(node, locals, inMacro);
      case 'list':
        return node.args.forEach(visit);
      case 'map':
        return node.args.forEach((entry) => entry.forEach(visit));
      case '!_':
      case '-_':
        return visit(node.args);
      case '.?':
      case '[?]':
        return this.#refuse(node, 'optional fields are not available', 'Use `has(a.b) ? a.b : other`.');
      default:
        return node.args.forEach(visit);
    }
  }

  #visitName(node: ASTNode, name: string, locals: ReadonlySet<string>): void {
    if (locals.has(name)) return;
    const root = ROOTS.find((known) => known === name);
    if (root === undefined) return this.#refuse(node, `there is no \`${name}\``, hint(name, ROOTS));
    if (root === 'steps') return this.#refuse(node, 'steps cannot be used as a whole', NAME_A_STEP);
    this.roots.add(root);
  }

  /** `steps.<name>.output` is the only way into `steps`: so that what a step reads is known before it runs. */
  #visitMember(node: ASTNode & { op: '.' | '[]' }, locals: ReadonlySet<string>, inMacro: boolean): void {
    const [target, member] = node.args;
    if (target.op === 'id' && target.args === 'steps' && !locals.has('steps')) {
      return this.#refuse(node, 'a step has nothing but its output', NAME_A_STEP);
    }
    const step = toStepName(target);
    if (step !== undefined && !locals.has('steps')) {
      const field = typeof member === 'string' ? member : member.op === 'value' ? member.args : undefined;
      if (field !== 'output')
        this.#refuse(node, 'a step has nothing but its output', `Write \`${stepPath(step)}.output\`.`);
      this.roots.add('steps');
      this.steps.add(step);
      return;
    }
    this.visit(target, locals, inMacro);
    if (typeof member !== 'string') this.visit(member, locals, inMacro);
  }

  #visitMethod(node: ASTNode & { op: 'rcall' }, locals: ReadonlySet<string>, inMacro: boolean): void {
    const [name, receiver, args] = node.args;
    this.visit(receiver, locals, inMacro);
    if (!MACROS.some((macro) => macro === name)) {
      this.#checkCall(node, name, args.length, METHODS);
      return args.forEach((arg) => this.visit(arg, locals, inMacro));
    }
    const [variable, body] = args;
    if (variable?.op !== 'id' || body === undefined || args.length !== 2) {
      return this.#refuse(node, `${name}() takes a name and an expression`, `Write \`list.${name}(x, ...)\`.`);
    }
    if (inMacro)
      this.#refuse(
        node,
        `${name}() is inside another of ${MACROS.join(', ')}`,
        'Nest them by two steps, or use `data.transform`.',
      );
    if (ROOTS.some((root) => root === variable.args))
      this.#refuse(variable, `\`${variable.args}\` already means something`, 'Take another name.');
    this.visit(body, new Set([...locals, variable.args]), true);
  }

  #checkCall(node: ASTNode, name: string, count: number, known: ReadonlyMap<string, number>): void {
    const wanted = known.get(name);
    if (wanted === count) return;
    if (wanted !== undefined)
      this.#refuse(node, `${name}() takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${count}`);
    if (name === 'matches')
      this.#refuse(
        node,
        'matches() is not available',
        'Use contains(), startsWith() or endsWith(), or a `data.transform` step.',
      );
    this.#refuse(node, `there is no ${name}()`, hint(name, CALLABLE));
  }

  #refuse(node: ASTNode, cause: string, wayOut?: string): void {
    throw failure(this.#source, node.start, cause, wayOut);
  }
}

/** The name in `steps.<name>` or `steps["<name>"]`. */
function toStepName(node: ASTNode): string | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [target, member] = node.args;
  if (target.op !== 'id' || target.args !== 'steps') return undefined;
  if (typeof member === 'string') return member;
  return member.op === 'value' && typeof member.args === 'string' ? member.args : undefined;
}

/** How an expression writes the way to a step. */
export function stepPath(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `steps.${name}` : `steps[${JSON.stringify(name)}]`;
}
