import react from '@vitejs/plugin-react';
import { existsSync } from 'node:fs';
import { z } from 'zod';

const ID = 'virtual:catalogue';

/** Titles and fields of every action type in the order of its schema, read from the compiled catalogue. */
async function describeCatalogue() {
  const compiled = new URL('../dist/modules/actions/catalogue.js', import.meta.url);
  if (!existsSync(compiled)) throw new Error('The catalogue is not compiled: run `npm run build`.');
  const { CATALOGUE } = await import(compiled.href);
  return Object.fromEntries([...CATALOGUE.values()].map(describeAction));
}

function describeAction({ type, title, params }) {
  const { properties = {} } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(properties).map(([name, { description }]) => ({ name, description }));
  return [type, { title, fields }];
}

const catalogue = {
  name: 'catalogue',
  resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
  load: async (id) =>
    id === `\0${ID}` ? `export const catalogue = ${JSON.stringify(await describeCatalogue())};` : undefined,
};

export default {
  root: import.meta.dirname,
  plugins: [react(), catalogue],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of its own: the pages allow no inline script, style or data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  logLevel: 'warn',
};
