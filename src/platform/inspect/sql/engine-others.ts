import type { Engine } from './engine.ts';
import { compileWasm } from './wasm-module.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: WebAssembly.Table;
  __wbindgen_start(): void;
  __wbindgen_malloc(size: number, align: number): number;
  __wbindgen_free(pointer: number, size: number, align: number): void;
  __externref_table_dealloc(index: number): void;
  parse_sql_to_json_string(
    dialect: number,
    dialectSize: number,
    text: number,
    size: number,
  ): [json: number, jsonSize: number, error: number, hasFailed: number];
}

/** Places in the text and line breaks make nine tenths of the JSON. */
const PLACE = String.raw`\{\s*"line": \d+,\s*"column": \d+\s*\}`;
const BALLAST = new RegExp(String.raw`\n\s*|,\s*"span": \{\s*"start": ${PLACE},\s*"end": ${PLACE}\s*\}`, 'g');

/** The same tree, a tenth as long. */
export function dropBallast(json: string): string {
  return json.replace(BALLAST, '');
}

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * sqlparser of DataFusion. The package's own glue keeps one instance for ever, also a broken one, and looks for its file
 * where a bundle has none; of that glue, text in and JSON out need only this.
 */
export async function openOthers(): Promise<Engine> {
  compiled ??= compileWasm('sqlparser_rs_wasm_bg.wasm', '@guanmingchiu/sqlparser-ts', '../wasm');
  const program = await compiled;
  const exports = new WebAssembly.Instance(
    program,
    toImports(program, () => exports),
  ).exports as unknown as Exports;
  exports.__wbindgen_start();
  return {
    memoryBytes: () => exports.memory.buffer.byteLength,
    parse: (dialect, text) => {
      const [json, size, error, hasFailed] = exports.parse_sql_to_json_string(
        ...putText(exports, dialect),
        ...putText(exports, text),
      );
      if (hasFailed !== 0) {
        exports.__externref_table_dealloc(error);
        return undefined;
      }
      const tree = dropBallast(takeText(exports, json, size));
      exports.__wbindgen_free(json, size, 1);
      return JSON.parse(tree) as unknown;
    },
  };
}

/** Names end in a hash of their signature. What the path from text to JSON never calls fails loudly. */
function toImports(program: WebAssembly.Module, own: () => Exports): WebAssembly.Imports {
  const known = new Map<string, WebAssembly.ImportValue>([
    [
      '__wbindgen_init_externref_table',
      () => {
        const table = own().__wbindgen_externrefs;
        for (const value of [undefined, null, true, false]) table.set(table.grow(1), value);
      },
    ],
    ['__wbindgen_cast', (pointer: number, size: number) => takeText(own(), pointer, size)],
  ]);
  const imports: Record<string, WebAssembly.ModuleImports> = {};
  for (const { module, name } of WebAssembly.Module.imports(program)) {
    const entries = (imports[module] ??= {});
    entries[name] =
      known.get(name.replace(/_[0-9a-f]{16}$/, '')) ??
      (() => {
        throw new Error(`The SQL parser asked for \`${name}\`.`);
      });
  }
  return imports;
}

function putText(wasm: Exports, text: string): [pointer: number, size: number] {
  const bytes = Buffer.from(text);
  const pointer = wasm.__wbindgen_malloc(bytes.length, 1) >>> 0;
  new Uint8Array(wasm.memory.buffer).set(bytes, pointer);
  return [pointer, bytes.length];
}

function takeText({ memory }: Exports, pointer: number, size: number): string {
  return Buffer.from(memory.buffer, pointer >>> 0, size >>> 0).toString();
}
