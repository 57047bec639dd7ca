import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../kernel/json.ts';
import { AppError } from '../errors/index.ts';
import type { Scope } from './expression.ts';
import { compileCondition, compileTemplate, render } from './template.ts';
import { UNKNOWN } from './values.ts';

const scope: Scope = {
  input: {
    name: 'Ada',
    rows: [
      { id: 1, total: 9.5, tags: ['a'] },
      { id: 2, total: 20, tags: [] },
    ],
    price: 5,
    half: 0.5,
    empty: null,
    'a-b': { c: 1 },
  },
  steps: {
    list: { output: { files: [{ path: 'x.csv', size: 3 }] } },
    'read-all': { output: 'text' },
    skipped: { output: null },
  },
  item: { path: 'in/x.csv' },
  index: 3,
  run: { id: 'r1', trigger: 'manual' },
  agent: { name: 'importer' },
};

const value = (expression: string, over: Scope = scope): Json =>
  render(compileTemplate('${{ ' + expression + ' }}'), over);
const failure = (work: () => unknown): AppError => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('an expression', () => {
  it.each<[string, Json]>([
    ['input.name', 'Ada'],
    ['steps.list.output.files', [{ path: 'x.csv', size: 3 }]],
    ['steps["read-all"].output', 'text'],
    ['item.path', 'in/x.csv'],
    ['index + 1', 4],
    ['run.id + "/" + agent.name', 'r1/importer'],
    ['input["a-b"].c', 1],
    ['input.rows.map(r, r.id)', [1, 2]],
    ['input.rows.filter(r, r.total > 10)[0].id', 2],
    ['input.rows.map(r, r.total * 2)', [19, 40]],
    ['input.rows.filter(r, r.id > 0).map(r, r.id).size()', 2],
    ['input.rows.exists(r, r.id == 2)', true],
    ['input.rows.all(r, r.id < 2)', false],
    ['json(input.rows[1])', '{"id":2,"total":20,"tags":[]}'],
    ['input.name.startsWith("A") && input.name.endsWith("a") && !input.name.contains("x")', true],
    ['size(input.rows) == 2 ? "two" : "other"', 'two'],
    ['2 in [1, 2] && "id" in input.rows[0]', true],
    ['has(input.name) && !has(input.gone) && !has(input.gone.deep) && !has(input.empty.x)', true],
    ['{"a": {"b": [1, 2.5, "x", null, true]}}', { a: { b: [1, 2.5, 'x', null, true] } }],
    ['7 / 2', 3],
    ['7 / 2.0', 3.5],
    ['input.price / 2', 2],
    ['double(input.price) / 2', 2.5],
    ['input.price * input.half', 2.5],
    ['input.price > 4.5 && 1 == 1.0 && input.half < 1', true],
    ['int("42") + int(2.9)', 44],
    ['string(input.price) + " EUR"', '5 EUR'],
    ['["b", "a"].join(", ")', 'b, a'],
    ['[1] + [2]', [1, 2]],
    ['\'}}\' + "${{"', '}}${{'],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('keeps its type when it is the whole value and becomes text between other text', () => {
    const template = compileTemplate({
      whole: '${{ input.price }}',
      text: 'n=${{ input.price }}, ${{ input.empty }}${{ input.rows[1].tags }}',
      list: ['${{ input.name }}', 1],
    });
    expect(render(template, scope)).toEqual({ whole: 5, text: 'n=5, []', list: ['Ada', 1] });
  });

  it('finds the end of an expression that holds braces and quoted braces', () => {
    expect(render(compileTemplate('${{ {"a": {"b": "}}"}} }}!'), scope)).toBe('{"a":{"b":"}}"}}!');
    expect(failure(() => compileTemplate('a ${{ input.name')).message).toContain('is not closed');
  });

  it('names the steps it reads, so that they can be checked before it runs', () => {
    const template = compileTemplate([
      '${{ steps.list.output.files.map(f, f.path) }}',
      'x ${{ steps["read-all"].output }}',
    ]);
    expect([...template.steps]).toEqual(['list', 'read-all']);
    expect([...template.roots]).toEqual(['steps']);
  });

  it('as a condition may stand without braces, and is one expression', () => {
    expect(render(compileCondition('input.price > 4'), scope)).toBe(true);
    expect(render(compileCondition('${{ input.price > 5 }}'), scope)).toBe(false);
    expect(failure(() => compileCondition('${{ true }} && ${{ true }}')).message).toContain('more than one expression');
  });

  it('lets a side that decides win over a side that fails', () => {
    expect(value('input.gone > 1 || true')).toBe(true);
    expect(value('false && input.gone > 1')).toBe(false);
    expect(value('input.rows.exists(r, r.tags[0] == "a")')).toBe(true);
  });
});

describe('a value that is not known yet', () => {
  const unknown: Scope = { ...scope, steps: { list: { output: UNKNOWN }, each: { output: ['known', UNKNOWN] } } };
  const seen = (template: Json): string[] => {
    const paths: string[] = [];
    render(compileTemplate(template), unknown, (path, source) => (paths.push(`${path.join('.')}: ${source}`), 'later'));
    return paths;
  };

  it('makes every expression that touches it unknown, and no other', () => {
    expect(
      seen({
        a: ['x ${{ steps.list.output.files[0].path }}'],
        b: '${{ input.name }}',
        c: '${{ json(steps.each.output) }}',
        d: '${{ steps.each.output[0] }}',
      }),
    ).toEqual(['a.0: steps.list.output.files[0].path', 'c: json(steps.each.output)']);
    expect(seen('${{ has(steps.list.output.x) }}')).toHaveLength(1);
    expect(seen('${{ true || steps.list.output.ok }}')).toHaveLength(0);
  });

  it('is an error where nothing may be unknown', () => {
    expect(() => render(compileTemplate('${{ steps.list.output }}'), unknown)).toThrow(/not known/);
  });
});

describe('an expression outside the profile is refused when it is written', () => {
  it.each([
    ['', 'it is empty'],
    ['1 +', 'unexpected token: EOF'],
    ['inptu.name', 'there is no `inptu`. Did you mean `input`'],
    ['process.env', 'there is no `process`'],
    ['steps.a-b.output', 'steps["a-b"].output'],
    ['steps', 'cannot be used as a whole'],
    ['steps[input.name].output', 'has nothing but its output'],
    ['steps.list.status', 'Write `steps.list.output`'],
    ['input.name.matches("^(a+)+$")', 'matches() is not available'],
    ['input.rows.map(a, input.rows.map(b, b))', 'inside another'],
    ['input.rows.map(a.b, 1)', 'iteration variable'],
    ['input.rows.map(input, 1)', 'already means something'],
    ['cel.bind(x, 1, x)', 'there is no `cel`'],
    ['timestamp("2024-01-01T00:00:00Z")', 'there is no timestamp()'],
    ['input.name.constructor()', 'there is no constructor()'],
    ['b"bytes"', 'bytes and unsigned'],
    ['has(1)', 'has() asks for a field'],
    ['('.repeat(50) + '1' + ')'.repeat(50), 'maxDepth'],
    ['input' + '.a'.repeat(300), 'maxDepth'],
    ['1' + '+1'.repeat(150), 'maxAstNodes'],
    [`"${'x'.repeat(2100)}"`, 'longer than 2 kB'],
  ])('%.60s', (expression, cause) => {
    const error = failure(() => compileTemplate('${{ ' + expression + ' }}'));
    expect(error.code).toBe('expression_error');
    expect(error.message).toContain(cause);
  });

  it('says the expression, the place, the cause and the way out', () => {
    expect(failure(() => compileTemplate('${{ 1 + inptu.name }}')).message).toBe(
      'Expression `1 + inptu.name` is wrong at character 5: there is no `inptu`. Did you mean `input`?',
    );
  });
});

describe('an expression that cannot be answered', () => {
  it.each([
    ['input.nmae', 'there is no field `nmae`; it has `name`, `rows`'],
    ['steps.skipped.output.rows', 'skipped or failed has no output'],
    ['input.rows[7]', 'there is no item 7: the list has 2 items'],
    ['input.name + 1', 'with string()'],
    ['input.rows.contains("a")', '`value in list`'],
    ['1 / 0', 'division by zero'],
    ['9223372036854775807 + 1', '64-bit'],
    ['9007199254740993', 'beyond 2^53'],
    ['input.name && true', 'true or false is needed, not a string'],
    ['int("4x")', '`4x` is not a whole number'],
    ['input.__proto__', 'there is no field `__proto__`'],
    ['input.constructor', 'there is no field `constructor`'],
    ['input.rows.length', 'a place in a list is an int'],
    ['input.name.length', 'the value before it is a string'],
  ])('%s says why', (expression, cause) => {
    expect(failure(() => value(expression)).message).toContain(cause);
  });

  it('never lets data reach the prototype of a result', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "ok": 1}') as Json;
    const result = value('input', { input: hostile }) as { polluted?: unknown };
    expect(result.polluted).toBeUndefined();
    expect(Object.keys(result)).toEqual(['__proto__', 'ok']);
    expect(render(compileTemplate(hostile), scope)).toEqual(hostile);
  });
});

