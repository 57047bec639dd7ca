import { toSchema } from './json-schema.ts';
import type { ToolAnnotations } from './tool.ts';
import { TOOLS } from './tools/index.ts';

export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema: object;
  readonly annotations: ToolAnnotations & { readonly title: string };
}

/** What `tools/list` answers, made from the tools; `tools.generated.ts` holds it, so that listing converts no schema. */
export function makeToolList(): ListedTool[] {
  return TOOLS.map(({ name, title, description, annotations, input, output }) => ({
    name,
    title,
    description,
    inputSchema: toSchema(input),
    outputSchema: toSchema(output),
    annotations: { title, ...annotations },
  }));
}
