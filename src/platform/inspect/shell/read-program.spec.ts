import { describe, expect, it } from '@jest/globals';
import { RecordingRunner } from '../../../../test/support/recording-runner.ts';
import type { CodeLanguage } from '../model.ts';
import { readProgram } from './read-program.ts';

function toLine(source: string, language: CodeLanguage): string {
  const runner = new RecordingRunner(readProgram);
  readProgram(runner, source, language);
  return runner.toLine();
}

const UNREAD = 'unread deletes writes network';

type Cases = readonly (readonly [source: string, line: string])[];
const CASES: readonly (readonly [what: string, language: CodeLanguage, cases: Cases])[] = [
  [
    'what is handed to a shell',
    'python',
    [
      ['system("a b")', 'sh a b'],
      ['os.system("a b")', 'sh a b'],
      ['x.os.popen("a")', 'sh a'],
      ['os.popen4("a")', 'sh a'],
      ['run("a")', ''],
      ['Sx.system("a")', 'sh a'],
      ['subprocess.run(["a", "b c"])', 'run [a][b c]'],
      ['subprocess.run("a", "b")', 'run [a][b]'],
      ['subprocess.run("a b", "c")', 'sh a b c'],
      ['subprocess.run(["a"])', 'sh a'],
      ['os.system(cmd)', `${UNREAD} obfuscated`],
      ['os.system("a " + cmd)', 'sh a <cmd>; unread deletes writes network'],
      ['os.system()', `run; ${UNREAD}`],
      ['os.system("")', `sh; ${UNREAD}`],
      ['system(cmd, "a")', 'run [<cmd>][a]'],
      ['run([chr(97), "b"])', ''],
      ['system([chr(97), "b"])', 'run [!a][b]; obfuscated'],
      ['system(["a", chr(97)])', 'run [a][!a]; obfuscated'],
      ['system(["a", requests.get(u)])', 'run [a][^<requests.get>]; network pipeToInterpreter'],
      ['system(requests.get(u) + "a b")', `sh ^<requests.get>a b; ${UNREAD} pipeToInterpreter`],
      ['f(system)', UNREAD],
      ['f(a, os.system, b)', UNREAD],
      ['f(a); system', ''],
      ['f((a), system)', UNREAD],
      ['system', ''],
      ['f(system=1)', ''],
      ['f({system: 1})', ''],
      ['f(system[0])', ''],
      ['f(system {})', ''],
      ['f(system == 1)', UNREAD],
      ['f(os.remove)', ''],
      ['system = "a"\nf(system)', ''],
      ['f("(", ")", system)', UNREAD],
      ['"(" system', ''],
      ['os.system "("', ''],
    ],
  ],
  [
    'what runs as a program',
    'python',
    [
      ['eval("os.system(\'a\')")', 'sh a'],
      ['eval(["os.", "system(\'a\')"])', 'sh a'],
      ['eval()', ''],
      ['eval(code)', UNREAD],
      ['eval("a" + code)', UNREAD],
      ['eval(chr(97))', 'pipeToInterpreter obfuscated'],
      ['eval(requests.get(u))', `${UNREAD} pipeToInterpreter obfuscated`],
      ['requests.get(u)\neval(code)', `${UNREAD} pipeToInterpreter`],
      ['requests.get(u)\neval("a")', 'network'],
      ['f(eval)', `${UNREAD} obfuscated`],
      ['requests.get(u)\nf(eval)', `${UNREAD} pipeToInterpreter obfuscated`],
      ['requests.get(u)\nf(system)', UNREAD],
      ['exec("os.system(\'a\')")', 'sh a'],
      ['model.eval(code)', ''],
      ['re.compile(code)', ''],
      ['a.b.exec(code)', ''],
      ['a.fetch(u)', ''],
      ['a.evaluate(u)', ''],
      ['a.execfile(u)', UNREAD],
      ['vm.runInThisContext(c)', UNREAD],
    ],
  ],
  [
    'names are followed to what they stand for',
    'python',
    [
      ['import os as o\no.system("a")', 'sh a'],
      ['s = os.system\ns("a")', 'sh a'],
      ['s := os.system\ns("a")', 'sh a'],
      ['t = os\ns = t.system\ns("a")', 'sh a'],
      ['t = os\ns = t\ns.remove("a")', 'deletes writes'],
      ['a.b = os.system\na.b("c")', 'sh c'],
      ['s = os.system()\ns("a")', `run; ${UNREAD}`],
      ['s = "system"\ns("a")', ''],
      ['s = os.remove + x\ns("a")', ''],
      ['s = os.remove[0]\ns("a")', ''],
      ['s == os.remove\ns("a")', ''],
      ['s = f\n.remove("a")', ''],
      ['os.self.remove("a")', ''],
      ['self.os.remove("a")', 'deletes writes'],
      ['window.os.remove("a")', 'deletes writes'],
      ['globalThis.eval(c)', UNREAD],
      ['().os.remove("a")', ''],
      ['f().unlink()', 'deletes writes'],
      ['f::unlink("a")', 'deletes writes'],
      ['f()::unlink("a")', 'deletes writes'],
      ['f() unlink("a")', 'deletes writes'],
      ['a.b.unlink("c")', 'deletes writes'],
    ],
  ],
  [
    'every value that a name may have is tried',
    'python',
    [
      ['c = "a"\nc = "a"\nos.system(c)', 'sh a'],
      ['c = "a"\nc = "b"\nos.system(c)', 'sh b; sh a; sh b'],
      ['c = "a b"\nc = ["a", "b"]\nsystem(c)', 'run [a][b]; sh a b; run [a][b]'],
      ['c = "ab"\nc = ["a", "b"]\nsystem(c)', 'run [a][b]; sh ab; run [a][b]'],
      ['c = "a"\nc = "b"\nd = "x"\nos.system(c + d)', 'sh bx; sh ax; sh bx'],
      ['c = 1\nc = 2\nc = 3\nc = 4\nos.system(c)', 'sh 4; sh 1; sh 2; sh 3; sh 4'],
      ['c = 1\nc = 2\nc = 3\nc = 4\nc = 5\nos.system(c)', `sh 5; sh 1; sh 2; sh 3; sh 4; ${UNREAD}`],
      ['c = 1\nc = 1\nc = 1\nc = 1\nc = 1\nos.system(c)', 'sh 1'],
      ['c = "a"\nc += "b"\nos.system(c)', 'sh ab; sh a; sh ab'],
      ['c = "a"\nd += "b"\nos.system(d)', 'sh b'],
      ['c: str = "a"\nos.system(c)', 'sh a'],
      ['c; d = "a"\nos.system(c)', `${UNREAD} obfuscated`],
      ['c == "a"\nos.system(c)', `${UNREAD} obfuscated`],
      ['c != "a"\nos.system(c)', `${UNREAD} obfuscated`],
      ['c => "a"\nos.system(c)', `${UNREAD} obfuscated`],
      ['c = "a"\nf().c = "b"\nos.system(c)', 'sh a'],
      ['a = "x"\na, b = f()\nos.system(a)', `sh x; ${UNREAD} obfuscated`],
    ],
  ],
  [
    'names of loops',
    'python',
    [
      ['for c in ["a", "b"]:\n  os.system(c)', 'sh b; sh a; sh b'],
      ['for c in [1]:\n  os.system(c + "b")', 'sh 1b'],
      ['for c in a:\n  os.system(c)', `${UNREAD} obfuscated`],
      ['for c in', ''],
      ['if c in [1]: os.system(c)', `${UNREAD} obfuscated`],
      ['for c on [1]: os.system(c)', `${UNREAD} obfuscated`],
      ['for c into [1]: os.system(c)', `${UNREAD} obfuscated`],
      ['in [1]: os.system(in)', `${UNREAD} obfuscated`],
    ],
  ],
  [
    'names of loops',
    'javascript',
    [
      ...['for', '(const', '(let', '(var', '('].map((start) => [`${start} c of [1]) spawn(c)`, 'sh 1'] as const),
      ['(c in [1]) spawn(c)', 'sh 1'],
      ['constant c of [1]; spawn(c)', `${UNREAD} obfuscated`],
    ],
  ],
  [
    'files',
    'python',
    [
      ['open("a")', ''],
      ['open("a", "r")', ''],
      ['open("a", "w")', 'deletes writes a'],
      ['open("a", "wb")', 'deletes writes a'],
      ['open("a", "a")', 'writes a'],
      ['open("a", "x")', 'writes a'],
      ['open("a", "r+")', 'writes a'],
      ['open("a", "rw")', 'writes a'],
      ['open("a", "rb+")', 'writes a'],
      ['open("w")', ''],
      ['open("w", "r")', ''],
      ['open("a", buffering, "w")', 'deletes writes a'],
      ['open("a", mode="w")', 'deletes writes a'],
      ['open("a", "raw!")', ''],
      ['open("a", "!w")', ''],
      ['open("a", "wrong")', ''],
      ['io.open("a", "w")', 'deletes writes a'],
      ['fopen("a", "w")', 'deletes writes a'],
      ['reopen("a", "w")', ''],
      ['opens("a", "w")', ''],
      ['open(p, "w")', 'deletes writes p'],
      ['open()', ''],
      ['open([], "w")', 'deletes writes'],
      ['os.mkdir("a")', 'writes a'],
      ['os.mkdir()', 'writes'],
      ['os.mkdir("/dev/null")', 'writes /dev/null'],
      ['f("/a/b")', '/a/b'],
      ['f("/a b")', ''],
      ['f("https://x.example/a")', 'network @x.example'],
      ['f("~/.ssh/id_rsa")', 'credentialRead ~/.ssh/id_rsa'],
      [`f("/${'./'.repeat(300)}etc/shadow")`, `credentialRead /${'./'.repeat(300)}`.slice(0, 315)],
    ],
  ],
  [
    'files',
    'javascript',
    [
      ['fs.rm("a")', 'deletes writes'],
      ['fs.rm("a", { recursive: true })', 'destructive deletes writes'],
      ['fs.rm("a"); f({ recursive: true })', 'deletes writes'],
      ['fs.mkdir("a", { recursive: true })', 'writes a'],
    ],
  ],
  [
    'the environment',
    'python',
    [
      ['print(os.environ)', 'environmentDump'],
      ['print os.environ', 'environmentDump'],
      ['"print" os.environ', ''],
      ['f(os.environ)', ''],
      ['print(f(os.environ))', 'environmentDump'],
      [`print(${'f('.repeat(30)}os.environ`, 'environmentDump'],
      ['print(1); f(os.environ)', ''],
      ['f(print(1), os.environ)', ''],
      ['print(os.environ["A"])', ''],
      ['print(os.environ[name])', ''],
      ['print(os.environ {})', ''],
      ['print(os.environ.get("A"))', ''],
      ...['items', 'copy', 'keys', 'values', 'toObject', 'entries', 'to_h', 'inspect'].map(
        (name) => [`print(os.environ.${name}())`, 'environmentDump'] as const,
      ),
      ['for k in os.environ: f(k)', 'environmentDump'],
      ['x; for k in os.environ: f(k)', 'environmentDump'],
      ['foreach k in os.environ: f(k)', 'environmentDump'],
      ['"for" k in os.environ: f(k)', ''],
      ['before k in os.environ: f(k)', ''],
      ['forever k in os.environ: f(k)', ''],
      ['for k in a.b.c(((os.environ)))', ''],
      ['for k in a.b.c((os.environ))', 'environmentDump'],

      ['e = os.environ\nprint(e)', 'environmentDump'],
      ['a.e = os.environ\nprint(a.e)', 'environmentDump'],
      ['e = dict(os.environ)\nprint(e)', 'environmentDump'],
      ['e = (f(g(os.environ\nprint(e)', 'environmentDump'],
      ['e = ((f(g(os.environ\nprint(e)', ''],
      ['e == os.environ\nprint(e)', ''],
      ['"e" = f(os.environ)\nprint(e)', ''],
      ['e "=" f(os.environ)\nprint(e)', ''],
      ['= f(os.environ)\nprint(f)', ''],
      ['f(os.environ)\nprint(f)', ''],
      ['run(env=dict(os.environ))\nprint(env)', ''],
      ['Popen(env=dict(os.environ))\nprint(env)', `run; ${UNREAD}`],
      ['run(f(1), env=dict(os.environ))\nprint(env)', ''],
      ['f(env=dict(os.environ))\nprint(env)', 'environmentDump'],
      ['f(env=dict(os.environ))\ng(env)', ''],
    ],
  ],
  [
    'the environment',
    'javascript',
    [
      ...['process.env', 'Deno.env', 'ENV', '$_ENV', 'Bun.env', 'environ'].map(
        (name) => [`print(${name})`, 'environmentDump'] as const,
      ),
      ['print(process.env.HOME)', ''],
      ['print(env)', ''],
    ],
  ],
  ['the environment', 'go', [['a := os.Environ()', 'environmentDump']]],
  [
    'commands',
    'javascript',
    [
      ['exec("a b")', 'sh a b'],
      ['p.exec("a b")', ''],
      ['const p = require("child_process"); p.exec("a b")', 'sh a b'],
      ['const p = require("child_process"); q.r.exec("a b")', 'sh a b'],
      ['const p = "child_process"; p.exec("a b")', 'sh a b'],
      ['executes("a b")', ''],
    ],
  ],
  [
    'commands',
    'unknown',
    [
      ['system "a b"', 'sh a b'],
      ['system $cmd', `${UNREAD} obfuscated`],
      ['system 1', ''],
      ['print "a"', ''],
      ['print %ENV', 'environmentDump'],
      ['puts ENV.to_h', 'environmentDump'],
      ['print $ENV{"A"}', ''],
      ['$f = "system"; $f("a")', 'sh a'],
      ['$f = "sys" . "tem"; $f("a")', 'sh a'],
      ['$f = g(); $f("a")', ''],
      ['unlink "a"', 'deletes writes'],
    ],
  ],
];

describe.each(CASES)('the calls of a program are read: %s', (_what, language, cases) => {
  it.each(cases)('%s: %s', (source, line) => {
    expect(toLine(source, language)).toBe(line);
  });
});

describe('a program is read within bounds', () => {
  const filled = (tokens: number): string => `c = "a"; c = "b"; system(c)${';'.repeat(tokens - 12)}`;

  it('every value of a name is tried in twenty thousand tokens', () => {
    expect(toLine(filled(20_000), 'python')).toBe('sh b; sh a; sh b');
    expect(toLine(filled(20_001), 'python')).toBe(`sh b; ${UNREAD}`);
    expect(toLine(`c = "b"; system(c)${';'.repeat(20_000)}`, 'python')).toBe('sh b');
  });

  it('a program with more in its calls than is worked out counts as unread', () => {
    const call = `f(${'1,'.repeat(500)});`;
    expect(toLine(call.repeat(199), 'python')).toBe('');
    expect(toLine(call.repeat(201), 'python')).toBe(UNREAD);
  });
});
