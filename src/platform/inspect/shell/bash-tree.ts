import type { Node as SyntaxNode, Parser, TreeCursor } from 'web-tree-sitter';
import { weigh } from './lexer.ts';
import { locateWasm } from './locate-wasm.ts';

/** A node of the syntax tree, copied out of the parser's memory. */
export interface Node {
  readonly type: string;
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: Node[];
}

export interface Tree {
  readonly root: Node;
  readonly hasError: boolean;
}

const MAX_DEPTH = 150;
/** The parser's time and memory grow with the square of what one broken statement holds. */
export const MAX_WEIGHT = 1500;

/** Turns a script into a tree; undefined for what would cost the parser too much. */
export type ParseBash = (script: string) => Tree | undefined;

let loading: Promise<ParseBash> | undefined;
export const loadBash = (): Promise<ParseBash> => (loading ??= load());

async function load(): Promise<ParseBash> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init({ locateFile: () => locateWasm('web-tree-sitter.wasm') });
  const parser = new Parser().setLanguage(await Language.load(locateWasm('tree-sitter-bash.wasm')));
  return (script) => (weigh(script) > MAX_WEIGHT ? undefined : parse(parser, script));
}

function parse(parser: Parser, script: string): Tree | undefined {
  const tree = parser.parse(script);
  if (tree === null) return undefined;
  try {
    const root = copy(tree.rootNode);
    return root && { root, hasError: tree.rootNode.hasError };
  } finally {
    tree.delete();
  }
}

function copy(from: SyntaxNode): Node | undefined {
  const cursor = from.walk();
  const root = toNode(cursor);
  const open = [root];
  const step = (isChild: boolean) => {
    const node = toNode(cursor);
    if (!isChild) open.pop();
    open.at(-1)?.children.push(node);
    open.push(node);
  };
  try {
    for (;;) {
      if (cursor.gotoFirstChild()) {
        if (open.length > MAX_DEPTH) return undefined;
        step(true);
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return root;
        open.pop();
      }
      step(false);
    }
  } finally {
    cursor.delete();
  }
}

const toNode = (cursor: TreeCursor): Node => ({
  type: cursor.nodeType,
  field: cursor.currentFieldName ?? undefined,
  start: cursor.startIndex,
  end: cursor.endIndex,
  children: [],
});
