import { describe, expect, it } from '@jest/globals';
import { classifyHost, isMetadataAddress, isPublicAddress } from './classify.ts';

describe('classifyHost', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '0.0.0.0',
    '0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.0.9',
    '100.64.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:0a00:0001]',
    '[::127.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[fc00::1]',
    '[fd12::1]',
    '[fe80::1]',
    '[fe80::1%25eth0]',
    '[ff02::1]',
    '[2002:7f00:1::]',
    '[2001:db8::1]',
    'db',
    'redis',
    'printer.local',
    'wiki.internal',
    'nas.lan',
    'router.home.arpa',
    'x.corp',
    '',
    ' ',
    'a b',
    'exa mple.org',
    'user@example.org',
    'a/b',
    '1.2.3.4.5',
    '999.1.1.1',
  ])('%s is not public', (host) =>
    expect(classifyHost(host)).toEqual({ privateNetwork: true, metadataService: false }),
  );

  it.each([
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '[fd00:ec2::254]',
    '[fd00:0ec2:0:0::254]',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '169.254.170.2',
    'metadata.google.internal',
    'Metadata.Google.Internal.',
    'metadata',
    'instance-data',
  ])('%s is a metadata service', (host) =>
    expect(classifyHost(host)).toEqual({ privateNetwork: true, metadataService: true }),
  );

  it.each([
    'example.org',
    'EXAMPLE.org.',
    '8.8.8.8',
    '0x08080808',
    '1.1',
    '[2606:4700:4700::1111]',
    '[64:ff9b::8.8.8.8]',
    '172.32.0.1',
    'internal.example.org',
    'bücher.example.com',
    'localhost.example.org',
  ])('%s may be public', (host) =>
    expect(classifyHost(host)).toEqual({ privateNetwork: false, metadataService: false }),
  );
});

describe('isPublicAddress', () => {
  it('knows public addresses and takes nothing else for one', () => {
    expect(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'].map(isPublicAddress)).toEqual([true, true, true]);
    expect(['127.0.0.1', '::1', '', 'x', '168.63.129.16', '2001::1', 'fe80::1%eth0'].map(isPublicAddress)).toEqual(
      Array(7).fill(false),
    );
  });

  it('knows metadata addresses in their IPv6 wrappings', () => {
    expect(['169.254.169.254', '::ffff:169.254.169.254', '64:ff9b::169.254.169.254'].map(isMetadataAddress)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['8.8.8.8', 'x'].map(isMetadataAddress)).toEqual([false, false]);
  });
});
