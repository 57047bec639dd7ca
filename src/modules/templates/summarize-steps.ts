import type { AgentDefinition, Step } from '../../kernel/run/model.ts';
import { CATALOGUE } from '../actions/index.ts';

/** What steps that their author wrote read, do and leave behind, in a line each. */
export function summarizeSteps(steps: readonly Step[]): AgentDefinition['summary'] {
  const targets = (isWanted: (operation: string, sideEffect: string) => boolean): string[] =>
    steps.flatMap(({ action, params }) => {
      const entry = CATALOGUE.get(action);
      if (entry === undefined || !isWanted(entry.operation(params), entry.sideEffect(params))) return [];
      const target = [...entry.paths(params), entry.url(params)].find(
        (text) => text !== undefined && !text.includes('${{'),
      );
      return [target === undefined ? action : `${action} ${target}`];
    });
  const sources = targets(
    (operation, sideEffect) => ['read', 'list'].includes(operation) && sideEffect === 'none',
  ).filter((text) => !text.startsWith('data.'));
  const outputs = targets((_, sideEffect) => sideEffect !== 'none');
  return {
    source: sources.slice(0, 3).join(', ') || 'Nothing is read',
    processing:
      steps.length === 0
        ? 'Not named yet'
        : `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}: ${[...new Set(steps.map(({ action }) => action))].join(', ')}`,
    output: outputs.slice(0, 3).join(', ') || 'The output of the last step',
  };
}
