import { describe, expect, it } from '@jest/globals';
import type { CodeLanguage, ShellReading } from '../model.ts';
import { readCode } from './read-code.ts';

/** The facts that hold, as letters. U: not all of it was read. */
const LETTERS: readonly (readonly [string, keyof ShellReading])[] = [
  ['D', 'destructive'],
  ['d', 'deletes'],
  ['w', 'writes'],
  ['n', 'network'],
  ['P', 'pipeToInterpreter'],
  ['e', 'environmentDump'],
  ['o', 'obfuscated'],
];
const lettersOf = (reading: ShellReading): string =>
  (reading.parsed ? '' : 'U') + LETTERS.map(([letter, fact]) => (reading[fact] ? letter : '')).join('');

const PROGRAMS: readonly (readonly [CodeLanguage, readonly (readonly [string, string])[]])[] = [
  [
    'python',
    [
      ['Ddw', "subprocess.run(cmd=['rm', '-rf', '/'])"],
      ['Ddw', "os.popen(command='rm -rf /')"],
      ['Ddw', "subprocess.call(popenargs=['rm', '-rf', '/'])"],
      ['Ddw', "subprocess.run(env={'A': 'b'}, args=['rm', '-rf', '/'])"],
      ['Ddw', "os.system('rm ' '-rf' ' /')"],
      ['Ddw', "os.system('rm -rf /' * 1)"],
      ['Ddw', "os.system('rm %s /' % '-rf')"],
      ['Ddw', "os.system('rm {} /'.format('-rf'))"],
      ['Ddw', "os.system('rm {a} /'.format('-rf'))"],
      ['DdwPo', "os.system('rm xx /'.replace('xx', '-rf'))"],
      ['Ddw', "os.system(' RM -RF / '.strip().lower())"],
      ['Ddw', "os.system(' '.join(['rm', '-rf', '/']))"],
      ['Ddw', "os.system(' '.join(('rm', '-rf', '/')))"],
      ['Ddw', "subprocess.run('rm -rf /'.split())"],
      ['Ddw', "subprocess.run('rm,-rf,/'.split(','))"],
      ['DdwPo', "os.system('/ fr- mr'[::-1])"],
      ['DdwPo', "os.system(base64.decodebytes(b'cm0gLXJmIC8='))"],
      ['DdwPo', "os.system(bytes.fromhex('726d202d7266202f').decode())"],
      ['DdwPo', "os.system(binascii.unhexlify('726d202d7266202f'))"],
      ['DdwPo', 'os.system(bytearray([114, 109, 32, 45, 114, 102, 32, 47]).decode())'],
      ['DdwPo', 'os.system(bytes((114, 109, 32, 45, 114, 102, 32, 47)))'],
      ['DdwPo', "os.system('726d202d7266202f'.decode('hex'))"],
      ['DdwPo', "os.system('cm0gLXJmIC8='.decode('base64'))"],
      ['DdwPo', "os.system(chr(114) + chr(109) + ' -rf /')"],
      ['Ddw', "x = 'rm'\nos.system(f'{x} -rf /')"],
      ['Ddw', "x = 'rm'\nos.system('%s -rf /' % x)"],
      ['Ddw', "x = 'rm'\nx += ' -rf /'\nos.system(x)"],
      ['Udwno', "os.system(x['rm'])"],
      ['Udwno', "os.system('rm -rf /'.foo())"],
      ['Ddw', "os.system(not 'rm -rf /')"],
      ['Udwno', 'os.system(str(b))'],
      ['Udwno', 'os.system(b)'],
      ['Udwno', "subprocess.run(['sh', '-c', b])"],
      ['Udwno', "os.execvp('sh', ['sh', '-c', b])"],
      ['', "subprocess.run('ls', options)"],
      ['', "subprocess.run(['ls'], capture_output=True, env=env)"],
      ['Udwno', 'os.system(*[])'],
    ],
  ],
  [
    'javascript',
    [
      ['Ddw', "execSync(['rm', '-rf', '/'].join(' '))"],
      ['Ddw', "execSync('rm -rf /'.concat(' /x'))"],
      ['Ddw', "execSync('rm'.concat(' -rf', ' /'))"],
      ['DdwPo', "execSync('rm xx /'.replace('xx', '-rf'))"],
      ['DdwPo', "execSync('rm xx /'.replaceAll('xx', '-rf'))"],
      ['Ddw', "execSync('rm -rf /'.toString().trim().toLowerCase())"],
      ['DdwPo', "execSync(['/', '-rf', 'rm'].reverse().join(' '))"],
      ['DdwPo', "execSync('/ fr- mr'.split('').reverse().join(''))"],
      ['DdwPo', "execSync(Buffer.from('726d202d7266202f', 'hex').toString())"],
      ['DdwPo', "execSync(Buffer.from('cm0gLXJmIC8=', 'base64').toString())"],
      ['DdwPo', "execSync(Buffer.from('rm -rf /').toString())"],
      ['DdwPo', 'execSync(String.fromCharCode(114, 109, 32, 45, 114, 102, 32, 47))'],
      ['DdwPo', 'execSync(String.fromCodePoint(114, 109, 32, 45, 114, 102, 32, 47))'],
      ['DdwPo', "execSync(decodeURIComponent('rm%20-rf%20/'))"],
      ['DdwPo', "execSync(unescape('%72%6D%20-rf%20/'))"],
      ['DdwPo', "execSync(atob('cm0gLXJmIC8='))"],
      ['Ddw', "execFileSync('rm', ['-rf', '/'])"],
      ['Ddw', "spawn('rm', ['-rf', '/'], { cwd: '/' })"],
      ['Ddw', "const x = 'rm -rf /'; execSync(`${x}`)"],
      ['Ddw', "execSync(await 'rm -rf /')"],
      ['Ddw', "child_process?.execSync('rm -rf /')"],
      ['Udwno', "execFileSync('sh', ['-c', b])"],
      ['Udwno', "spawn('sh', ['-c', f(b)])"],
      ['', "spawn('ls', options)"],
      ['', "execSync('git status', options)"],
      ['', "exec('ls', (error, out) => { print(out) })"],
      ['Udwn', "execFile('git', args, callback)"],
    ],
  ],
  [
    'go',
    [
      ['Ddw', 'exec.Command("rm", []string{"-rf", "/"}...)'],
      ['Udwno', 'b, _ := base64.StdEncoding.DecodeString("cm0gLXJmIC8="); exec.Command("sh", "-c", string(b))'],
      ['DdwPo', 'exec.Command("sh", "-c", string([]byte{114, 109, 32, 45, 114, 102, 32, 47}))'],
      ['Udwno', 'exec.Command("sh", "-c", b)'],
      ['Udwno', 'exec.Command("sh", "-c", string(b))'],
      ['Udwno', 'exec.Command("sh", "-c", f(b))'],
      ['Ddw', 'exec.Command("sh", "-c", "rm -rf /")'],
      ['Ddw', 'exec.Command("rm", "-rf", "/")'],
      ['wPo', 'exec.Command("sh", "-c", string([]byte{114}))'],
      ['UdwnPo', 'exec.Command("sh", "-c", string([]rune{\'r\', x}))'],
      ['Ddwe', 'syscall.Exec("/bin/rm", []string{"rm", "-rf", "/"}, os.Environ())'],
    ],
  ],
  [
    'unknown',
    [
      ['DdwPo', 'system(base64_decode("cm0gLXJmIC8="));'],
      ['DdwPo', 'system(Base64.decode64("cm0gLXJmIC8="))'],
      ['DdwPo', 'system(decode_base64("cm0gLXJmIC8="));'],
      ['UDdwno', '`rm -rf /`'],
      ['Ddw', 'system("rm" . " -rf /");'],
    ],
  ],
];

describe.each(PROGRAMS)('a command put together in %s', (language, programs) => {
  it.each(programs)('%s: %s', async (letters, source) => {
    expect(lettersOf(await readCode(source, language))).toBe(letters);
  });
});
