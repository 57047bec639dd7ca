import { NEUTRAL_FACTS, type Facts } from '../../src/kernel/policy/facts.ts';

export type FactChanges = {
  readonly [Group in keyof Facts]?: Facts[Group] extends string ? string : Partial<Facts[Group]>;
};

const READ: Facts = {
  ...NEUTRAL_FACTS,
  agent: { id: '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10', name: 'report-generator', version: 1 },
  file: { ...NEUTRAL_FACTS.file, path: '/data/in.csv', paths: ['/data/in.csv'] },
};

/** The facts of a harmless declared read inside the roots, with changes. */
export function makeFacts(changes: FactChanges = {}): Facts {
  return {
    action: { ...READ.action, ...changes.action },
    environment: changes.environment ?? READ.environment,
    agent: { ...READ.agent, ...changes.agent },
    trigger: changes.trigger ?? READ.trigger,
    file: { ...READ.file, ...changes.file },
    url: { ...READ.url, ...changes.url },
    rate: { ...READ.rate, ...changes.rate },
    declared: { ...READ.declared, ...changes.declared },
  };
}
