import type { Caller } from '../../kernel/caller.ts';
import type { AgentVersion } from '../agents/index.ts';
import type { Subject, SubjectConnection } from '../policies/index.ts';
import { isDeclared, type ActionRequest } from './action.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** What the workspace is, at the time of the action. */
export interface Surrounding {
  /** Absent where no rule asks for the time. */
  readonly now?: Date;
  readonly timezone: string;
  readonly own: Subject['own'];
  /** By name; a connection that is not here is not known. */
  readonly connections: Readonly<Record<string, SubjectConnection>>;
}

/** Everything that is known about an action before its content is looked into. An unknown type counts as the worst that it can be. */
export function toSubject(
  caller: Pick<Caller, 'personId'>,
  { agent, version, definition }: Pick<AgentVersion, 'agent' | 'version' | 'definition'>,
  entry: CatalogueEntry | undefined,
  request: Omit<ActionRequest, 'agentId'>,
  { now, timezone, own, connections }: Surrounding,
): Subject {
  const { type, params } = request;
  const url = entry?.url(params);
  const method = entry?.method(params);
  const name = params['connection'];
  const connection = typeof name === 'string' && Object.hasOwn(connections, name) ? connections[name] : undefined;
  const stepTypes = definition.steps.map((step) => step.action);
  return {
    type,
    kind: entry?.kind ?? (type.split('.')[0] || 'unknown'),
    operation: entry?.operation(params) ?? 'unknown',
    known: entry !== undefined,
    declared: entry !== undefined && isDeclared(type, stepTypes, definition.grants),
    sideEffect: entry?.sideEffect(params) ?? 'outside',
    reversible: entry?.reversible ?? 'unknown',
    environment: agent.environment === 'cloud' ? 'production' : 'development',
    agent: { id: agent.id, name: agent.name, version, task: definition.task },
    trigger: request.trigger,
    params,
    paths: entry?.paths(params) ?? [],
    recursive: entry?.isRecursive(params) ?? false,
    bytes: entry?.bytes(params) ?? 0,
    ...(url === undefined ? {} : { url }),
    ...(method === undefined ? {} : { method }),
    ...(request.facts === undefined ? {} : { facts: request.facts }),
    ...(connection === undefined ? {} : { connection }),
    costUsd: entry?.costUsd ?? 0,
    principal: {
      kind: caller.personId === undefined ? 'unknown' : 'person',
      identified: caller.personId !== undefined,
    },
    ...(now === undefined ? {} : { now }),
    timezone,
    own,
    ...(request.provenance === undefined ? {} : { provenance: request.provenance }),
  };
}
