import type { CatalogueEntry } from './catalogue-entry.ts';
import { DATA_ACTIONS, FILE_ACTIONS } from './catalogue-local.ts';
import { OUTSIDE_ACTIONS } from './catalogue-outside.ts';
import { SERVICE_ACTIONS } from './catalogue-services.ts';

export type { CatalogueEntry, Operation, SideEffect } from './catalogue-entry.ts';
export { checkParams, type ParamsProblem } from './check-params.ts';

/** Every action type there is, by its name. */
export const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map(
  [...FILE_ACTIONS, ...OUTSIDE_ACTIONS, ...DATA_ACTIONS, ...SERVICE_ACTIONS].map((entry) => [entry.type, entry]),
);
