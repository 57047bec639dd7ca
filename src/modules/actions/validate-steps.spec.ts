import { describe, expect, it } from '@jest/globals';
import type { Step } from '../../kernel/run/model.ts';
import { validateSteps } from './validate-steps.ts';

const read: Step = { name: 'read', action: 'file.read', params: { path: 'in/orders.csv' } };
const step = (over: Partial<Step>): Step => ({ ...read, name: 'second', ...over });

describe('validateSteps', () => {
  it('finds nothing wrong with steps that fit together', () => {
    const steps: Step[] = [
      { name: 'list-all', action: 'file.list', params: { path: 'in', glob: '*.csv' } },
      {
        name: 'read',
        action: 'file.read',
        forEach: '${{ steps["list-all"].output.files.filter(f, f.size > 0) }}',
        when: 'steps["list-all"].output.files.size() > 0',
        params: { path: '${{ item.path }}' },
        retry: { attempts: 3, backoffMs: 100 },
        timeoutMs: 5_000,
      },
      {
        name: 'write',
        action: 'file.write',
        params: { path: 'out/${{ run.id }}.txt', content: '${{ steps.read.output.map(r, r.text).join("") }}' },
        facts: { purpose: '${{ input.purpose }}' },
      },
    ];
    expect(validateSteps(steps)).toEqual([]);
  });

  it.each<[string, Step[], string, RegExp]>([
    [
      'an unknown action',
      [step({ action: 'file.raed' })],
      'steps[0].action',
      /`file\.raed` is no action\. Did you mean `file\.read`/,
    ],
    [
      'a parameter that does not exist',
      [step({ params: { path: 'a', pth: 'b' } })],
      'steps[0].params.pth',
      /not a parameter of `file\.read`.*`path`/,
    ],
    [
      'a parameter of the wrong type',
      [step({ params: { path: 7 } })],
      'steps[0].params.path',
      /`path` must be a string, not `7`/,
    ],
    ['a missing parameter', [step({ params: {} })], 'steps[0].params.path', /`path` is required/],
    [
      'an expression with a fault',
      [step({ params: { path: '${{ input. }}' } })],
      'steps[0].params',
      /Expression `input\.` is wrong at character/,
    ],
    [
      'an expression outside the language',
      [step({ when: 'input.a.matches("x")' })],
      'steps[0].when',
      /matches\(\) is not available/,
    ],
    [
      'a step that does not exist',
      [read, step({ params: { path: '${{ steps.raed.output.text }}' } })],
      'steps[1].params',
      /no step `raed`\. Did you mean `read`/,
    ],
    [
      'a step that comes later',
      [step({ params: { path: '${{ steps.read.output.text }}' } }), read],
      'steps[0].params',
      /is not there yet/,
    ],
    ['itself', [step({ params: { path: '${{ steps.second.output.text }}' } })], 'steps[0].params', /is not there yet/],
    [
      'a step, by the first one',
      [step({ params: { path: '${{ steps.gone.output.text }}' } })],
      'steps[0].params',
      /no step before this one/,
    ],
    [
      'an item outside forEach',
      [step({ params: { path: '${{ item.path }}' } })],
      'steps[0].params',
      /`item` exists only in a step with `forEach`/,
    ],
    [
      'an item in when',
      [step({ when: '${{ index > 1 }}', forEach: ['a'] })],
      'steps[0].when',
      /`index` is not known in `when`/,
    ],
    ['a name twice', [read, read], 'steps[1].name', /Two steps are called `read`/],
    ['a name with a space', [step({ name: 'my step' })], 'steps[0].name', /`my step` is no step name/],
    ['a forEach that is no list', [step({ forEach: 'abc' })], 'steps[0].forEach', /a list, or one/],
    [
      'a forEach that is too long',
      [step({ forEach: Array.from({ length: 10_001 }, () => 1) })],
      'steps[0].forEach',
      /10001 items; at most 10000/,
    ],
    [
      'too many attempts',
      [step({ retry: { attempts: 11, backoffMs: 1 } })],
      'steps[0].retry.attempts',
      /from 1 to 10, not 11/,
    ],
    ['a timeout of nothing', [step({ timeoutMs: 0 })], 'steps[0].timeoutMs', /from 1 to 3600000/],
    [
      'too many steps',
      Array.from({ length: 51 }, (_, i) => step({ name: `s${i}` })),
      'steps',
      /at most 50 steps, not 51/,
    ],
  ])('finds %s', (_, steps, path, message) => {
    const problems = validateSteps(steps);
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(problems.find((problem) => problem.path === path)?.message).toMatch(message);
  });

  it('tells every problem at once', () => {
    expect(validateSteps([step({ action: 'nope.x', when: '1 +' }), step({ name: 'second' })])).toHaveLength(3);
  });
});
