import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing, Step } from '../../../kernel/run/model.ts';

/** A step as the planner writes it. */
export function step(name: string, action: string, params: JsonObject, forEach?: string): Step {
  return { name, action, params, ...(forEach === undefined ? {} : { forEach }) };
}

export function missingThing(what: string, hint: string, stepName?: string): Missing {
  return { ...(stepName === undefined ? {} : { step: stepName }), what, hint };
}
