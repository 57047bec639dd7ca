import { describe, expect, it } from '@jest/globals';
import { RecordingRunner, shown } from '../../../../test/support/recording-runner.ts';
import { runCommand } from './commands.ts';
import { DECODED, FETCHED, unknown } from './marks.ts';

interface Input {
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, string>>;
}

/** The words of `line` as a command; what it asks for and is learnt from it, and what it prints after `=`. */
function toLine(line: string | readonly string[], { stdin, files = {}, aliases = {} }: Input = {}): string {
  const runner = new RecordingRunner();
  for (const [name, text] of Object.entries(files)) runner.files.set(name, text);
  for (const [name, text] of Object.entries(aliases)) runner.aliases.set(name, text);
  const words = typeof line === 'string' ? line.split(' ') : line;
  const printed = shown(runCommand(runner, words, stdin));
  const defined = [...runner.aliases].filter(([name]) => !(name in aliases)).map(([name, text]) => `${name}:=${text}`);
  return `${[runner.toLine(), ...defined].filter((part) => part !== '').join('; ')} = ${printed}`.trimEnd();
}

const X = unknown('$x');
const UNREAD = 'unread deletes writes network';
type Cases = readonly (readonly [line: string | readonly string[], learnt: string, input?: Input])[];

const CASES: readonly (readonly [what: string, cases: Cases])[] = [
  [
    'names',
    [
      [[], ' ='],
      ['ls', '$ls = <ls>'],
      ['/bin/LS', '$ls = <ls>'],
      ['[ a', '$[ = <[ a>'],
      ['C:\\a\\del.exe x', 'deletes writes $del = <del x>'],
      ['ls.com', '$ls = <ls>'],
      ['ls.exe.b', 'writes $ls.exe.b = <ls.exe.b>'],
      ['ls.e', 'writes $ls.e = <ls.e>'],
      ['аb', 'writes obfuscated $ab = <ab>'],
      ['аb.exe', 'writes obfuscated $ab = <ab>'],
      ['a\u200bb', 'writes obfuscated $ab = <ab>'],
      ['ａb', 'writes obfuscated $ab = <ab>'],
      [[`${DECODED}ls`], 'obfuscated $ls = <ls>'],
      [[`${FETCHED}ls`], 'pipeToInterpreter $ls = <ls>'],
      ['l*', `${UNREAD} obfuscated = <l*>`],
      [[X, '~/.ssh/id'], `${UNREAD} credentialRead obfuscated ~/.ssh/id = <$x>`],
      [[`${X}ls`], `${UNREAD} obfuscated = <$xls>`],
      [[`${X}/ls`], '$ls = <ls>'],
      [[FETCHED + X], `${UNREAD} pipeToInterpreter obfuscated = <$x>`],
      ['function a b', 'call a b < in = called', { stdin: 'in' }],
      ['ll a', "sh ls -l 'a' = done", { aliases: { ll: 'ls -l' } }],
      [['ll', "a'b"], "sh ls 'a'\\''b' < in = done", { aliases: { ll: 'ls' }, stdin: 'in' }],
      [['ll', X], 'sh ls <$x> = done', { aliases: { ll: 'ls' } }],
      ['alias a=b', '$alias; a:=b = <alias a=b>'],
      ['export a=b', 'let a=b; $export = <export a=b>'],
    ],
  ],
  [
    'values',
    [
      ['printf -v a b', 'let a=b; $printf = -v'],
      ['printf -v', '$printf = -v'],
      ['printf b -v', '$printf = b'],
      ['echo -v a', '$echo = -v a\n'.trimEnd()],
      ['read a', 'let a=b c; $read = <read a>', { stdin: ' b c\n' }],
      ['read -r a b-c d', 'let a=b; let d=; $read = <read -r a b-c d>', { stdin: 'b' }],
      ['read -r', 'let REPLY=b; $read = <read -r>', { stdin: 'b' }],
    ],
  ],
  [
    'commands in commands',
    [
      ['find . -exec rm {} ;', 'run [rm][./*/*]; $find . = <find . -exec rm {} ;>'],
      ['ls . -exec rm {} ;', '$ls . = <ls . -exec rm {} ;>'],
      ['sudo ls', 'run [ls] < in; writes privilege = ran', { stdin: 'in' }],
      ['sudo', 'writes privilege $sudo = <sudo>'],
      ['nohup ls a', 'run [ls][a]; writes = ran'],
      ['docker exec a ls', 'run [ls]; writes $docker = ran'],
      ['command ls', 'run [ls]; writes = ran'],
      ['command -v ls', 'writes = ls'],
      ['command -pV ls a', 'writes = ls a'],
      ['command -p ls', 'run [ls]; writes = ran'],
      ['command -xv ls', 'run [ls]; writes = ran'],
      ['command -p verb', 'run [verb]; writes = ran'],
      ['command a-v', 'run [a-v]; writes = ran'],
      ['sudo -v ls', 'run [ls]; writes privilege = ran'],
      ['env ls', 'run [ls] = ran'],
      ['env', 'environmentDump $env = <env>'],
      ['env -u A', 'environmentDump $env = <env -u A>'],
      ['nice -n 1', 'writes $nice = <nice -n 1>'],
      ['xargs ls', 'run [ls][a][b]; writes = ran', { stdin: 'a b' }],
      ['parallel ls', 'run [ls][a]; writes = ran', { stdin: 'a' }],
      ['xargs sh', 'run [sh][a]; writes = ran', { stdin: 'a' }],
      ['xargs sh', 'run [sh][<stdin>*]; writes = ran'],
      ['xargs sh -c', `sh !a; run [sh][-c][a]; writes pipeToInterpreter obfuscated = ran`, { stdin: `${DECODED}a` }],
      ['xargs ls', 'run [ls][a]; writes = ran', { stdin: `${DECODED}a` }],
      ['xargs {}', 'run; writes = ran', { stdin: FETCHED }],
    ],
  ],
  [
    'interpreters',
    [
      ['sh -c ls', 'sh ls < in; writes = done', { stdin: 'in' }],
      ['fish -c ls', 'sh ls; writes $fish = done'],
      [['sh', '-c', X], `${UNREAD} obfuscated $sh = <output>`],
      ['eval ls', 'sh ls; writes = done'],
      ['python -c a', 'python a; writes $python = <output>'],
      ['sh', 'writes $sh ='],
      ['sh', 'sh ls; writes $sh = done', { stdin: 'ls' }],
      ['sh -', 'sh ls; writes $sh = done', { stdin: 'ls' }],
      ['sh /dev/stdin', 'sh ls; writes $sh /dev/stdin = done', { stdin: 'ls' }],
      ['sh /dev/fd/0', 'sh ls; writes $sh /dev/fd/0 = done', { stdin: 'ls' }],
      ['sh /dev/stdin2', 'writes $sh /dev/stdin2 = </dev/stdin2>', { stdin: 'ls' }],
      ['sh a/dev/stdin', 'writes $sh a/dev/stdin = <a/dev/stdin>', { stdin: 'ls' }],
      ['sh a-', 'writes $sh = <a->', { stdin: 'ls' }],
      ['sh a', 'writes $sh = <a>'],
      ['sh a', 'sh ls < in; writes $sh = done', { files: { a: 'ls' }, stdin: 'in' }],
      ['sh ./a', 'sh ls; writes $sh ./a = done', { files: { a: 'ls' } }],
      ['sh ./a', 'sh ls; writes $sh ./a = done', { files: { './a': 'ls' } }],
      ['sh b./a', 'writes $sh b./a = <b./a>', { files: { ba: 'ls' } }],
      ['sh ~/.ssh/a', 'writes credentialRead $sh ~/.ssh/a = <~/.ssh/a>'],
      ['ssh h.example ls', 'sh ls; writes network $ssh @h.example = ^<ssh>'],
      ['psql', 'destructive deletes writes network $psql = <rows>', { stdin: 'drop table a' }],
      ['psql -c a', 'destructive deletes writes network $psql = <rows>', { stdin: 'drop table a' }],
    ],
  ],
  [
    'paths and hosts',
    [
      ['curl a.example', 'network $curl @a.example = ^<curl a.example>'],
      ['curl -a.example b.example', 'network $curl @b.example .example = ^<curl -a.example b.example>'],
      ['mycurl a.example', 'writes $mycurl = <mycurl a.example>'],
      ['curlx a.example', 'writes $curlx = <curlx a.example>'],
      ['invoke-anything a.example', 'writes network $invoke-anything @a.example = <invoke-anything a.example>'],
      ['ls https://a.example', 'network $ls @a.example = <ls https://a.example>'],
      ['socat tcp:a.example:1', 'writes network $socat @a.example = ^<socat tcp:a.example:1>'],
      ['socat UDP4-connect:a.example', 'writes network $socat @a.example = ^<socat UDP4-connect:a.example>'],
      ['socat a.tcp:b.example', 'writes network $socat @a.tcp = ^<socat a.tcp:b.example>'],
      ['ls --file=/a', '$ls /a = <ls --file=/a>'],
      ['ls -file=/a', '$ls /a = <ls -file=/a>'],
      ['ls @/a', '$ls /a = <ls @/a>'],
      ['ls -f/a', '$ls /a = <ls -f/a>'],
      ['ls -F.a', '$ls .a = <ls -F.a>'],
      ['ls -fa/b', '$ls = <ls -fa/b>'],
      ['ls -1/a', '$ls = <ls -1/a>'],
      ['cat .env', 'credentialRead $cat .env = <cat .env>'],
      ['scp -i .env b:', 'writes network $scp = <scp -i .env b:>'],
      ['sftp --identity-file .env b:', 'writes network $sftp = <sftp --identity-file .env b:>'],
      ['scp .env -i a b:', 'writes network credentialRead $scp .env = <scp .env -i a b:>'],
      ['scp -ix .env b:', 'writes network credentialRead $scp .env = <scp -ix .env b:>'],
      ['scp a-i .env b:', 'writes network credentialRead $scp .env = <scp a-i .env b:>'],
      ['myscp -i .env b:', 'writes credentialRead $myscp .env = <myscp -i .env b:>'],
      ['cp a .env', 'writes $cp .env = <cp a .env>'],
      ['cp .env a', 'writes credentialRead $cp .env = <cp .env a>'],
      ['cp .env', 'writes credentialRead $cp .env = <cp .env>'],
      ['cpx a .env', 'writes credentialRead $cpx .env = <cpx a .env>'],
      ['mycp a .env', 'writes credentialRead $mycp .env = <mycp a .env>'],
    ],
  ],
];

describe.each(CASES)('a command is read: %s', (_what, cases) => {
  it.each(cases)('%j: %s', (...[line, learnt, input]) => {
    expect(toLine(line, input)).toBe(learnt);
  });
});
