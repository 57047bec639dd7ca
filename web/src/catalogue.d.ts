declare module 'virtual:catalogue' {
  interface Field {
    readonly name: string;
    readonly description?: string;
  }
  export const catalogue: Readonly<
    Record<string, { readonly title: string; readonly fields: readonly Field[] } | undefined>
  >;
}

declare module '*.css';
