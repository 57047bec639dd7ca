// Writes src/modules/mcp/tools.generated.ts from the tool definitions. A spec fails while the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const { outputFiles } = await build({
  entryPoints: [`${root}src/modules/mcp/tool-list.ts`],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { makeToolList } = await import(`data:text/javascript;base64,${code}`);
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const lines = makeToolList().map((tool) => `  ${quote(JSON.stringify(tool))},\n`);
writeFileSync(
  `${root}src/modules/mcp/tools.generated.ts`,
  `// Made by scripts/emit-tools.mjs from the tool definitions; do not edit.
import type { Tool } from '@modelcontextprotocol/server';

export const SERVER_VERSION = '${version}';

/** The answer of \`tools/list\`, in the order of \`TOOLS\`. */
export const TOOL_LIST = [
${lines.join('')}].map((tool) => JSON.parse(tool) as Tool);
`,
);
