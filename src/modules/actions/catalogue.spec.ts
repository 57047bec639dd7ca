import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { CATALOGUE, checkParams, type CatalogueEntry } from './catalogue.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

const TYPES =
  'file.list file.read file.write file.move file.delete http.request sql.query sql.execute email.search email.read email.send slack.post data.parse data.transform data.format text.analyze model.generate storage.list storage.get storage.put storage.delete code.run mcp.call approval.wait'.split(
    ' ',
  );

function entry(type: string): CatalogueEntry {
  const found = CATALOGUE.get(type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
}

const strict = (type: string, params: unknown) => checkParams(entry(type), params, { allowExpressions: false });
const loose = (type: string, params: unknown) => checkParams(entry(type), params, { allowExpressions: true });

describe('the catalogue', () => {
  it('holds exactly the action types of the contract', () => {
    expect([...CATALOGUE.keys()].sort()).toEqual([...TYPES].sort());
  });

  it('runs files, data and http, and says of every other type what it waits for', () => {
    const runnable = [...CATALOGUE.values()].filter((one) => one.requires === undefined).map((one) => one.type);
    expect(runnable.sort()).toEqual(TYPES.filter((type) => /^(file|data|http)\./.test(type)).sort());
  });

  it('really executes in dry runs only what has no side effect', () => {
    for (const one of CATALOGUE.values())
      if (one.runsInDryRun) expect([one.type, one.sideEffect({})]).toEqual([one.type, 'none']);
    expect([...CATALOGUE.values()].filter((one) => one.runsInDryRun).map((one) => one.type)).toEqual([
      'file.list',
      'file.read',
      'data.parse',
      'data.transform',
      'data.format',
      'text.analyze',
    ]);
  });

  it.each(TYPES)('describes %s by JSON Schemas that compile and refuse unknown names', (type) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const schema of [entry(type).params, entry(type).output]) {
      const validate = ajv.compile(z.toJSONSchema(schema));
      expect(validate({ surely_not_a_name: 1 })).toBe(false);
    }
  });

  it('answers about params of any shape without failing', () => {
    const odd: Json[] = [null, 1, 'x', [], {}, ['a'], '${{ x }}'];
    for (const one of CATALOGUE.values()) {
      for (const value of odd) {
        const names = [
          'path',
          'from',
          'to',
          'url',
          'method',
          'headers',
          'mode',
          'content',
          'encoding',
          'body',
          'json',
          'recursive',
          'prompt',
        ];
        const params: JsonObject = Object.fromEntries(names.map((name) => [name, value]));
        expect(one.paths(params).every((path) => typeof path === 'string')).toBe(true);
        expect(one.bytes(params)).toBeGreaterThanOrEqual(0);
        expect(typeof one.operation(params)).toBe('string');
        expect([true, false]).toContain(one.isRecursive(params));
        expect([true, false]).toContain(one.isIdempotent(params));
        expect(['string', 'undefined']).toContain(typeof one.url(params));
        expect(['none', 'local', 'outside']).toContain(one.sideEffect(params));
      }
    }
  });
});

describe('http.request', () => {
  it.each([
    ['GET', 'read', 'none', true],
    ['HEAD', 'read', 'none', true],
    ['OPTIONS', 'read', 'none', true],
    ['PUT', 'update', 'outside', true],
    ['DELETE', 'delete', 'outside', true],
    ['POST', 'create', 'outside', false],
    ['PATCH', 'update', 'outside', false],
  ])('%s is a %s with effect %s, repeatable: %s', (method, operation, effect, repeatable) => {
    const http = entry('http.request');
    expect([http.operation({ method }), http.sideEffect({ method }), http.isIdempotent({ method })]).toEqual([
      operation,
      effect,
      repeatable,
    ]);
  });

  it('may repeat a POST that carries an idempotency key, however it is spelled', () => {
    const { isIdempotent } = entry('http.request');
    expect(isIdempotent({ method: 'POST', headers: { 'IDEMPOTENCY-key': 'k' } })).toBe(true);
    expect(isIdempotent({ method: 'POST', headers: { 'idempotency-key': '' } })).toBe(false);
  });

  it('counts a method it cannot read as an effect outside', () => {
    const http = entry('http.request');
    expect([http.method({ method: 5 }), http.sideEffect({ method: 5 }), http.operation({ method: 5 })]).toEqual([
      'unknown',
      'outside',
      'unknown',
    ]);
  });

  it('counts the bytes it sends', () => {
    expect(entry('http.request').bytes({ body: 'äb' })).toBe(3);
    expect(entry('http.request').bytes({ json: { a: 1 } })).toBe(7);
    expect(entry('file.write').bytes({ content: 'aGk=', encoding: 'base64' })).toBe(2);
  });

  it('takes json or body, not both', () => {
    expect(strict('http.request', { url: 'https://x.org', json: {}, body: '' })).toEqual([
      { path: '', message: 'give `json` or `body`, not both' },
    ]);
  });
});

