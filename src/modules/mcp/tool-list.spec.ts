import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { explainInput } from './explain-input.ts';
import { makeToolList } from './tool-list.ts';
import { SERVER_VERSION, TOOL_LIST } from './tools.generated.ts';
import { TOOLS } from './tools/index.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

function explain(name: string, args: unknown): string {
  const tool = TOOLS.find((each) => each.name === name)!;
  const parsed = tool.input.safeParse(args);
  if (parsed.success) return 'valid';
  return explainInput(name, parsed.error.issues, args, TOOL_LIST.find((each) => each.name === name)!.inputSchema);
}

describe('the list of tools', () => {
  it('is what the tools say (after a change: node scripts/emit-tools.mjs)', () => {
    expect(TOOL_LIST).toEqual(makeToolList());
    expect(SERVER_VERSION).toBe(version);
  });

  it.each(TOOL_LIST.map((tool) => [tool.name, tool] as const))('describes %s completely', (_, tool) => {
    expect(tool.title).toMatch(/^[A-Z]/);
    expect(tool.description?.length).toBeGreaterThan(20);
    expect(Object.keys(tool.annotations ?? {})).toEqual([
      'title',
      'readOnlyHint',
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
    ]);
    expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool.outputSchema).toMatchObject({ type: 'object', required: expect.anything() });
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    expect(() => ajv.compile(tool.inputSchema)).not.toThrow();
    expect(() => ajv.compile(tool.outputSchema as object)).not.toThrow();
    expect(JSON.stringify(tool.outputSchema)).not.toContain('additionalProperties":false');
  });

  it('offers no tool that approves', () => {
    expect(TOOL_LIST.map(({ name }) => name).filter((name) => /approve|review|decide/.test(name))).toEqual([]);
  });

  it('stays small enough for a model to carry', () => {
    expect(JSON.stringify(TOOL_LIST).length / 4).toBeLessThan(11_000);
  });
});

describe('arguments that do not fit', () => {
  it.each([
    [
      'create_agent',
      { descripton: 'x' },
      ['`descripton` is not a parameter. Did you mean `description`?', '`description` is required: a string.'],
    ],
    ['create_agent', { description: ' ' }, ['`description` is empty', 'a sentence that says what the agent should do']],
    [
      'create_agent',
      { description: 'x'.repeat(3_000_000) },
      ['`description` is too large: 3000000 characters, at most 10000 characters are allowed.'],
    ],
    [
      'create_agent',
      { description: 'x', language: 'ruby' },
      ['`language` is `ruby`, which is not one of `python`, `typescript`, `javascript`, `go`.'],
    ],
    [
      'create_agent',
      { description: 'x', steps: [{ name: 'a b', action: 'file.read', params: {} }] },
      ['`steps[0].name` is `a b`', 'letters, digits, `_` and `-`'],
    ],
    [
      'create_agent',
      {
        description: 'x',
        steps: [{ name: 'a', action: 'file.read', params: {}, retry: { attempts: 0, backofMs: 1 } }],
      },
      [
        '`steps[0].retry.attempts` is `0`: the least is 1.',
        '`steps[0].retry.backofMs` is not a parameter. Did you mean `backoffMs`?',
        '`steps[0].retry.backoffMs` is required: a number.',
      ],
    ],
    ['create_agent', { description: 'x', steps: 'read' }, ['`steps` is `read`; it must be a list.']],
    [
      'attach_policy',
      {
        agentId: 'a',
        policyId: 'b',
        customRules: [{ name: 'n', condition: 'true', action: 'forbid', severity: 'high' }],
      },
      [
        '`customRules[0].action` is `forbid`, which is not one of `deny`, `require_approval`, `transform`, `allow`, `log`.',
      ],
    ],
    ['audit_log', { startTime: 'yesterday' }, ['`startTime` is `yesterday`; it must be an ISO 8601 time with zone']],
    ['audit_log', { limit: 1_000 }, ['`limit` is too large: 1000, at most 500 is allowed.']],
    [
      'stop_agent',
      { agentId: 'a', mode: 'pasue' },
      ['`mode` is `pasue`, which is not one of `pause`, `stop`. Did you mean `pause`?'],
    ],
    ['perform_action', [], ['The arguments is a list; it must be an object.']],
  ])('%s: case %# is refused with path, problem and way out', (name, args, parts) => {
    const text = explain(name, args);
    for (const part of parts) expect(text).toContain(part);
    expect(text).toContain('nothing was done');
    expect(text.length).toBeLessThan(1_000);
  });

  it('names the valid values of a field once', () => {
    const text = explain('create_agent', { description: 'x', language: 'ruby' });
    expect(text.match(/typescript/g)).toHaveLength(1);
  });
});
