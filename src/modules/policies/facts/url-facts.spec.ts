import { describe, expect, test } from '@jest/globals';
import { toUrlFacts } from './url-facts.ts';

describe('facts of a URL', () => {
  test.each<[string, object]>([
    ['HTTPS://Example.COM/a?b', { scheme: 'https', host: 'example.com', port: 443, privateNetwork: false, path: '/a' }],
    ['http://example.com:8080', { scheme: 'http', port: 8080 }],
    ['https://api.eu.example.co.uk./', { host: 'api.eu.example.co.uk', site: 'example.co.uk' }],
    ['https://team.github.io/x', { site: 'team.github.io' }],
    ['https://192.0.2.1/x', { site: '192.0.2.1' }],
    ['http://[::1]:9000/', { host: '::1', port: 9000, privateNetwork: true, allowlisted: true }],
    ['http://[::1]:9001/', { privateNetwork: true, allowlisted: false }],
    ['http://0x7f.1/', { host: '127.0.0.1', privateNetwork: true }],
    ['http://169.254.169.254/latest', { metadataService: true }],
    ['https://user@example.com', { hasCredentials: true }],
    ['https://example.com/%64elete/%zz', { path: '/%64elete/%zz' }],
    ['https://example.com/%64elete', { path: '/delete' }],
    ['https://', { unparsed: true, scheme: '' }],
    ['javascript:alert(1)', { unparsed: true }],
    ['', { unparsed: true }],
  ])('%s', async (url, expected) => {
    expect(await toUrlFacts({ url, method: 'post' }, ['[::1]:9000'])).toMatchObject({ ...expected, method: 'POST' });
  });

  test('an action without one has empty facts, not unparsed ones', async () => {
    expect(await toUrlFacts({}, [])).toMatchObject({ scheme: '', unparsed: false, privateNetwork: false, method: '' });
  });
});
