/** The Emscripten module itself: the package's own entry keeps one instance for ever, also a broken one. */
declare module 'libpg-query/wasm/libpg-query.js' {
  interface PgModule {
    readonly HEAPU8: Uint8Array;
    _malloc(size: number): number;
    _wasm_parse_query_raw(query: number): number;
    getValue(pointer: number, type: 'i32'): number;
    lengthBytesUTF8(text: string): number;
    stringToUTF8(text: string, pointer: number, size: number): void;
    UTF8ToString(pointer: number): string;
    _free(pointer: number): void;
    _wasm_free_parse_result(result: number): void;
  }
  function openModule(options: {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): void;
    printErr(text: string): void;
  }): Promise<PgModule>;
  export = openModule;
}

/** As much as is used of it: the types of Node leave it to those of the browser. */
declare namespace WebAssembly {
  type ImportValue = (...values: number[]) => unknown;
  type ModuleImports = Record<string, ImportValue>;
  type Imports = Record<string, ModuleImports>;
  class Module {
    static imports(module: Module): readonly { readonly module: string; readonly name: string }[];
  }
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Table {
    grow(by: number): number;
    set(index: number, value: unknown): void;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
