import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromBase64, fromHex, fromPoint, reversed, translated, unescape } from './decode.ts';
import { Facts } from './facts.ts';
import { locateWasm } from './locate-wasm.ts';
import { isCredentialPlace, noteRead, noteTarget, noteUrls, noteWritten } from './places.ts';
import { readShell } from './read-shell.ts';

describe('places where credentials live', () => {
  it.each([
    '~/.ssh/id_rsa',
    '/home/a/.ssh',
    '.env',
    'app/.env.local',
    'prod.env',
    'C:\\Users\\a\\.aws\\credentials',
    'file:///etc/shadow',
    '/ETC/SHADOW',
    '/proc/1234/environ',
    '/proc/*/environ',
    'server.pem',
    'keys/app.p12',
    '/etc/sh*',
    '/e?c/shadow',
    '.s[s]h/x',
    '.e*',
    '/run/secrets/db',
    '/etc/ssl/../shadow',
    '/proc/self/task/1/environ',
    '/proc/1/e*',
    'server-cert-key.pem',
    `/etc/[${'s'.repeat(200)}]hadow`,
    `${'[a]/'.repeat(60)}x`,
    'proc/'.repeat(800) + 'env',
    'file:id_rsa',
    'Login Data',
    'known_hosts.key/id_rsa',
    `${'a'.repeat(4089)}/id_rsa`,
    `${'a/'.repeat(50)}b*`,
    `${'a/'.repeat(48)}.ss?`,
    `.ss${'*'.repeat(98)}`,
  ])('%s', (path) => expect(isCredentialPlace(path)).toBe(true));

  it.each([
    '~/.ssh/id_rsa.pub',
    '~/.ssh/known_hosts',
    '.env.example',
    '.envrc.md',
    'env',
    'src/env.ts',
    'cert.pem',
    'ca-bundle.pem',
    '/proc/cpuinfo',
    '/proc/*/status',
    'proc/'.repeat(800),
    '*',
    '*.json',
    'src/*',
    '/etc/hosts',
    'shadow',
    'a'.repeat(5000),
    `${'a'.repeat(4090)}/id_rsa`,
    `${'a/'.repeat(49)}b*`,
    `.q${'*'.repeat(98)}`,
    'xfile:id_rsa',
    'known_hosts.key',
    'a.pem.txt',
    'x.envy',
    'my-id_rsa',
  ])('not %s', (path) => expect(isCredentialPlace(path)).toBe(false));
});

describe('hosts', () => {
  it.each([
    ['https://User:x@Example.com:8443/a', 'example.com', false],
    ['http://2852039166/', '169.254.169.254', true],
    ['http://0251.0376.0251.0376/', '169.254.169.254', true],
    ['http://[::ffff:169.254.169.254]/', '[::ffff:a9fe:a9fe]', true],
    ['see http://metadata.google.internal/x for more', 'metadata.google.internal', true],
  ])('in %s', (text, host, isMetadata) => {
    const facts = new Facts();
    noteUrls(facts, text);
    expect(facts.toReading()).toMatchObject({ hosts: [host], network: true, credentialRead: isMetadata });
  });

  it.each([
    ['me@host.example:/srv', ['host.example']],
    ['10.0.0.1:22', ['10.0.0.1']],
    ['localhost', ['localhost']],
    ['0xa9fea9fe', ['169.254.169.254']],
    ['[fd00:ec2::254]:80', ['[fd00:ec2::254]']],
    ['ftp://files.example/x', ['files.example']],
    ['file', []],
    ['-v', []],
  ])('as the target %s', (word, hosts) => {
    const facts = new Facts();
    noteTarget(facts, word);
    expect(facts.toReading().hosts).toEqual(hosts);
  });

  it('and paths and commands are named in the answer', async () => {
    expect(
      await readShell('sudo cp ./a.txt /srv/b; curl -s https://x.example/a | sudo tee /tmp/y; ls ~ | grep z'),
    ).toMatchObject({
      commands: ['cp', 'curl', 'tee', 'ls', 'grep'],
      hosts: ['x.example'],
      paths: ['./a.txt', '/srv/b', '/tmp/y', '~'],
    });
  });

  it('are at most two hundred, and not endless', async () => {
    const { paths } = await readShell(Array.from({ length: 300 }, (_, index) => `cat ./f${index}`).join('\n'));
    expect(paths).toHaveLength(200);
    expect((await readShell(`cat ./${'a'.repeat(1000)}`)).paths[0]).toHaveLength(300);
  });
});

