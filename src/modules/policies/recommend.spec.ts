import { describe, expect, test } from '@jest/globals';
import { BUILT_IN } from './built-in.ts';
import { describeWith } from './instantiate.ts';
import { recommend } from './recommend.ts';

const FILES = ['rate-limiting', 'secrets-protection'];
const ALL = ['pii-protection', 'rate-limiting', 'cost-control', 'data-deletion', 'secrets-protection', 'human-review'];

describe('what an agent may do decides which policies it gets', () => {
  test.each<[string[], string[], string[]]>([
    [['data.transform'], [], []],
    [['file.read', 'data.parse'], [], ['secrets-protection']],
    [['file.read', 'file.write'], [], FILES],
    [['file.delete'], [], ['rate-limiting', 'data-deletion', 'secrets-protection']],
    [[], ['file.*'], ['rate-limiting', 'data-deletion', 'secrets-protection']],
    [[], ['file.r*'], []],
    [['http.request'], [], ['pii-protection', 'rate-limiting', 'secrets-protection']],
    [['sql.query'], [], ['pii-protection', 'rate-limiting']],
    [['sql.execute'], [], ['pii-protection', 'rate-limiting', 'data-deletion', 'secrets-protection']],
    [['email.read', 'email.send'], [], ['pii-protection', 'rate-limiting', 'secrets-protection', 'human-review']],
    [['model.generate'], [], ['pii-protection', 'rate-limiting', 'cost-control', 'secrets-protection']],
    [['code.run'], [], ['rate-limiting', 'data-deletion', 'secrets-protection']],
    [['mcp.call', 'model.generate'], [], ALL],
  ])('steps %j with grants %j get %j', (types, grants, ids) => {
    expect(recommend(types, grants).map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    'file.list',
    'file.read',
    'file.write',
    'file.move',
    'file.delete',
    'http.request',
    'sql.query',
    'sql.execute',
    'email.search',
    'email.read',
    'email.send',
    'slack.post',
    'model.generate',
    'storage.list',
    'storage.get',
    'storage.put',
    'storage.delete',
    'code.run',
    'mcp.call',
  ])('%s: each reason says what the policy does, with the values in force', (type) => {
    for (const { id, reason } of recommend([type], [])) {
      const template = BUILT_IN.get(id)!;
      expect(describeWith(template, reason)).toMatch(/^[A-Z][^{}]{20,}$/);
    }
  });

  test('the values are those that were given', () => {
    const [{ reason } = { reason: '' }] = recommend(['file.write'], []);
    expect(describeWith(BUILT_IN.get('rate-limiting')!, reason, { writesPerMinute: 7 })).toBe('Max 7 changes a minute');
  });
});
