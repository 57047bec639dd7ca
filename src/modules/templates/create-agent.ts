import { cutText } from '../../kernel/json.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { AgentDefinition, Missing, PolicyRef, Step } from '../../kernel/run/model.ts';
import { nextTimes, requireTimezone } from '../../platform/clock/next-times.ts';
import type { Database } from '../../platform/db/index.ts';
import { AppError, hint, suggest } from '../../platform/errors/index.ts';
import { CATALOGUE, validateSteps } from '../actions/index.ts';
import type { AgentRecord, AgentsService } from '../agents/index.ts';
import type { IdentityService } from '../identity/index.ts';
import type { PoliciesService, Recommendation } from '../policies/index.ts';
import { AGENT_TEMPLATES, type AgentTemplate } from './agent-templates.ts';
import { choosePolicies } from './choose-policies.ts';
import { describeSchedule } from './sentence/describe-schedule.ts';
import { planSentence, type Plan } from './sentence/plan.ts';
import { summarizeSteps } from './summarize-steps.ts';
import { parseApproval, type CreateAgentBody } from './templates.dto.ts';

/** What `create_agent` answers. */
export interface CreatedAgent {
  readonly agent: Omit<AgentDefinition, 'policies' | 'missing' | 'schedule'> & {
    readonly id: string;
    readonly version: number;
    readonly status: AgentRecord['status'];
    /** `nextRuns`: three times, ISO 8601. */
    readonly schedule?: {
      readonly cron: string;
      readonly timezone: string;
      readonly text: string;
      readonly nextRuns: readonly string[];
    };
    readonly policies: readonly Pick<PolicyRef, 'id' | 'name' | 'reason'>[];
  };
  readonly recommended: readonly Recommendation[];
  readonly missing: readonly Missing[];
  readonly nextSteps: readonly string[];
}

export interface CreateAgentServices {
  readonly db: Database;
  readonly identity: IdentityService;
  readonly agents: AgentsService;
  readonly policies: PoliciesService;
}

/** Makes and stores a draft. Everything is checked before anything is written. */
export async function createAgent(
  services: CreateAgentServices,
  caller: Caller,
  body: CreateAgentBody,
): Promise<CreatedAgent> {
  const template = body.template === undefined ? undefined : requireTemplate(body.template);
  const plan = planSentence(toSentence(body, template), body.template);
  const grants = (body.grants ?? []).map(requireGrant);
  const steps: readonly Step[] = body.steps ?? plan.steps;
  const missing = body.steps === undefined ? toPlanMissing(plan) : requireValid(body.steps);
  const schedule = await toSchedule(services, caller, body, plan);
  const used = template ?? AGENT_TEMPLATES.find(({ id }) => body.steps === undefined && id === plan.template);
  const types = steps.map(({ action }) => action);
  const approval = parseApproval(body.parameters);
  const chosen = await choosePolicies(services.policies, caller, {
    asked: body.policies,
    fitting: { types, grants, template: used },
    parameters: { given: withoutApproval(body.parameters), others: Object.keys(template?.parameters ?? {}) },
  });
  const content: Omit<AgentDefinition, 'policies'> = {
    name: body.name ?? plan.name,
    task: body.description,
    language: body.language ?? 'python',
    summary: body.steps === undefined ? plan.summary : summarizeSteps(body.steps),
    ...(schedule === undefined ? {} : { schedule: { cron: schedule.cron, timezone: schedule.timezone } }),
    approvalRequired: body.approvalRequired ?? false,
    ...(approval === undefined ? {} : { approval }),
    grants,
    steps,
    ...(used === undefined ? {} : { template: used.id }),
    ...(body.parameters === undefined ? {} : { parameters: body.parameters }),
    missing: [
      ...missing,
      ...(body.schedule === undefined ? plan.unclearSchedule : []),
      ...toUnavailable(steps, missing),
    ],
  };
  const { agent, policies } = await services.db.transaction(async (tx) => {
    const refs: PolicyRef[] = [];
    for (const { policy, reason } of chosen.attached) {
      refs.push({ id: policy.id, name: policy.name, reason, hash: await services.policies.snapshot(tx, policy) });
    }
    return { agent: await services.agents.create(tx, caller, { ...content, policies: refs }), policies: refs };
  });
  return toAnswer(agent, content, policies, schedule, chosen.recommended);
}

function withoutApproval(parameters: CreateAgentBody['parameters'] = {}): typeof parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => name !== 'approval'));
}

function requireTemplate(id: string): AgentTemplate {
  const found = AGENT_TEMPLATES.find((template) => template.id === id);
  if (found !== undefined) return found;
  const ids = AGENT_TEMPLATES.map((template) => template.id);
  throw new AppError(
    'invalid_input',
    `\`${cutText(id, 80)}\` is no agent template. ${hint(id, ids)} \`list_templates\` shows them all.`,
    { path: 'template', valid: ids },
  );
}