describe('decoding', () => {
  it.each([
    ['\\x72\\x6d', 'rm', true],
    ['\\162\\155', 'rm', true],
    ['\\0162', 'r', true],
    ['\\u0072\\u{6d}', 'rm', true],
    ['a\\n\\t\\\\\\"', 'a\n\t\\"', false],
    ['\\x64d \\u0064d \\U00000064d', 'dd dd dd', true],
    ['\\x6D \\u6D \\U6D \\x{6D} \\u{6D}', 'm m m m m', true],
    ['\\q\\', '\\q\\', false],
    ["\\r\\a\\b\\e\\f\\v\\?\\'", "\r\u0007\b\u001b\f\v?'", false],
    ['\\x{110000}\\0', '', true],
    ['plain', 'plain', false],
  ])('%s', (text, decoded, isEncoded) => expect(unescape(text)).toEqual({ text: decoded, isEncoded }));

  it('base64, also of UTF-16, hexadecimal, characters, order and alphabet', () => {
    expect(fromBase64('cm0gLXJm')).toBe('rm -rf');
    expect(fromBase64('cgBtACAALQByAGYA')).toBe('rm -rf');
    expect([fromBase64('YWJjAA=='), fromBase64('YQBiYw=='), fromBase64('cgBt')]).toEqual(['abc\0', 'a\0bc', 'r\0m']);
    expect(fromHex('0x72 6d')).toBe('rm');
    expect(fromPoint(0x10ffff)).toBe('\u{10ffff}');
    expect([fromPoint(114), fromPoint(0), fromPoint(Number.NaN), fromPoint(0x110000)]).toEqual(['r', '', '', '']);
    expect(reversed('mr')).toBe('rm');
    expect(translated('ez!', 'a-z', 'n-za-m')).toBe('rm!');
    expect(translated('abc', 'a-c', 'x')).toBe('xxx');
    expect(translated('abc', 'b', '')).toBe('ac');
    expect(translated('z', `${'a'.repeat(511)}z`, 'b')).toBe('b');
    expect(translated('z', `${'a'.repeat(512)}z`, 'b')).toBe('z');
  });
});

describe('the WebAssembly files', () => {
  it('are taken from beside the program, or else from the packages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wasm-'));
    try {
      const from = pathToFileURL(join(import.meta.dirname, 'x.js')).href;
      expect(locateWasm('tree-sitter-bash.wasm', from)).toMatch(
        /node_modules.tree-sitter-bash.tree-sitter-bash\.wasm$/,
      );
      expect(existsSync(locateWasm('web-tree-sitter.wasm'))).toBe(true);
      writeFileSync(join(folder, 'tree-sitter-bash.wasm'), '');
      const beside = pathToFileURL(join(folder, 'main.js')).href;
      expect(locateWasm('tree-sitter-bash.wasm', beside)).toBe(join(folder, 'tree-sitter-bash.wasm'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const noted = (note: (facts: Facts) => void): string => {
  const facts = new Facts();
  note(facts);
  const reading = facts.toReading();
  const marks = ['deletes', 'writes', 'destructive', 'network', 'credentialRead', 'credentialChange'] as const;
  return [...marks.filter((mark) => reading[mark]), ...reading.paths, ...reading.hosts].join(' ');
};

describe('what is written to', () => {
  it.each([
    ['a', 'writes a'],
    ['/dev/null', ''],
    ['/dev/stderr', ''],
    ['/dev/fd/12', ''],
    ['/dev/urandom', ''],
    ['/dev/fd/x', 'deletes writes destructive /dev/fd/x'],
    ['/dev/null2', 'deletes writes destructive /dev/null2'],
    ['x/dev/null', 'writes x/dev/null'],
    ['/dev/sda', 'deletes writes destructive /dev/sda'],
    ['/dev/tcp/h/53', 'network h'],
    ['/dev/udp/h/53', 'network h'],
    ['x/dev/udp/h/53', 'writes x/dev/udp/h/53'],
    ['authorized_keys', 'writes credentialChange authorized_keys'],
    ['.ssh/authorized_keys2', 'writes credentialChange .ssh/authorized_keys2'],
    ['authorized_keys.bak', 'writes authorized_keys.bak'],
    ['my_authorized_keys', 'writes my_authorized_keys'],
    ['/etc/sudoers', 'writes credentialChange /etc/sudoers'],
    ['etc/sudoers.d/ab', 'writes credentialChange etc/sudoers.d/ab'],
  ])('%s: %s', (path, wanted) => expect(noted((facts) => noteWritten(facts, path, false))).toBe(wanted));

  it('is lost when it is overwritten', () =>
    expect(noted((facts) => noteWritten(facts, 'a', true))).toContain('deletes'));
});

describe('what is read', () => {
  it.each([
    ['cat', 'a/b', 'a/b'],
    ['cat', '.a', '.a'],
    ['cat', '~', '~'],
    ['cat', 'c:\\a', 'c:\\a'],
    ['cat', 'a', ''],
    ['cat', 'a.b', ''],
    ['cat', 'ab:\\c', ''],
    ['cat', '-a/b', ''],
    ['cat', 'x://a/b', ''],
    ['cat', 'id_rsa', 'credentialRead'],
    ['cat', './id_rsa', 'credentialRead ./id_rsa'],
    ['ls', './id_rsa', './id_rsa'],
  ])('%s %s: %s', (command, path, wanted) => expect(noted((facts) => noteRead(facts, command, path))).toBe(wanted));
});
