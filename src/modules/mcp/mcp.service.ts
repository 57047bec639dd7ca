import { cutText } from '../../kernel/json.ts';
import { Injectable } from '@nestjs/common';
import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { randomUUID } from 'node:crypto';
import { ZodError } from 'zod';
import type { Caller, Role } from '../../kernel/caller.ts';
import { Config } from '../../platform/config/index.ts';
import { isConnectionLost } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { Log } from '../../platform/telemetry/log.ts';
import { ActionsService, CATALOGUE } from '../actions/index.ts';
import { AgentsService } from '../agents/index.ts';
import { ApprovalsService } from '../approvals/index.ts';
import { AuditService } from '../audit/index.ts';
import { IdentityService } from '../identity/index.ts';
import { PoliciesService } from '../policies/index.ts';
import { RunsService } from '../runs/index.ts';
import { TemplatesService } from '../templates/index.ts';
import { explainInput } from './explain-input.ts';
import { hasHalfCharacter, isTooDeep, MAX_DEPTH } from './json-depth.ts';
import { getPrompt, type PromptResult } from './prompts.ts';
import { readResource, type ResourceResult } from './read-resource.ts';
import type { AppServices } from './services.ts';
import type { Tool, ToolContext, ToolResult } from './tool.ts';
import { TOOL_LIST } from './tools.generated.ts';
import { TOOLS } from './tools/index.ts';

/** The call that a client waits for. */
export type CallRequest = Pick<ToolContext, 'signal' | 'progress'>;

const NO_DATABASE =
  'The database does not answer, so nothing is known to have happened. Try again in a moment; an action with an `idempotencyKey` is never done twice.';

/** Whoever holds a key, or whoever is at this machine: then only the door is known. */
export type Asker = Caller | 'stdio' | 'http';

const WRITERS: readonly Role[] = ['requester', 'operator', 'admin', 'owner'];

/** Tools, resources and prompts over the services: what both transports call once the application is loaded. */
@Injectable()
export class McpService {
  readonly #services: AppServices;
  readonly #tools: ReadonlyMap<string, Tool> = new Map(TOOLS.map((tool) => [tool.name, tool]));

  constructor(
    actions: ActionsService,
    agents: AgentsService,
    approvals: ApprovalsService,
    audit: AuditService,
    identity: IdentityService,
    policies: PoliciesService,
    runs: RunsService,
    templates: TemplatesService,
    log: Log,
    config: Config,
  ) {
    this.#services = {
      actions,
      actionTypes: [...CATALOGUE.keys()],
      agents,
      approvals,
      audit,
      config,
      identity,
      policies,
      runs,
      templates,
      log,
    };
  }

  /** Whatever goes wrong inside a tool is an answer that a model can act on; only an unknown tool is a protocol error. */
  async callTool(asker: Asker, name: string, args: unknown, request: CallRequest): Promise<CallToolResult> {
    const tool = this.#tools.get(name);
    if (tool === undefined) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no tool \`${cutText(name, 80)}\`. ${hint(name, this.#tools.keys())}`,
      );
    }
    if (isTooDeep(args)) {
      return refuse(
        `The arguments are nested more than ${MAX_DEPTH} levels deep; nothing was done. Flatten them, or put the data in a file.`,
      );
    }
    if (hasHalfCharacter(args)) {
      return refuse(
        'A text in the arguments holds half of a character (a lone surrogate); nothing was done. Send whole characters.',
      );
    }
    try {
      const caller = await this.#toCaller(asker);
      if (!mayCall(caller, tool)) return refuse(explainRole(caller, name));
      return toCallResult(await tool.call(this.#services, args, { caller, ...request }));
    } catch (error) {
      return refuse(this.#explain(tool, args, error));
    }
  }

  async readResource(asker: Asker, uri: string): Promise<ResourceResult> {
    return this.#serve(uri, async (caller) => readResource(this.#services, caller, uri), asker);
  }

  async getPrompt(asker: Asker, name: string, args: Readonly<Record<string, string>>): Promise<PromptResult> {
    return this.#serve(name, async (caller) => getPrompt(this.#services, caller, name, args), asker);
  }

  async #serve<T>(what: string, work: (caller: Caller) => Promise<T>, asker: Asker): Promise<T> {
    try {
      return await work(await this.#toCaller(asker));
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      if (error instanceof AppError) throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
      throw new ProtocolError(ProtocolErrorCode.InternalError, this.#report(what, error));
    }
  }

  async #toCaller(asker: Asker): Promise<Caller> {
    return typeof asker === 'string' ? this.#services.identity.localCaller(asker) : asker;
  }

  #explain(tool: Tool, args: unknown, error: unknown): string {
    if (error instanceof ZodError) {
      const listed = TOOL_LIST.find(({ name }) => name === tool.name);
      return explainInput(tool.name, error.issues, args, listed?.inputSchema ?? {});
    }
    if (error instanceof AppError && error.code !== 'internal') return error.message;
    if (isConnectionLost(error)) return NO_DATABASE;
    return this.#report(tool.name, error);
  }

  /** The cause goes to the log; the answer carries only what finds it there. */
  #report(what: string, error: unknown): string {
    const reference = randomUUID().slice(0, 8);
    this.#services.log.error({ reference, what, err: error }, 'unexpected error');
    return `Something went wrong inside AgentOS (reference ${reference}); the log on stderr has the cause. Try again; if it stays, report it with the reference.`;
  }
}

/** Roles that only review or read change nothing here. */
function mayCall({ roles }: Caller, { annotations }: Tool): boolean {
  return annotations.readOnlyHint || roles.some((role) => WRITERS.includes(role));
}

function explainRole({ roles }: Caller, tool: string): string {
  return `\`${tool}\` changes something, which the role \`${roles.join(', ')}\` of this key may not; nothing was done. Use a key with one of the roles ${WRITERS.join(', ')}.`;
}

function toCallResult(result: ToolResult): CallToolResult {
  if (result.kind === 'refused') return refuse(result.text, result.meta);
  return { content: [{ type: 'text', text: result.text }], structuredContent: { ...result.structured } };
}

/** Text only: clients of the 2025 era refuse structured content that does not fit the output schema, also on errors. */
function refuse(text: string, meta?: Readonly<Record<string, unknown>>): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }], ...(meta === undefined ? {} : { _meta: { ...meta } }) };
}
