import { Client } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { join } from 'node:path';
import type { z } from 'zod';
import { packageRoot, packageVersion } from '../../package-root.ts';
import { Refusal } from './answers.ts';
import { must, Surprise } from './surprise.ts';

const CALL_TIMEOUT_MS = 60_000;
const PROTOCOL = '2026-07-28';

/** What came instead of a result: the text for the assistant and the machine-readable decision. */
export interface Refused extends z.infer<typeof Refusal> {
  readonly text: string;
}

/** To ask for the protocol version, the client starts a second server if the transport is of exactly the SDK's class; not with this one. */
class OneProcess extends StdioClientTransport {}

/** This program as a child process, spoken to as any MCP client does: through its stdin and stdout. */
export class DemoServer {
  #log = '';

  readonly #client: Client;
  readonly #transport: OneProcess;

  constructor(dataDir: string, filesDir: string) {
    this.#transport = new OneProcess({
      command: process.execPath,
      args: [join(packageRoot(), 'dist', 'bundle', 'main.js'), '--stdio'],
      // Nothing of the caller's own settings: the demo never touches a database or folder that is in use.
      env: {
        ...getDefaultEnvironment(),
        AGENTOS_DATA_DIR: dataDir,
        AGENTOS_FILE_ROOTS: filesDir,
        AGENTOS_POLICY_MODE: 'strict',
      },
      cwd: filesDir,
      stderr: 'pipe',
      maxBufferSize: 64 * 1024 * 1024,
    });
    this.#client = new Client(
      { name: 'agentos-demo', version: packageVersion() },
      { versionNegotiation: { mode: { pin: PROTOCOL } } },
    );
    const { stderr } = this.#transport;
    stderr?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-20_000)));
  }

  async connect(): Promise<void> {
    try {
      await this.#client.connect(this.#transport, { timeout: CALL_TIMEOUT_MS });
    } catch (error) {
      throw this.#explain('the server did not answer', error);
    }
  }

  async tools(): Promise<string[]> {
    const { tools } = await this.#client.listTools();
    return tools.map(({ name }) => name);
  }

  /** The structured answer of a tool. A refusal, or an answer without a promised field, is a surprise. */
  async call<Answer extends z.ZodType>(
    tool: string,
    args: Record<string, unknown>,
    answer: Answer,
  ): Promise<z.output<Answer>> {
    const result = await this.#send(tool, args);
    must(!result.isError, `\`${tool}\` was refused:\n${result.text}`);
    const parsed = answer.safeParse(result.structured);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Surprise(`\`${tool}\` answered without what it promises: ${issue?.path.join('.')}: ${issue?.message}`);
  }

  /** For what must not happen: that it does is the surprise. */
  async refused(tool: string, args: Record<string, unknown>): Promise<Refused> {
    const result = await this.#send(tool, args);
    must(result.isError, `\`${tool}\` did what it must refuse: ${JSON.stringify(args)}`);
    const parsed = Refusal.safeParse(result.meta);
    must(parsed.success, `\`${tool}\` refused without saying its decision:\n${result.text}`);
    return { ...parsed.data, text: result.text };
  }

  /** Resolves when the process is gone, and its database with it. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.#transport.close();
  }

  async #send(tool: string, args: Record<string, unknown>) {
    try {
      const result = await this.#client.callTool({ name: tool, arguments: args }, { timeout: CALL_TIMEOUT_MS });
      const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
      return { isError: result.isError === true, text, structured: result.structuredContent, meta: result._meta };
    } catch (error) {
      throw this.#explain(`\`${tool}\` got no answer`, error);
    }
  }

  #explain(what: string, error: unknown): Surprise {
    const log = this.#log.trim().split('\n').slice(-15).join('\n');
    const message = error instanceof Error ? error.message : String(error);
    return new Surprise(`${what}: ${message}${log === '' ? '' : `\nThe last lines of the server's log:\n${log}`}`);
  }
}
