import { describe, expect, it } from '@jest/globals';
import { RecordingRunner, shown } from '../../../../test/support/recording-runner.ts';
import { DECODED, FETCHED, unknown } from './marks.ts';
import { outputOf } from './outputs.ts';

/** Words in `[…]`, as they reach the command. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/\[(.*?)\](?!\])|(\S+)/gs)].map((one) => one[1] ?? one[2] ?? '');

/** `<…>` is not known, `!` was decoded, `^` was fetched. */
function printed(command: string, stdin?: string, runner = new RecordingRunner()): string {
  const [name = '', ...args] = wordsOf(command);
  return shown(outputOf(runner, name, args, stdin, false));
}

describe('what echo and printf print is known to the character', () => {
  it.each([
    ['echo', '\n'],
    ['echo a  b', 'a b\n'],
    ['echo -n a b', 'a b'],
    ['echo -n', ''],
    ['echo -n -E a', 'a'],
    ['echo -nE -x -n', '-x -n'],
    ['echo -na b', '-na b\n'],
    ['echo x-n', 'x-n\n'],
    ['echo [a\\tb]', 'a\\tb\n'],
    ['echo -e [a\\tb]', 'a\tb\n'],
    ['echo -ne [a\\tb]', 'a\tb'],
    ['echo [a\\tb] -e', 'a\\tb -e\n'],
    ['echo -e \\x72m', '!rm\n'],
    ['echo -e [a\\c] b', '!<a\\c b>\n'],
    ['printf', ''],
    ['printf a b', 'a'],
    ['printf -- a b', 'a'],
    ['printf %s-%s a b', 'a-b'],
    ['printf %s- a b c', 'a-b-c-'],
    ['printf %s-%s- a b c', 'a-b-c--'],
    ['printf %s', ''],
    ['printf %s a\\tb', 'a\\tb'],
    ['printf %b a\\tb', 'a\tb'],
    ['printf %d 123', '123'],
    ['printf %d 0x1', '!<%d 0x1>'],
    ['printf %d 1x', '!<%d 1x>'],
    ['printf %c rm', '!<%c rm>'],
    ['printf %.2s rmx', '!<%.2s rmx>'],
    ['printf [%-5s|] rm', '!<%-5s rm>|'],
    ['printf 100%%', '100%'],
    ['printf %%s a b', '%s'],
    ['printf %s%%%s a b', 'a%b'],
    ['printf [\\x72%s] m', '!rm'],
  ])('%s: %j', (command, text) => {
    expect(printed(command)).toBe(text);
  });

  it('a format is not repeated beyond what is read', () => {
    const values = Array.from({ length: 3 }, () => 'x'.repeat(100_000));
    expect(printed(`printf %s ${values.join(' ')}`)).toHaveLength(200_000);
    expect(printed(`printf %s ${'y'.repeat(199_999)} z z`)).toHaveLength(200_000);
  });
});

describe('what a decoder makes of a known text is known, and marked', () => {
  it.each([
    ['base64 -d', 'cm0=', '!rm'],
    ['base64 -D', 'cm0=', '!rm'],
    ['base64 -di', 'cm0=', '!rm'],
    ['base64 -id', 'cm0=', '!rm'],
    ['base64 --decode', 'cm0=', '!rm'],
    ['base64 -w0', 'cm0=', '<base64 -w0>'],
    ['base64', 'cm0=', '<base64>'],
    ['base64 --wrap=0', 'rm', '<base64 --wrap=0>'],
    ['base64 -d', unknown('x'), '!<base64 -d>'],
    ['base64 -d', FETCHED + unknown('x'), '^!<base64 -d>'],
    ['base64 -d', `${FETCHED}cm0=`, '^!rm'],
    ['base64 -w-d', 'rm', '<base64 -w-d>'],
    ['openssl enc -d -base64', 'cm0=', '!rm'],
    ['openssl enc -d -a', 'cm0=', '!rm'],
    ['openssl base64 -d', 'cm0=', '!rm'],
    ['openssl enc -a', 'cm0=', '<openssl enc -a>'],
    ['openssl enc -d', 'cm0=', '<openssl enc -d>'],
    ['openssl enc x-d -a', 'cm0=', '<openssl enc x-d -a>'],
    ['openssl enc -des3 -a', 'cm0=', '<openssl enc -des3 -a>'],
    ['openssl enc -d -aes128', 'cm0=', '<openssl enc -d -aes128>'],
    ['openssl enc -d x-a', 'cm0=', '<openssl enc -d x-a>'],
    ['xxd -r -p', '726d', '!rm'],
    ['xxd -pr', '726d', '!rm'],
    ['xxd -p', 'rm', '<xxd -p>'],
    ['xxd -c-r', 'rm', '<xxd -c-r>'],
    ['xxd -0r', 'rm', '<xxd -0r>'],
    ['rev', 'mr\n/ fr-', '!rm\n-rf /'],
    ['tr a-c x-z', 'abcd', '!xyzd'],
    ['tr a- b', 'a-', '<tr a- b>'],
    ['tr a b c', 'a', '<tr a b c>'],
    ['tr a', 'a', '<tr a>'],
    ['tr', 'a', '<tr>'],
    ['tr -d x', 'rxmx', '!rm'],
    ['tr -d X-Z0-9', 'rX1m', '!rm'],
    ['tr -d [\\n]', 'r\nm', '<tr -d \\n>'],
    ['tr -s x', 'rxxm', '<tr -s x>'],
    ['tr -c x', 'rxxm', '<tr -c x>'],
    ['tr -cd x', 'rxxm', '<tr -cd x>'],
    ['tr -ds x y', 'rxm', '<tr -ds x y>'],
    ['tr !-~ P-~!-O', 'C>', '<tr !-~ P-~!-O>'],
    ['tr a !-~', 'a', '<tr a !-~>'],
    ['tr ab- x', 'a', '<tr ab- x>'],
    ['tr [[:upper:]] x', 'rA', '<tr [:upper:] x>'],
    ['tr x [[a*3]]', 'rx', '<tr x [a*3]>'],
    ['gunzip -c', 'x', '!<gunzip -c>'],
    ['base32 -d', 'x', '!<base32 -d>'],
    ['xzcat', undefined, '!<xzcat>'],
    ['gpg', unknown('x'), '!<gpg>'],
    ['sed s/x//', 'xrm', '<sed s/x//>'],
    ['cut -c1', 'rm', '<cut -c1>'],
    ['cut -c1', `${DECODED}rm`, '!<cut -c1>'],
  ])('%s < %j: %s', (command, stdin, text) => {
    expect(printed(command, stdin)).toBe(text);
  });

  it('a long text is cut', () => {
    expect(printed('rev', 'x'.repeat(200_001))).toHaveLength(200_001);
  });
});

