import { expect, test } from '@jest/globals';
import { BUILT_IN, isEnforceable } from './built-in.ts';
import { recommend } from './recommend.ts';

test.each<[string[], string[], string[]]>([
  [['data.transform'], [], []],
  [['file.read', 'data.parse'], [], ['secrets-protection']],
  [['file.read', 'file.write'], [], ['rate-limiting', 'secrets-protection']],
  [['http.request'], [], ['rate-limiting', 'secrets-protection']],
  [['file.delete'], [], ['rate-limiting', 'data-deletion', 'secrets-protection']],
  [[], ['file.*'], ['rate-limiting', 'data-deletion', 'secrets-protection']],
  [[], ['file.delete'], ['rate-limiting', 'data-deletion', 'secrets-protection']],
  [[], ['file.r*'], []],
  [['email.send'], [], ['rate-limiting']],
])('steps %j with grants %j get %j', (types, grants, ids) => {
  expect(recommend(types, grants).map(({ id }) => id)).toEqual(ids);
});

test('only policies that can be attached are recommended, each with a reason', () => {
  for (const { id, reason } of recommend(['http.request'], ['file.*'])) {
    expect(isEnforceable(BUILT_IN.get(id)!)).toBe(true);
    expect(reason).not.toBe('');
  }
});