describe('checkParams', () => {
  it('accepts what fits', () => {
    expect(strict('file.list', { path: 'inbox', glob: '*.csv', recursive: true })).toEqual([]);
    expect(strict('data.transform', { input: null, expression: '$' })).toEqual([]);
  });

  it('names a missing parameter and its type', () => {
    expect(strict('file.read', {})).toEqual([{ path: 'path', message: 'is required (string)' }]);
    expect(strict('data.transform', { expression: '$' })).toMatchObject([{ path: 'input' }]);
  });

  it('suggests the right name for a wrong one, also deeper down', () => {
    expect(strict('file.read', { path: 'a', maxByte: 5 })).toEqual([
      { path: 'maxByte', message: 'is not a parameter of `file.read`. Did you mean `maxBytes`?' },
    ]);
    expect(strict('email.search', { connection: 'c', query: { sender: 'x' } })[0]?.message).toContain(
      'Valid: from, subject, since, unseen, text.',
    );
  });

  it('names the valid values', () => {
    expect(strict('data.parse', { format: 'xlsx', text: '' })).toEqual([
      { path: 'format', message: 'must be one of `csv`, `json`, `jsonl`, `xml`, not `xlsx`' },
    ]);
  });

  it('says what a value is and what it must be', () => {
    expect(strict('file.read', { path: 7 })).toEqual([{ path: 'path', message: 'must be a string, not `7`' }]);
    expect(strict('file.read', { path: 'a', maxBytes: 0 })[0]).toEqual({
      path: 'maxBytes',
      message: 'is too small: at least 1',
    });
    expect(strict('file.read', { path: 'folder/' })[0]?.message).toContain('add the name of the file');
    expect(strict('file.read', 'x')).toEqual([{ path: '', message: 'must be an object, not `x`' }]);
  });

  it('lets an expression stand for any value before a run, but not after', () => {
    const params = { path: 'a', maxBytes: '${{ input.max }}', encoding: '${{ input.encoding }}' };
    expect(loose('file.read', params)).toEqual([]);
    expect(strict('file.read', params)).toHaveLength(2);
    expect(
      loose('http.request', { url: 'https://x.org', query: { page: '${{ item }}' }, headers: '${{ input.headers }}' }),
    ).toEqual([]);
    expect(loose('email.send', { to: ['${{ item.email }}'], subject: 's' })).toEqual([]);
    expect(loose('email.send', { to: '${{ input.to }}', subject: 's' })).toEqual([]);
  });

  it('knows that text around an expression makes a string', () => {
    expect(loose('file.read', { path: 'a', maxBytes: 'n${{ input.max }}' })).toHaveLength(1);
    expect(loose('file.read', { path: 'out/${{ item.name }}' })).toEqual([]);
    expect(loose('file.read', { path: 'a', maxBytes: '${{ a }}${{ b }}' })).toHaveLength(1);
  });

  it('still finds wrong names and missing parameters beside expressions', () => {
    expect(loose('file.write', { path: '${{ item }}', text: 'x' }).map((problem) => problem.path)).toEqual([
      'content',
      'text',
    ]);
  });
});
