import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { StartError } from '../../platform/errors/index.ts';
import { LineTransport } from './line-transport.ts';
import type { McpService } from './mcp.service.ts';
import { createMcpServer } from './server.ts';

/** The application behind the protocol, and how to end it. */
export interface StdioApp {
  readonly mcp: McpService;
  close(): Promise<void>;
}

/** How long after an answer, and at first after the start, nothing may be asked before the application is loaded. */
const QUIET_MS = 50;
const FIRST_QUIET_MS = 300;
/** A start that failed stays this long to tell the client why. */
const FAREWELL_MS = 2_000;

/**
 * Serves MCP on stdin and stdout until the client closes stdin or a signal ends the process. Lists are answered at once; `load` runs on
 * the first quiet moment, because evaluating the application would block them, and its signal is aborted when the connection has ended.
 * Resolves to the exit code: 1 when the application did not start; the reason is then on stderr and is the answer to every call.
 */
export async function runStdio(load: (signal: AbortSignal) => Promise<StdioApp>): Promise<number> {
  let app: Promise<StdioApp> | undefined;
  let exitCode = 0;
  let isIdle = true;
  const ending = new AbortController();
  const transport = new LineTransport(process.stdin, claimStdout());
  const loaded = (): Promise<StdioApp> => {
    clearTimeout(quiet);
    return (app ??= load(ending.signal).catch((error: unknown) => {
      if (ending.signal.aborted) throw error;
      exitCode = 1;
      process.stderr.write(`${reasonOf(error)}\n`);
      setTimeout(() => void transport.close(), FAREWELL_MS);
      throw error;
    }));
  };
  const begin = (): void => void loaded().catch(() => undefined);
  let quiet = setTimeout(begin, FIRST_QUIET_MS);

  await new Promise<void>((resolve) => {
    const handle = serveStdio(() => createMcpServer(async () => (await loaded()).mcp, 'stdio'), {
      transport,
      onerror: (error) => process.stderr.write(`mcp: ${error.message}\n`),
    });
    transport.onsent = () => {
      isIdle = false;
      clearTimeout(quiet);
      quiet = setTimeout(begin, QUIET_MS);
    };
    const stop = (): void => {
      isIdle = false;
      void handle.close();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
  clearTimeout(quiet);
  // Without a client (stdin was empty) a start still says whether it works.
  if (isIdle) await loaded().catch(() => undefined);
  ending.abort();
  await (await app?.catch(() => undefined))?.close();
  return exitCode;
}

/** Only the transport keeps the real stdout; whatever else in the process writes to it lands on stderr. */
function claimStdout(): (line: string, done: (error?: Error | null) => void) => boolean {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.on('error', () => undefined);
  stdout.write = stderr.write.bind(stderr);
  return (line, done) => write(line, 'utf8', done);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof StartError ? error.message : (error.stack ?? error.message);
}
