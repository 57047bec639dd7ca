import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../src/kernel/json.ts';
import { hashAction, type ActionRequest, type Binding } from '../../src/modules/actions/action.ts';
import { Permit, type PermittedAction } from '../../src/modules/actions/permit.ts';

const BINDING: Binding = {
  workspaceId: '0b0f5a52-6f3b-4d7c-9b0a-6f0a2c1d9e11',
  principal: '7c1e2f30-8a4b-4c5d-9e6f-1a2b3c4d5e6f',
  tool: 'a definition',
  target: { paths: [] },
};
const AGENT = '4f8d9c1e-0d6f-4c7a-9b55-0a2f3f1f7a10';

/** What a permit is issued for, complete; what a test cares about goes into `change`. */
export function makePermitted(
  type: string,
  params: JsonObject,
  change: Partial<PermittedAction> = {},
): PermittedAction & { readonly request: ActionRequest } {
  const request = { agentId: AGENT, type, params, trigger: 'assistant' } as const;
  return {
    binding: BINDING,
    request,
    hash: hashAction(BINDING, request),
    policyVersions: ['baseline@0123456789ab'],
    actionId: randomUUID(),
    validForMs: 60_000,
    ...change,
  };
}

/** Leave to carry out this action, for tests of executors. */
export function permit(type: string, params: JsonObject): Permit {
  return Permit.issue(makePermitted(type, params));
}
