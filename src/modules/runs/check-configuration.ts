import { nextTimes } from '../../platform/clock/next-times.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { validateSteps } from '../actions/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import type { TestRequest } from './test-agent.ts';

/** What it lacks keeps it from being deployed, not from being decided. */
export function toLacking({ definition }: AgentVersion): string[] {
  return definition.missing.map(
    ({ step, what, hint }) => `${step === undefined ? '' : `\`${step}\`: `}${what} is missing. ${hint}`,
  );
}

/** What is wrong with the agent as it is written. */
export async function checkConfiguration({ definition }: AgentVersion): Promise<string[]> {
  const problems = validateSteps(definition.steps).map(({ path, message }) => `${path}: ${message}`);
  if (definition.steps.length === 0)
    problems.push('The agent has no step. Give it steps, or a task that names what to do.');
  const { schedule } = definition;
  if (schedule === undefined) return problems;
  try {
    await nextTimes(schedule.cron, schedule.timezone, new Date(0));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push(error.message);
  }
  return problems;
}

/** Calls that no given server would answer. Servers that are not given are not judged. */
export function findUnknownTools(
  { definition }: AgentVersion,
  servers: NonNullable<TestRequest['mockData']>['servers'] = {},
): string[] {
  return definition.steps.flatMap(({ name, action, params }) => {
    const { server, tool } = params;
    if (action !== 'mcp.call' || typeof server !== 'string' || typeof tool !== 'string') return [];
    const given = Object.hasOwn(servers, server) ? servers[server] : undefined;
    if (given === undefined) return [];
    const tools = given.tools.map((one) => one.name);
    if (tools.includes(tool)) return [];
    return [`\`${name}\`: the server \`${server}\` has no tool \`${tool}\`. ${hint(tool, tools)}`];
  });
}
