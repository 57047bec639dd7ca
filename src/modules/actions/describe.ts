import { cutText } from '../../kernel/json.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Facts } from '../../kernel/policy/facts.ts';
import type { CompiledPolicy } from '../../kernel/policy/model.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { listAuthors, type AgentsService, type AgentVersion } from '../agents/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { DecisionService, PoliciesService, PreparedSubject, Subject } from '../policies/index.ts';
import { hashAction, isDeclared, type ActionRequest, type Binding } from './action.ts';
import { checkParams, type CatalogueEntry } from './catalogue.ts';
import type { ExecutorRegistry } from './executor-registry.ts';
import { hashDefinition } from './hash-definition.ts';
import type { Prepared } from './prepared.ts';
import { toSubject, type Surrounding } from './to-subject.ts';

export interface DescribeServices {
  readonly db: Database;
  readonly identity: IdentityService;
  readonly agents: AgentsService;
  readonly policies: PoliciesService;
  readonly decisions: DecisionService;
  readonly executors: ExecutorRegistry;
}

/** Everything about an action that can be known before the state is read. */
export async function describe(
  services: DescribeServices,
  caller: Caller,
  agent: AgentVersion,
  request: ActionRequest,
  connections: Surrounding['connections'] = {},
): Promise<Prepared> {
  const { type, params } = request;
  const entry = services.executors.catalogue.get(type);
  const [policies, workspace] = await Promise.all([
    services.policies.load(agent.definition.policies.map((policy) => policy.hash)),
    services.identity.workspace(caller),
  ]);
  const now = asksForTime(policies) ? await readNow(services.db) : undefined;
  const { mailDomains, slackTeam, timezone } = workspace;
  const own = { mailDomains, ...(slackTeam === undefined ? {} : { slackTeam }) };
  const subject: Subject = toSubject(caller, agent, entry, request, {
    ...(now === undefined ? {} : { now }),
    timezone,
    own,
    connections,
  });
  const judged: PreparedSubject = await services.decisions.prepare(policies, subject);
  const toBound = (of: JsonObject): Binding => toBinding(caller, entry, of, judged.facts);
  const binding = toBound(judged.params);
  const executedHash = hashAction(binding, { ...request, params: judged.params });
  const { approval } = agent.definition;
  return {
    request,
    version: agent.version,
    hash: judged.params === params ? executedHash : hashAction(toBound(params), request),
    executedHash,
    binding,
    authors: listAuthors(agent),
    raises: approval === undefined ? [] : [approval],
    kind: subject.kind,
    isWrite: subject.sideEffect !== 'none',
    isIdempotent: entry?.isIdempotent(judged.params) ?? false,
    timeoutMs: request.timeoutMs ?? entry?.timeoutMs ?? 0,
    subject,
    judged,
    policies,
    target: toTarget(judged.facts),
    agentTask: agent.definition.task,
  };
}

/** The version that acts, judged by what is in force now too: policies of both, and declared only where both declare it. */
export async function withInForce(
  agents: AgentsService,
  caller: Caller,
  acting: AgentVersion,
  inForce: number,
  type: string,
): Promise<AgentVersion> {
  if (inForce === acting.version) return acting;
  const { definition } = await agents.getVersion(caller, acting.agent.id, inForce);
  const own = acting.definition;
  const isStillDeclared = isDeclared(
    type,
    definition.steps.map((step) => step.action),
    definition.grants,
  );
  const approval = definition.approval ?? own.approval;
  return {
    ...acting,
    definition: {
      ...own,
      policies: [...new Map([...own.policies, ...definition.policies].map((policy) => [policy.hash, policy])).values()],
      ...(approval === undefined ? {} : { approval }),
      ...(isStillDeclared ? {} : { steps: [], grants: [] }),
    },
  };
}

/** A type outside the catalogue goes on: it is decided (and denied) as unknown, so that the attempt is on record. */
export function requireParams(
  catalogue: ReadonlyMap<string, CatalogueEntry>,
  { type, params }: Pick<ActionRequest, 'type' | 'params'>,
): void {
  const entry = catalogue.get(type);
  if (entry === undefined) {
    if (/^[a-z][a-z0-9_.-]{0,79}$/i.test(type)) return;
    throw new AppError('invalid_input', `\`${cutText(type, 80)}\` is no action type. ${hint(type, catalogue.keys())}`);
  }
  const problems = checkParams(entry, params, { allowExpressions: false });
  if (problems.length === 0) return;
  const list = problems.slice(0, 5).map(({ path, message }) => `params${path === '' ? '' : '.'}${path} ${message}`);
  throw new AppError(
    'invalid_input',
    `The params of \`${type}\` are wrong: ${list.join('; ').replace(/[^.?]$/, '$&.')} agentos://actions has the schema.`,
  );
}

function toBinding(
  { workspaceId, personId }: Caller,
  entry: CatalogueEntry | undefined,
  params: JsonObject,
  { file, url }: Facts,
): Binding {
  const target: JsonObject = { paths: [...file.paths], scheme: url.scheme, host: url.host, port: url.port };
  return { workspaceId, principal: personId, tool: hashDefinition(entry, params), target };
}

function asksForTime(policies: readonly CompiledPolicy[]): boolean {
  return policies.some(({ rules }) =>
    rules.some(({ attributes }) => attributes.some((name) => name.startsWith('time.'))),
  );
}

async function readNow(db: Database): Promise<Date> {
  const [row] = await db.query<{ now: Date }>('SELECT app_now() AS now');
  if (row === undefined) throw new AppError('internal', 'The database gave no time.');
  return row.now;
}

function toTarget({ file, url }: Facts): string {
  if (file.paths.length > 0) return file.paths.slice(0, 3).join(', ');
  return url.host === '' ? '' : `${url.scheme}://${url.host}:${url.port}`;
}
