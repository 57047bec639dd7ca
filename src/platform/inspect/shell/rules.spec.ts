import { describe, expect, it } from '@jest/globals';
import { effectsOf } from './rules.ts';

const effects = (line: string): string => {
  const [command = '', ...args] = line.split(' ');
  const { flags, fetches } = effectsOf(command, args);
  return [...new Set(flags), ...(fetches ? ['fetches'] : [])].sort().join(' ');
};

describe('what a command does by its name and arguments', () => {
  it.each([
    ['ls -la', ''],
    ['made-up', 'writes'],
    ['git status', ''],
    ['git -v status', ''],
    ['git', 'writes'],
    ['git undefined', 'writes'],
    ['git commit status', 'writes'],
    ['git --version', 'writes'],
    ['node --version', ''],
    ['node --help', 'writes'],
    ['node --version x', ''],
    ['node x --version', 'writes'],
    ['curl x', 'fetches network'],
    ['openssl s_client', 'fetches network writes'],
    ['sudo ls', 'privilege writes'],
    ['passwd', 'credentialChange writes'],
    ['pass show x', 'credentialRead environmentDump writes'],
    ['certutil -decode x', 'obfuscated writes'],
    ['nc -e /bin/sh', 'fetches network pipeToInterpreter writes'],
    ['mv a b', 'deletes writes'],
  ])('%s: %s', (line, wanted) => expect(effects(line)).toBe(wanted));
});

describe('arguments decide whether a command destroys', () => {
  const destroys = (line: string): boolean => effects(line).includes('destructive');

  it.each([
    'mkfs -t ext4',
    'mkfs.ext4 /dev/sda1',
    'python3.12 manage.py flush',
    // Short options: alone, or in a cluster.
    'rm -r x',
    'rm -fr x',
    'rm -Rf x',
    'kill -9 -1',
    'kill -1 --',
    // Long options: whole, cut short, with a value, whatever their case.
    'rm --recursive x',
    'rm --rec x',
    'rm --no x',
    'remove-item -RECURSE x',
    'terraform apply -destroy',
    'terraform apply -dest',
    'terraform apply -destroy=true',
    'git push --force-with-lease=a:b',
    'chmod 000 x',
    // Words in their order, options anywhere.
    'terraform state rm x',
    'terraform -x state x rm',
    'aws s3 sync --delete',
    'aws --delete s3 sync',
    'git branch -f -d x',
    'git reset --HARD',
    'net user x /delete',
    // What must not be there.
    'fdisk /dev/sda',
    'fdisk',
    // Patterns.
    'git push origin +main',
    'git push origin :main',
    'git push origin +',
    'format c:',
    'format :c',
    `format ${'a'.repeat(4095)}:`,
    'rm *.log',
    'rm a?',
    'dd OF=/dev/sda',
    // A place with everything below it.
    'rm /',
    'rm ///',
    'rm ~',
    'rm ~//',
    'rm .',
    'rm ./',
    'rm ..',
    'rm ../',
    'rm c:',
    'rm C:\\',
    'rm c:/',
    'rm /etc',
    'rm /Users//',
  ])('%s', (line) => expect(destroys(line)).toBe(true));

  it.each([
    'mkf x',
    'xmkfs',
    'rm a-r',
    'rm -f x',
    'rm -f=r',
    'rm -- x',
    'rm --x',
    'rm --recursively x',
    'rm -*',
    'rm m',
    'kill -9 x',
    'kill -9 -12',
    'kill -1 x',
    'kubectl del x',
    'kubectl delet=x',
    'terraform rm state',
    'terraform apply -x',
    'fdisk -l',
    'fdisk --list',
    'fdisk x print',
    'git push x+main',
    'git push main:x',
    'format c',
    `format ${'a'.repeat(4096)}:`,
    'dd if=x',
    'dd x-of=y',
    'rm ...',
    'rm a.',
    'rm ab:',
    'rm c:x',
    'rm /etc/x',
    'rm x/etc',
    'rm /etcetera',
    'rm ~x',
    'rm x~',
    'rm a/',
  ])('not %s', (line) => expect(destroys(line)).toBe(false));

  it('no argument with a blank fits a pattern', () =>
    expect(effectsOf('dd', ['of=a b']).flags).not.toContain('destructive'));
});

describe('modes that give privileges', () => {
  const elevates = (mode: string): boolean => effectsOf('chmod', [mode]).flags.includes('privilege');

  it.each(['777', '4755', '2000', '6777', 'u+s', '+s', 'u+rwxs', 'O+W'])('%s', (mode) =>
    expect(elevates(mode)).toBe(true),
  );

  it.each(['755', '0755', '5755', '475', '47555', '4abc', 'x4755', '+sx', 'a+w'])('not %s', (mode) =>
    expect(elevates(mode)).toBe(false),
  );
});

describe('commands that print the environment', () => {
  const dumps = (line: string): boolean => effects(line).includes('environmentDump');

  it.each(['env', 'set', 'env -0', 'export -p', 'history', 'ps e', 'docker secret inspect x'])('%s', (line) =>
    expect(dumps(line)).toBe(true),
  );

  it.each(['env x', 'set -e', 'env 0', 'history -c', 'ps a', 'docker inspect secret'])('not %s', (line) =>
    expect(dumps(line)).toBe(false),
  );
});
