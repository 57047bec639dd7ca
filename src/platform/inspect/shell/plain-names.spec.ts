import { describe, expect, it } from '@jest/globals';
import type { CodeLanguage } from '../model.ts';
import { tokensOf } from './code-tokens.ts';
import { Facts } from './facts.ts';
import { PlainNames } from './plain-names.ts';

const CALLS = new Map([['exec', {}]]);

/** The tokens in one line; `U` before what is not seen through, `o` before what was hidden, names with their meaning behind. */
function toLine(source: string, language: CodeLanguage): string {
  const facts = new Facts();
  const names = new PlainNames(facts, language, CALLS);
  const plain = names.plain(tokensOf(source, language));
  const marks = (facts.parsed ? '' : 'U ') + (facts.toReading().obfuscated ? 'o ' : '');
  const shown = plain.map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text)).join(' ');
  return marks + shown;
}

function toAliases(source: string, language: CodeLanguage): string {
  const facts = new Facts();
  const names = new PlainNames(facts, language, CALLS);
  names.plain(tokensOf(source, language));
  return [...names.aliases].map(([name, meaning]) => `${name}=${meaning}`).join(' ') + (facts.parsed ? '' : ' U');
}

type Rows = readonly (readonly [language: CodeLanguage, source: string, result: string])[];

const WRITTEN: readonly (readonly [what: string, rows: Rows])[] = [
  [
    'modules',
    [
      ['javascript', `require('fs')`, 'fs'],
      ['javascript', `require('node:fs').x`, 'fs . x'],
      ['javascript', `require('a/node:b/c')`, 'c'],
      ['javascript', `require('fs', x)`, `U o require ( 'fs' , x )`],
      ['javascript', `require('f' + 's')`, 'o fs'],
      ['javascript', `require('f' + 's'`, `U o require ( 'f' + 's'`],
      ['javascript', `require('f' + x)`, `U o require ( 'f' + x )`],
      ['javascript', `require(x)`, `U o require ( x )`],
      ['javascript', `require()`, `U o require ( )`],
      ['javascript', `require ['fs']`, 'require . fs'],
      ['javascript', `requires(x)`, 'requires ( x )'],
      ['javascript', `a_require(x)`, 'a_require ( x )'],
      ['javascript', `'require' (x)`, `'require' ( x )`],
      ['javascript', `require '(' x`, `require '(' x`],
      ['javascript', `await import('fs')`, 'await fs'],
      ['python', `import('fs')`, `import ( 'fs' )`],
      ['python', `__import__('os').x`, 'os . x'],
      ['python', `importlib.import_module('os')`, 'importlib . os'],
      ['python', `print('a' + 'b')`, `print ( 'a' + 'b' )`],
      ['python', `return print('a' + 'b')`, `return print ( 'a' + 'b' )`],
    ],
  ],
  [
    'items',
    [
      ['javascript', `x['y']`, 'x . y'],
      ['javascript', `x['y']['z']`, 'x . y . z'],
      ['javascript', `x['y' + 'z'](1)`, 'o x . yz ( 1 )'],
      ['javascript', `x['y', 'z']`, `x [ 'y' , 'z' ]`],
      ['javascript', `x[y]`, 'x [ y ]'],
      ['javascript', `x[`, 'x ['],
      ['javascript', `['y' + 'z']`, `[ 'y' + 'z' ]`],
      ['javascript', `x '[' 'y' ]`, `x '[' 'y' ]`],
      ['javascript', `'x'['y']`, `'x' [ 'y' ]`],
      ['javascript', `my_os[y]`, `my_os [ y ]`],
      ['javascript', `os2[y]`, `os2 [ y ]`],
      ...[
        'globalThis',
        'window',
        'global',
        'self',
        'os',
        'subprocess',
        'child_process',
        'builtins',
        '__builtins__',
        'shutil',
        'sys',
        'process',
      ].map((name) => ['javascript', `${name}[y]`, `U o ${name} [ y ]`] as const),
      ['python', `import os as o; o[y]`, `U o import os as o ; o [ y ]`],
    ],
  ],
  [
    'attributes',
    [
      ['python', `getattr(x, 'y')`, 'x . y'],
      ['python', `getattr(x, 'y')(1)`, 'x . y ( 1 )'],
      ['python', `getattr(x.os, 'y')`, 'x . os . y'],
      ['python', `getattr(x, 'y' + 'z')`, 'o x . yz'],
      ['python', `getattr(getattr(x, 'y'), 'z')`, 'x . y . z'],
      ['python', `getattr(__import__('os'), 'y')`, 'os . y'],
      ['python', `getattr(x, 'y', 'z')`, `getattr ( x , 'y' , 'z' )`],
      ['python', `getattr(os, 'y', 'z')`, `U o getattr ( os , 'y' , 'z' )`],
      ['python', `getattr(os, y)`, 'U o getattr ( os , y )'],
      ['python', `getattr(x.os.z, y)`, 'U o getattr ( x . os . z , y )'],
      ['python', `getattr(x, y)`, 'getattr ( x , y )'],
      ['python', `getattr(x + os, y)`, 'getattr ( x + os , y )'],
      ['python', `setattr(os, 'y')`, `setattr ( os , 'y' )`],
      ['python', `getattr[os, y]`, 'getattr [ os , y ]'],
      ['python', `getattr(`, 'getattr ('],
      ['python', `getattr(${'a.'.repeat(20)}b, 'y')`, `${'a . '.repeat(20)}b . y`],
      ['python', `getattr(${'a.'.repeat(21)}b, 'y')`, `getattr ( ${'a . '.repeat(21)}b , 'y' )`],
    ],
  ],
];

