import type { Engine } from './engine.ts';
import { compileWasm } from './wasm-module.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The grammar of the PostgreSQL server. */
export async function openPostgres(): Promise<Engine> {
  compiled ??= compileWasm('libpg-query.wasm', 'libpg-query', '.');
  const [{ default: openModule }, program] = await Promise.all([import('libpg-query/wasm/libpg-query.js'), compiled]);
  const wasm = await openModule({
    instantiateWasm: (imports, done) => done(new WebAssembly.Instance(program, imports)),
    printErr: () => undefined,
  });
  return {
    memoryBytes: () => wasm.HEAPU8.length,
    parse: (_dialect, text) => {
      const size = wasm.lengthBytesUTF8(text) + 1;
      const query = wasm._malloc(size);
      wasm.stringToUTF8(text, query, size);
      const result = wasm._wasm_parse_query_raw(query);
      const [tree, , error] = [0, 4, 8].map((offset) => wasm.getValue(result + offset, 'i32'));
      const json = error === 0 ? wasm.UTF8ToString(tree ?? 0) : undefined;
      wasm._free(query);
      wasm._wasm_free_parse_result(result);
      return json === undefined ? undefined : (JSON.parse(json) as unknown);
    },
  };
}
