import type { z } from 'zod';
import type { Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { AppServices } from './services.ts';

/** What a tool says of itself. Hints for clients; never input of a policy. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** Whether it may reach systems outside this server. */
  readonly openWorldHint: boolean;
}

export interface ToolContext {
  readonly caller: Caller;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Tells a client that asked for it how far a long call is. */
  readonly progress: (done: number, total: number) => void;
}

/** `answer`: text and structured content carry the same meaning. `refused`: an error for the client, text only. */
export type ToolResult =
  | { readonly kind: 'answer'; readonly text: string; readonly structured: object }
  | { readonly kind: 'refused'; readonly text: string; readonly meta?: JsonObject };

export interface ToolDefinition<Input extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  readonly output: z.ZodType;
  readonly run: (services: AppServices, input: z.output<Input>, context: ToolContext) => Promise<ToolResult>;
}

/** A tool whose input is checked before it runs: `run` is only reachable through a parsed input. */
export interface Tool extends Omit<ToolDefinition<z.ZodType>, 'run'> {
  call(services: AppServices, input: unknown, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<Input extends z.ZodType>(definition: ToolDefinition<Input>): Tool {
  const { run, ...described } = definition;
  return {
    ...described,
    call: async (services, input, context) => run(services, definition.input.parse(input), context),
  };
}

/** Deeply read-only: what services return and what is drawn. */
export type View<T> = T extends (infer Item)[]
  ? readonly View<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: View<T[Key]> }
    : T;

export const READS: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};
export const WRITES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
/** Acts in the world, possibly beyond recall. */
export const ACTS: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};