describe.each(WRITTEN)('ways to write a name otherwise are undone: %s', (_what, rows) => {
  it.each(rows)('%s: %s', (language, source, line) => {
    expect(toLine(source, language)).toBe(line);
  });
});

const IMPORTED: readonly (readonly [what: string, rows: Rows])[] = [
  [
    'Python',
    [
      ['python', 'import a.b as c', 'c=a.b'],
      ['python', 'import a as b, c as d', 'b=a d=c'],
      ['python', 'import a', ''],
      ['python', 'from a import b', 'b=a.b'],
      ['python', 'from a.b.c import d', 'd=a.b.c.d'],
      ['python', 'from a import b, c', 'b=a.b c=a.c'],
      ['python', 'from a import (b, c as d, e)', 'b=a.b d=a.c e=a.e'],
      ['python', 'from a import b as c, d', 'c=a.b d=a.d'],
      ['python', 'from a import b as c\nimport d as e', 'c=a.b e=d'],
      ['python', 'from a import b\nc, d', 'b=a.b'],
      ['python', 'from a import b; c', 'b=a.b'],
      ['python', 'from a import \\\n b as \\\r\n c', 'c=a.b'],
      ['python', 'from a import "b"', ''],
      ['python', 'from a import', ''],
      ['python', 'from a import (', ''],
      ['python', 'from a import ; b', ''],
      ['python', 'of a import b', ''],
      ['python', 'from a.b "import" c', ''],
      ['python', 'from a import *', ''],
      ['python', 'from a import os', 'os=a.os'],
      ['python', 'from os import *', ' U'],
      ['python', 'from os.path import *', ''],
      ['python', 'with open(x) as f: f', ''],
      ['python', 'a "as" b', ''],
      ['python', 'a as "b"', ''],
      ['python', 'exec: run', ''],
    ],
  ],
  [
    'a name with two meanings',
    [
      ['python', 'import a as x\nimport b as x', 'x=b'],
      ['python', 'import a as x\nimport a as x', 'x=a'],
      ['python', 'import os as x\nimport os as x', 'x=os'],
      ['python', 'import a as x\nimport os as x', 'x=os U'],
      ['python', 'import os.y as x\nimport a as x', 'x=a U'],
      ['python', 'from a import b as x\nfrom subprocess import run as x', 'x=subprocess.run U'],
    ],
  ],
  [
    'JavaScript',
    [
      ['javascript', `import a from 'b'`, 'a=b'],
      ['javascript', `import a from 'node:b/c'`, 'a=c'],
      ['javascript', `import * as a from 'b'`, 'a=b'],
      ['javascript', `import { a as b } from 'c'`, 'b=a }=c'],
      ['javascript', `import a of 'b'`, ''],
      ['javascript', `import a 'from' 'b'`, ''],
      ['javascript', `import a from b`, ''],
      ['javascript', `from a import b`, ''],
      ['javascript', `const { exec: run, x: y } = z`, 'run=exec'],
      ['javascript', `exec: 'run'`, ''],
      ['javascript', `'exec': run`, ''],
      ['javascript', `exec ':' run`, ''],
    ],
  ],
  [
    'Go',
    [
      ['go', 'import a "b/c"', 'a=c'],
      ['go', 'import ( "a/b" c "d/e" )', 'c=e'],
      ['go', '"a" "b"', ''],
      ['javascript', 'a "b"', ''],
    ],
  ],
];

describe.each(IMPORTED)('names of imports are noted: %s', (_what, rows) => {
  it.each(rows)('%s: %s', (language, source, aliases) => {
    expect(toAliases(source, language)).toBe(aliases);
  });
});