describe('an expression is bounded', () => {
  const big: Scope = {
    input: { list: Array.from({ length: 100_000 }, (_, id) => ({ id })), text: 'a'.repeat(4_000_000) },
  };

  it.each([
    [
      'a search in a long text for each item of a long list',
      'input.list.map(x, input.text.contains("b" + input.text))',
      /too much work/,
    ],
    ['JSON of everything for each item', 'input.list.map(x, json(input))', /too much work/],
    ['comparing everything with itself for each item', 'input.list.all(x, input.list == input.list)', /too much work/],
    ['a list inside a list for each item', 'input.list.map(x, input.list + [])', /too much work/],
    ['a text that grows past the cap', 'input.text + input.text + input.text', /longer than 8 MB/],
    ['a result past the cap', '[input.text, input.text, input.text]', /larger than 8 MB/],
  ])('%s', (_, expression, message) => {
    const before = process.cpuUsage();
    expect(() => value(expression, big)).toThrow(message);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(15);
  });

  it('walks a list of 100,000 and refuses one more', () => {
    expect(value('input.list.filter(x, x.id >= 99999).size()', big)).toBe(1);
    const over: Scope = { input: { list: Array.from({ length: 100_001 }, () => 1) } };
    expect(() => value('input.list.map(x, x)', over)).toThrow(/100001 items/);
  });

  it('hands a large table through', () => {
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `n${id}`, total: id / 2, country: 'DE' }));
    expect(value('input.rows', { input: { rows } })).toEqual(rows);
    expect(value('input.rows.filter(r, r.total > 10 && r.name.startsWith("n4")).size()', { input: { rows } })).toBe(
      11_110,
    );
  });

  it('survives data that is nested as deep as JSON allows', () => {
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as Json;
    const outcome = (): unknown => value('json(input)', { input: deep });
    try {
      expect(typeof outcome()).toBe('string');
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  });
});