describe('what goes through unchanged, and what may be left out', () => {
  it.each([
    ['cat', 'a\nb', 'a\nb'],
    ['cat -n -', 'a', 'a'],
    ['cat', undefined, '<cat>'],
    ['cat file', 'a', '<cat file>a'],
    ['cat 1', 'a', 'a'],
    ['cat 1 x2 3x', 'a', '<cat x2><cat 3x>a'],
    ['cat file', undefined, '<cat file>'],
    ['tee', 'a\n', 'a\n'],
    ['less', `${FETCHED}a`, '^a'],
    ['sort', 'rm\n', 'rm\n'],
    ['sort', 'rm\nls', '<sort>\nrm\nls'],
    ['head -n 5', 'rm', 'rm'],
    ['head -c 2', 'rmx', '<head -c 2>\nrmx'],
    ['head -qc2', 'rmx', '<head -qc2>\nrmx'],
    ['head --bytes=2', 'rmx', '<head --bytes=2>\nrmx'],
    ['head --lines=2', 'rmx', 'rmx'],
    ['grep x-o', 'rmx-o', 'rmx-o'],
    ['grep -o rm', 'rmx', '<grep -o rm>\nrmx'],
    ['grep --only-matching rm', 'rmx', '<grep --only-matching rm>\nrmx'],
    ['tail -1', `${DECODED}ls\nrm\n`, '!<tail -1>\n!ls\nrm\n'],
    ['tail -1', unknown('x'), '<tail -1>'],
    ['grep x', undefined, '<grep x>'],
    ['which -a rm ls', undefined, 'rm\nls'],
    ['type', 'a', ''],
    ['whence rm', 'a', 'rm'],
    ['whereis rm', 'a', 'rm'],
  ])('%s < %j: %j', (command, stdin, text) => {
    expect(printed(command, stdin)).toBe(text);
  });

  it('what the script has put into files is read, before the input', () => {
    const runner = new RecordingRunner();
    runner.files.set('a', 'rm');
    runner.files.set('-r', 'no');
    runner.files.set('x-', ' -rf');
    expect(printed('cat a x-', undefined, runner)).toBe('rm -rf');
    expect(printed(`cat -r ${DECODED}a`, ' /', runner)).toBe('rm /');
    expect(printed('cat a b', undefined, runner)).toBe('rm<cat b>');
    expect(printed('rev a', undefined, runner)).toBe('!mr');
    expect(printed('sed p b', ' /', runner)).toBe('<sed p b>');
  });

  it('tee keeps its input in files', () => {
    const runner = new RecordingRunner();
    printed(`tee -a ${DECODED}a b`, 'rm', runner);
    expect([...runner.files]).toEqual([
      ['a', 'rm'],
      ['b', 'rm'],
    ]);
  });
});

describe('what is fetched is marked, and lies in the file that it is written to', () => {
  it.each([
    ['curl x.example', []],
    ['curl -o a x.example', ['a']],
    ['curl -sLo a x.example', ['a']],
    ['curl -oa.sh x.example', ['a.sh']],
    ['curl --output a x.example', ['a']],
    ['curl --output=a.sh x.example', ['a.sh']],
    ['wget -O a x.example', ['a']],
    ['wget -qO a x.example', ['a']],
    ['wget --output-document=a.sh x.example', ['a.sh']],
    ['wget --output-document a x.example', ['a']],
    ['iwr x.example -OutFile a', ['a']],
    ['curl --proto a x.example', []],
    ['curl x-oa x.example', []],
    ['curl x-o a', []],
    ['curl --outputs a', []],
    ['curl x.example -o', []],
    ['curl https://x.example/a/b.sh?c#d', ['b.sh']],
    ['curl https://x.example/', []],
    ['curl https://x.example/?a/b', []],
    ['curl https://x.example', []],
  ])('%s: %j', (command, files) => {
    const [name = '', ...args] = wordsOf(command);
    const runner = new RecordingRunner();
    expect(shown(outputOf(runner, name, args, undefined, true))).toBe(`^<${command}>`);
    expect([...runner.files]).toEqual(files.map((file) => [file, FETCHED + unknown(command)]));
  });

  it('the name of the file may carry marks', () => {
    const runner = new RecordingRunner();
    outputOf(runner, 'curl', ['-o', `${DECODED}a`], undefined, true);
    expect([...runner.files.keys()]).toEqual(['a']);
  });
});
