import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../platform/errors/index.ts';
import { parseRules } from './rules.ts';

const rule = { name: 'no-exports', condition: 'action.operation == "export"', action: 'deny', severity: 'high' };

function refusalOf(value: unknown): AppError {
  try {
    parseRules(value);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('rules given by people', () => {
  test('a complete rule is taken as it is', () => {
    const full = {
      ...rule,
      description: 'No exports.',
      action: 'require_approval',
      message: 'Exports wait.',
      alternative: 'Ask for a sample.',
      approval: { quorum: 2, groups: ['dpo'] },
    };
    expect(parseRules([full, { ...rule, name: 'other' }])).toEqual([full, { ...rule, name: 'other' }]);
  });

  test.each<[string, unknown, string[]]>([
    ['no list', { rules: [] }, ['`rules`', 'array']],
    ['an empty list', [], ['at least one rule']],
    ['51 rules', Array.from({ length: 51 }, (_, i) => ({ ...rule, name: `r${i}` })), ['at most 50']],
    [
      'an unknown action',
      [{ ...rule, action: 'block' }],
      ['`rules[0].action`', 'deny, require_approval, transform, allow, log'],
    ],
    ['an unknown severity', [{ ...rule, severity: 'low' }], ['`rules[0].severity`', 'info, warning, high, critical']],
    ['a misspelt field', [{ ...rule, mesage: 'x' }], ['no field `mesage`', '`message`']],
    ['a missing condition', [{ ...rule, condition: undefined }], ['`rules[0].condition`', 'string']],
    ['a name with a dot', [{ ...rule, name: 'a.b' }], ['`rules[0].name`', 'no-exports']],
    ['a name twice', [rule, rule], ['`rules[1].name`', 'unique']],
    ['NUL in a text', [{ ...rule, message: 'a\0b' }], ['`rules[0].message`']],
    ['half of a character', [{ ...rule, message: '\ud800' }], ['`rules[0].message`']],
    ['a transform that says nothing', [{ ...rule, action: 'transform' }], ['`rules[0].transform`', 'is needed']],
    ['a transform on a deny', [{ ...rule, transform: { kind: 'redact' } }], ['leave it out']],
    ['an approval on a deny', [{ ...rule, approval: { quorum: 1 } }], ['leave it out']],
  ])('%s is refused with the place and the valid values', (_title, value, texts) => {
    const failure = refusalOf(value);
    expect(failure.code).toBe('invalid_input');
    for (const text of texts) expect(failure.message).toContain(text);
  });

  test('a wrong condition is refused with its rule, its position and what was probably meant', () => {
    const failure = refusalOf([rule, { ...rule, name: 'typo', condition: 'true && file.recursiv' }]);
    expect(failure.message).toContain('`rules[1].condition` of `typo` is wrong at character 14');
    expect(failure.message).toMatch(/did you mean `file\.recursive`\?$/);
    expect(failure.details).toEqual({ path: 'rules[1].condition', position: 13 });
  });
});
