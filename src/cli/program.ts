import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { packageVersion } from '../package-root.ts';
import { readConfig } from '../platform/config/index.ts';
import { hint } from '../platform/errors/index.ts';
import { addPeople } from './people-commands.ts';
import type { SetOptions } from './workspace.ts';

const DEFAULT_PORT = 3000;

interface ServeOptions {
  readonly stdio?: boolean;
  readonly http?: boolean;
  readonly port?: number;
  readonly role?: 'api' | 'worker';
}

/** Every command but the plain stdio server; resolves to the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('agentos')
    .description('Governed AI agents: an MCP server that creates, tests, deploys, runs and records agents.')
    .version(packageVersion())
    .option('--stdio', 'serve one MCP client on stdin and stdout (the default)')
    .option('--http', 'serve MCP on http://<AGENTOS_HOST>:<port>/mcp, and the console')
    .addOption(
      new Option('--role <role>', 'a part of --http: api leaves the queue to others, worker only works it').choices([
        'api',
        'worker',
      ]),
    )
    .option('--port <number>', `port for --http and --role (default ${DEFAULT_PORT})`, toPort)
    .showHelpAfterError('`agentos --help` shows the commands and options.')
    .enablePositionalOptions()
    .exitOverride()
    .allowExcessArguments()
    .action(async (options: ServeOptions) => {
      refuseMistakes(program, options);
      exitCode = await serve(options);
    });
  program
    .command('migrate')
    .description('bring the database up to date and stop')
    .action(async () => {
      const { openPlatform } = await import('../open-app.ts');
      const { database, log } = await openPlatform(readConfig());
      log.info({}, 'the database is up to date');
      await database.close();
    });
  program
    .command('demo')
    .description('the main job on real data, told as a story: create, test, deploy, run, refuse, hold, schedule, audit')
    .option('--input <file>', 'a csv file of your own instead of the built-in data set')
    .option('--keep', 'leave the temporary folder with its files and database')
    .action(async (options: { input?: string; keep?: boolean }) => {
      exitCode = await (await import('./demo.ts')).runDemo(options);
    });
  addWorkspace(program, (code) => (exitCode = code));
  addPeople(program, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already printed what is wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

function addWorkspace(program: Command, end: (code: number) => void): void {
  const workspace = program
    .command('workspace')
    .description('what belongs to the workspace, and values for its policies');
  workspace
    .command('set')
    .description('change settings; an empty value takes one away')
    .option('--mail-domain <domain...>', 'mail to these domains is internal; replaces those that are set')
    .option('--slack-team <id>', 'messages to this Slack team are internal')
    .option(
      '--parameter <policy.name=value...>',
      'value for what a policy leaves open, such as rate-limiting.httpPerMinute=50',
    )
    .option(
      '--quorum <risk=count...>',
      'who must agree, such as high=3 or critical=2:owner; for low, medium, high, critical',
    )
    .option('--max-open-approvals <n>', 'how many requests of one agent may wait for people at once (default: 20)')
    .option('--workspace <name>', 'the workspace', 'default')
    .action(async (options: SetOptions) => {
      end(await (await import('./workspace.ts')).setWorkspace(options));
    });
  workspace
    .command('show')
    .description('print the settings')
    .option('--workspace <name>', 'the workspace', 'default')
    .action(async (options: { workspace: string }) => {
      end(await (await import('./workspace.ts')).showWorkspace(options));
    });
}

function refuseMistakes(program: Command, { stdio, http, role }: ServeOptions): void {
  const [unknown] = program.args;
  const names = program.commands.map((each) => each.name());
  if (unknown !== undefined) program.error(`\`${unknown}\` is no command of AgentOS. ${hint(unknown, names)}`);
  if (stdio === true && (http === true || role !== undefined)) program.error('Choose one of --stdio and --http.');
}

async function serve(options: ServeOptions): Promise<number> {
  const config = readConfig();
  if (options.http === true || options.role !== undefined) {
    const { serveHttp } = await import('../serve-http.ts');
    return serveHttp(config, options.port ?? DEFAULT_PORT, options.role ?? 'all');
  }
  const [{ runStdio }, { openStdioApp }] = await Promise.all([
    import('../modules/mcp/stdio.ts'),
    import('../open-app.ts'),
  ]);
  return runStdio((signal) => openStdioApp(config, signal));
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 (any free port) to 65535.');
  return port;
}
