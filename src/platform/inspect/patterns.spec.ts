import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { decodeLayers } from './decode.ts';
import { classifyName } from './field-names.ts';
import { findPairs } from './pairs.ts';
import { findPersonal } from './personal/find-personal.ts';
import { scanValue } from './scan.ts';
import { readStructure } from './structure.ts';

interface Pattern {
  readonly name: string;
  readonly regex: RegExp;
}

/** Every pattern written in these folders, read from the source, so that none is forgotten. */
function patternsOf(folder: string): Pattern[] {
  const path = join(import.meta.dirname, folder);
  const files = readdirSync(path).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(path, file), 'utf8'), ts.ScriptTarget.ESNext, true);
    const found: Pattern[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const flags = node.text.slice(end + 1);
        found.push({ name: `${file}:${line}`, regex: new RegExp(node.text.slice(1, end), flags) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

const SEEDS = [
  ...[
    'a',
    'A',
    '1',
    ' ',
    '\n',
    '.',
    '@',
    '-',
    '%',
    '=',
    ':',
    '"',
    '\\',
    '°',
    '\u200b',
    'а',
    'é',
    '\ud800',
    '\u0000',
    '<',
    '/',
  ],
  ...[
    'a.',
    'a@',
    'a.a@',
    '1 ',
    '1-',
    '1.',
    '1,',
    '1:',
    '1.1',
    '12 ',
    '4111 ',
    '123-45-',
    '4111-',
    '+1',
    '+1 (',
    '0',
    '00 ',
    '1/',
  ],
  ...[
    'Aa ',
    'AB12',
    '12 Main ',
    'de la ',
    'rs1',
    'rs123 A',
    'ACGT',
    'P<',
    'P<GBR',
    '<<',
    'f:',
    '::',
    'eyJ',
    'a0',
    '0x',
    'ff',
    'is ',
    'was ',
  ],
  ...[
    '%41',
    '%',
    '&#65;',
    '&#',
    '\\u0041',
    '\\',
    "' + '",
    '"+',
    '[at]',
    '[ ',
    ' dot ',
    'a dot ',
    'a at b dot ',
    '"a":',
    'a=',
    'a: ',
    '"a": "',
  ],
  ...[
    'ssn ',
    'born ',
    'card ',
    'cvv ',
    'passport ',
    'bank account ',
    'street ',
    'calle ',
    'patient ',
    'diabetes ',
    'call ',
    'iban ',
    'DE89',
  ],
  ...[
    'aB',
    'a_',
    'a-b_',
    'ies',
    'ssh-',
    '-----BEGIN ',
    'true',
    'x',
    '*',
    '[',
    '{',
    '1°',
    "1°1'",
    '1.234,',
    '-1.2345 ',
    'jan 1',
    'n/a',
    'sha1-',
  ],
];
const TAILS = ['', '!'];

/** Milliseconds of this process's own work: other processes on the machine do not count. */
function once(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function best(run: () => unknown): number {
  return Math.min(once(run), once(run), once(run));
}

/** How much longer four times the input takes; 1 where even the long input takes no time to speak of. */
function growth(run: (input: string) => unknown, seed: string, tail: string, length: number): number {
  const short = seed.repeat(Math.ceil(length / seed.length)) + tail;
  const long = seed.repeat(Math.ceil((4 * length) / seed.length)) + tail;
  let ratio = Infinity;
  for (let attempt = 0; attempt < 4 && ratio >= 6; attempt++) {
    const longest = attempt === 0 ? once(() => run(long)) : best(() => run(long));
    ratio = longest < 3 ? 1 : Math.min(ratio, longest / best(() => run(short)));
  }
  return ratio;
}

function runAll(regex: RegExp): (input: string) => number {
  return (input) => {
    regex.lastIndex = 0;
    return regex.global ? (input.match(regex)?.length ?? 0) : Number(regex.test(input));
  };
}

const PATTERNS = [...patternsOf('.'), ...patternsOf('personal')];

function slowSeeds(run: (input: string) => unknown, tails: readonly string[], length: number): object[] {
  const inputs = SEEDS.flatMap((seed) => tails.map((tail) => ({ seed, tail })));
  return inputs
    .map((input) => ({ ...input, ratio: growth(run, input.seed, input.tail, length) }))
    .filter(({ ratio }) => ratio >= 6);
}

describe('the patterns of the scan', () => {
  it('are all looked at', () => {
    expect(PATTERNS.length).toBeGreaterThan(100);
  });

  it.each(PATTERNS.map(({ name, regex }) => [name, regex] as const))(
    '%s takes time in proportion to the text: %s',
    (_name, regex) => {
      expect(slowSeeds(runAll(regex), TAILS, 16_384)).toEqual([]);
    },
  );
});

describe('the scan as a whole', () => {
  const STEPS: [string, (input: string) => unknown][] = [
    ['findPersonal', findPersonal],
    ['decodeLayers', decodeLayers],
    ['findPairs', findPairs],
    ['readStructure', readStructure],
    ['readStructure of a table', (input) => readStructure(`ssn,email\n${input}`)],
    ['classifyName', classifyName],
    ['scanValue', scanValue],
    ['scanValue of a list', (input) => scanValue(input.match(/.{1,9}/gs))],
  ];

  it.each(STEPS)('%s takes time in proportion to the text', (_name, run) => {
    expect(slowSeeds(run, [''], 2_048)).toEqual([]);
  });
});
