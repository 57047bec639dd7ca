import type { Node } from './bash-tree.ts';

export const redirectsOf = (node: Node): Node[] => node.children.filter(({ field }) => field === 'redirect');

/** Also its descriptor where the grammar takes that for a word before it. */
export function redirectText({ start, end }: Node, script: string): string {
  const [descriptor = ''] = /(?<=^|\s)\d+$/.exec(script.slice(Math.max(0, start - 10), start)) ?? [];
  return descriptor + script.slice(start, end);
}

/** Where what is written comes out again. */
export const OWN_OUTPUT = /^\/(?:dev|proc\/self)\/(?:std|fd\/|tty$)/;

export const targetOf = ({ children }: Node): Node | undefined =>
  children.find(({ field }) => field === 'destination') ?? children.findLast(({ type }) => type.length > 3);

/** What a function runs, with the redirects behind it. */
export function bodyOf(definition: Node): Node {
  const body = definition.children.filter(({ field }) => field === 'body');
  return { ...definition, type: 'redirected_statement', children: [...body, ...redirectsOf(definition)] };
}

/** Of what several commands share by the grammar, a redirect is the last one's. */
const SHARED = new Set(['pipeline', 'list', 'negated_command']);
const TAKES_WORDS = new Set(['command', 'declaration_command', 'unset_command']);

/** A statement with redirects, as the shell reads it. */
export function settled(statement: Node): Node {
  const body = statement.children.find(({ field }) => field === 'body');
  if (!body) return statement;
  const redirects = redirectsOf(statement);
  const last = body.children.at(-1);
  if (!last || !SHARED.has(body.type))
    return { ...statement, children: [withArguments(body, redirects), ...redirects] };
  const atEnd: Node = { ...statement, children: [{ ...last, field: 'body' }, ...redirects] };
  return { ...body, children: [...body.children.slice(0, -1), atEnd] };
}

/** Words behind a redirect are arguments, which the grammar takes for more of its targets. */
function withArguments(body: Node, redirects: readonly Node[]): Node {
  const all = redirects.flatMap((redirect) => [redirect, ...redirectsOf(redirect)]);
  const behind = all.flatMap(({ children }) => [
    ...children.filter(({ field }) => field === 'argument'),
    ...children.filter(({ field }) => field === 'destination').slice(1),
  ]);
  // Not the descriptor in `<f 2>g`.
  const isWord = ({ type, end }: Node) => type !== 'number' || !all.some(({ start }) => start === end);
  const words = behind.filter(isWord).map((word): Node => ({ ...word, field: 'argument' }));
  const [first, ...others] = words;
  if (!first) return body;
  if (TAKES_WORDS.has(body.type)) return { ...body, children: [...body.children, ...words] };
  // `a=1 <<E ls`
  const command: Node = { ...body, type: 'command', children: [{ ...first, field: 'name' }, ...others] };
  return { ...body, type: 'program', children: [body, command] };
}
