import { expect, it } from '@jest/globals';
import { Lanes } from './lanes.ts';

/** Works that end when they are told to, in the order in which they began. */
function makeWorks(): { begin: (name: string) => () => Promise<void>; begun: string[]; endFirst: () => Promise<void> } {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const begin = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  const endFirst = async (): Promise<void> => {
    ends.shift()?.();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { begin, begun, endFirst };
}

it('so many of one key at once, the rest in order; another key does not wait', async () => {
  const lanes = new Lanes(2);
  const { begin, begun, endFirst } = makeWorks();
  const all = ['a1', 'a2', 'a3', 'a4'].map((name) => lanes.run('a', undefined, begin(name)));
  all.push(lanes.run('b', undefined, begin('b1')));
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await endFirst();
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  for (let i = 0; i < 4; i++) await endFirst();
  await Promise.all(all);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
});

it('a work that fails gives its place on, and one that was given up meanwhile is not begun', async () => {
  const lanes = new Lanes(1);
  const gone = AbortSignal.abort();
  const failed = lanes.run('a', undefined, () => Promise.reject(new Error('broken')));
  const givenUp = lanes.run('a', gone, () => Promise.resolve('done'));
  const last = lanes.run('a', undefined, () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('broken');
  await expect(givenUp).rejects.toMatchObject({ code: 'cancelled' });
  await expect(last).resolves.toBe('done');
});