const WORDS = /^[^"`\p{Cc}]{1,500}$/u;

/** The description, with the parameters of the template said in its words; what it does not know may be for a policy. */
function toSentence({ description, parameters }: CreateAgentBody, template: AgentTemplate | undefined): string {
  const phrases = Object.entries(template?.parameters ?? {}).flatMap(([name, words]) => {
    const value = parameters?.[name];
    if (value === undefined) return [];
    if (typeof value === 'string' && WORDS.test(value)) return [`${words} ${name === 'url' ? value : `"${value}"`}`];
    const problem = 'must be a text, of at most 500 characters without quotes and control characters';
    throw new AppError('invalid_input', `\`parameters.${name}\` ${problem}.`, { path: `parameters.${name}` });
  });
  return phrases.length === 0 ? description : [description.replace(/[\s.]+$/, ''), ...phrases].join(', ');
}

function requireGrant(grant: string, index: number): string {
  const types = [...CATALOGUE.keys()];
  const valid = [...types, ...new Set(types.map((type) => `${type.slice(0, type.indexOf('.'))}.*`))];
  if (valid.includes(grant)) return grant;
  const why = grant === '*' ? 'would grant everything' : 'is no type of action';
  const example = 'A grant is a type such as `file.read` or a family such as `file.*`.';
  throw new AppError(
    'invalid_input',
    `The grant \`${cutText(grant, 80)}\` ${why}. ${example} ${hint(grant === '*' ? 'file.*' : grant, valid)}`,
    { path: `grants[${index}]` },
  );
}

/** Steps that their author wrote must be right; what is wrong is refused with all paths. */
function requireValid(steps: readonly Step[]): Missing[] {
  const problems = validateSteps(steps);
  if (problems.length === 0)
    return steps.length === 0
      ? [{ what: 'steps', hint: 'Give at least one step, or none at all to have the description planned.' }]
      : [];
  const lines = problems.slice(0, 10).map(({ path, message }) => `\`${path}\`: ${message}`);
  throw new AppError('invalid_input', `No agent was created, the steps have problems.\n\n- ${lines.join('\n- ')}`, {
    problems: problems.map(({ path, message }) => ({ path, message })),
  });
}

/** A planned step may still lack a param; that is said once, as something missing. */
function toPlanMissing(plan: Plan): Missing[] {
  const said = new Set(plan.missing.map(({ step }) => step));
  const lacking = validateSteps(plan.steps).flatMap(({ path, message }) => {
    const step = plan.steps[Number(/^steps\[(\d+)\]/.exec(path)?.[1] ?? -1)]?.name;
    if (step === undefined || said.has(step)) return [];
    said.add(step);
    return [{ step, what: path, hint: message }];
  });
  return [...plan.missing, ...lacking];
}

/** Types of actions that cannot run yet, for steps of which nothing is said so far. */
function toUnavailable(steps: readonly Step[], missing: readonly Missing[]): Missing[] {
  return steps.flatMap(({ name, action }) => {
    const requires = CATALOGUE.get(action)?.requires;
    if (requires === undefined || missing.some(({ step }) => step === name)) return [];
    return [{ step: name, what: requires, hint: `\`${action}\` cannot run without it, and it is not there yet.` }];
  });
}

async function toSchedule(
  services: CreateAgentServices,
  caller: Caller,
  body: CreateAgentBody,
  plan: Plan,
): Promise<CreatedAgent['agent']['schedule']> {
  if (body.timezone !== undefined) checkTimezone(body.timezone);
  const cron = body.schedule?.trim().replace(/\s+/g, ' ') ?? plan.schedule?.cron;
  if (cron === undefined) return undefined;
  const timezone = body.timezone ?? plan.schedule?.timezone ?? (await services.identity.timezone(caller));
  const [row] = await services.db.query<{ now: Date }>('SELECT app_now() AS now');
  if (row === undefined) throw new AppError('internal', 'The database did not say the time.');
  const times = await nextTimes(cron, timezone, row.now, 3);
  return { cron, timezone, text: describeSchedule(cron), nextRuns: times.map((time) => time.toISOString()) };
}

function checkTimezone(timezone: string): void {
  const near = suggest(timezone, Intl.supportedValuesOf('timeZone'));
  try {
    requireTimezone(timezone);
  } catch (error) {
    if (!(error instanceof AppError) || near.length === 0) throw error;
    throw new AppError(
      'invalid_input',
      `${error.message} Did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`,
      { path: 'timezone' },
    );
  }
}

function toAnswer(
  agent: AgentRecord,
  content: Omit<AgentDefinition, 'policies'>,
  refs: readonly PolicyRef[],
  schedule: CreatedAgent['agent']['schedule'],
  recommended: readonly Recommendation[],
): CreatedAgent {
  const { missing, ...shown } = content;
  const policies = refs.map(({ id, name, reason }) => ({ id, name, reason }));
  return {
    agent: {
      id: agent.id,
      version: agent.latestVersion,
      status: agent.status,
      ...toShown(shown, schedule),
      policies,
    },
    recommended,
    missing,
    nextSteps: [
      ...(missing.length === 0
        ? []
        : [
            'Settle what is still missing: call `create_agent` again with a clearer sentence or with `steps`. Until then it cannot be deployed.',
          ]),
      'Use `test_agent` to run a dry-run test',
      'Use `attach_policy` to add more safety policies',
      'Use `deploy_agent` when ready to run',
    ],
  };
}

function toShown(
  { schedule: _stored, ...shown }: Omit<AgentDefinition, 'policies' | 'missing'>,
  schedule: CreatedAgent['agent']['schedule'],
): Omit<CreatedAgent['agent'], 'id' | 'version' | 'status' | 'policies'> {
  return { ...shown, ...(schedule === undefined ? {} : { schedule }) };
}
