import { createHash } from 'node:crypto';
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const BIG_JSON_LENGTH = 10_000;

/** The text with a part of it replaced; a package that has changed stops the build. */
function replace(text, found, put, path) {
  if (!text.includes(found)) throw new Error(`${path} is not what it was: look at it again.`);
  return text.replace(found, put);
}

/**
 * What packages load and we never or seldom use stays out of the memory of every process: messages in forty languages, uploads of files,
 * tables of encodings (files beside the bundle, read on demand) and the scripts of a queue on Redis.
 */
export function leanPackages(outdir) {
  return {
    name: 'lean-packages',
    setup(build) {
      build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
        contents: "export { default as en } from './en.js';",
      }));
      build.onResolve({ filter: /^multer$/ }, () => ({ path: 'multer', namespace: 'absent' }));
      build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
        contents: "export default () => { throw new Error('Files are not uploaded here.'); };",
      }));
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.json$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (text.length < BIG_JSON_LENGTH) return undefined;
        const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
        const name = `${basename(path, '.json')}-${hash}.json`;
        mkdirSync(outdir, { recursive: true });
        writeFileSync(join(outdir, name), JSON.stringify(JSON.parse(text)));
        const file = `require('node:path').join(__dirname, ${JSON.stringify(name)})`;
        return {
          contents: `module.exports = JSON.parse(require('node:fs').readFileSync(${file}, 'utf8'));`,
          loader: 'js',
        };
      });
      // Asking whether this is another platform would load an HTTP client.
      build.onLoad({ filter: /[\\/]pg[\\/]lib[\\/]stream\.js$/ }, ({ path }) => ({
        contents: replace(readFileSync(path, 'utf8'), 'if (isCloudflareRuntime()) {', 'if (false) {', path),
      }));
      build.onLoad({ filter: /[\\/]bullmq[\\/]dist[\\/]cjs[\\/]classes[\\/]redis-connection\.js$/ }, ({ path }) => {
        const text = replace(readFileSync(path, 'utf8'), 'const scripts = require("../scripts");', '', path);
        return { contents: replace(text, '|| scripts;', '|| require("../scripts");', path) };
      });
    },
  };
}

/** Patterns keep characters beyond ASCII, and one of them makes V8 hold the whole file in two bytes a character. */
export function toAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
