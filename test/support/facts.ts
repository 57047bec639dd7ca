import { NEUTRAL_FACTS, type Facts } from '../../src/kernel/policy/facts.ts';

export type FactChanges = {
  readonly [Group in keyof Facts]?: Facts[Group] extends string ? string : Partial<Facts[Group]>;
};

const READ: Facts = {
  ...NEUTRAL_FACTS,
  agent: { id: '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10', name: 'report-generator', version: 1 },
  file: {
    ...NEUTRAL_FACTS.file,
    path: '/data/in.csv',
    paths: ['/data/in.csv'],
    relativePaths: ['in.csv'],
    extensions: ['csv'],
  },
};

/** The facts of a harmless declared read inside the roots, with changes. */
export function makeFacts(changes: FactChanges = {}): Facts {
  const groups = Object.entries(READ).map(([name, value]: [string, string | object]) => {
    const change = changes[name as keyof FactChanges];
    if (typeof value === 'string') return [name, change ?? value];
    return [name, typeof change === 'object' ? { ...value, ...change } : value];
  });
  return Object.fromEntries(groups) as Facts;
}
