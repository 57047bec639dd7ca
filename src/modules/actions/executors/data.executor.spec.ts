import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { permit } from '../../../../test/support/permits.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { Analysis } from '../../../platform/analysis/index.ts';
import { CATALOGUE } from '../catalogue.ts';
import { DataExecutor } from './data.executor.ts';

const analysis = new Analysis();
const executor = new DataExecutor(analysis);
afterAll(() => analysis.close());

async function act(type: string, params: JsonObject): Promise<JsonObject> {
  const output = await executor.execute(permit(type, params), {
    actionId: randomUUID(),
    signal: new AbortController().signal,
  });
  CATALOGUE.get(type)?.output.parse(output);
  return output;
}

describe('data actions', () => {
  it('turn a csv into a cleaned csv and a report, as steps of an agent do', async () => {
    const { rows } = await act('data.parse', { format: 'csv', text: 'id,amount\n1,5\n2,\n3,7\n' });
    const { result } = await act('data.transform', { input: rows ?? null, expression: '$[amount != ""]' });
    expect(result).toEqual([
      { id: '1', amount: '5' },
      { id: '3', amount: '7' },
    ]);
    expect(await act('data.format', { format: 'csv', value: result ?? null })).toEqual({
      text: 'id,amount\n1,5\n3,7\n',
    });
    expect((await act('data.format', { format: 'markdown', value: result ?? null }))['text']).toContain(
      '|   1 |      5 |',
    );
  });

  it('give plain JSON: nothing is null, a list of one is its element unless kept', async () => {
    expect(await act('data.transform', { input: [{ a: 1 }], expression: 'b' })).toEqual({ result: null });
    expect(await act('data.transform', { input: [{ a: 1 }], expression: 'a' })).toEqual({ result: 1 });
    expect(await act('data.transform', { input: [{ a: 1 }], expression: 'a[]' })).toEqual({ result: [1] });
    expect(await act('data.transform', { input: { a: [1, 2] }, expression: 'a.{"n": $}' })).toEqual({
      result: [{ n: 1 }, { n: 2 }],
    });
  });

  it('say where an expression is wrong', async () => {
    await expect(act('data.transform', { input: {}, expression: '$sum(' })).rejects.toMatchObject({
      code: 'expression_error',
      message: expect.stringMatching(/at character 5, near `\$sum\(`/),
    });
    await expect(act('data.transform', { input: {}, expression: '$nope()' })).rejects.toMatchObject({
      code: 'expression_error',
    });
    await expect(act('data.transform', { input: { a: 'x' }, expression: 'a + 1' })).rejects.toMatchObject({
      code: 'expression_error',
    });
    await expect(act('data.parse', { format: 'json', text: '{' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
