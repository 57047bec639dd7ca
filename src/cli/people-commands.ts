import type { Command } from 'commander';
import type { LinkSlackOptions } from './link-slack.ts';
import type * as People from './people.ts';

type End = (code: number) => void;
type Run<Options> = (people: typeof People, options: Options) => Promise<number>;

const EMAIL = ['--email <address>', 'e-mail address of the person'] as const;
const ROLE = ['--role <role...>', 'owner, admin, operator, approver, auditor or requester; may be repeated'] as const;
const GROUP = ['--group <name...>', 'a group that approvals may ask for, such as finance; may be repeated'] as const;

function inWorkspace(command: Command): Command {
  return command.option('--workspace <name>', 'the workspace', 'default');
}

/** `user`, `key` and `sign-in-link`: they work beside a running server and are in force at once. */
export function addPeople(program: Command, end: End): void {
  const act = <Options>(command: Command, run: Run<Options>): void => {
    inWorkspace(command).action(async (options: Options) => end(await run(await import('./people.ts'), options)));
  };
  addUsers(program, act, end);
  addKeys(program, act);
  act<People.UserOptions>(
    program
      .command('sign-in-link')
      .description('print a link that signs a person in to the console: once, within 15 minutes')
      .requiredOption(...EMAIL),
    (people, options) => people.printLink(options),
  );
}

type Act = <Options>(command: Command, run: Run<Options>) => void;

function addUsers(program: Command, act: Act, end: End): void {
  const user = program.command('user').description('who belongs to the workspace, and what they may do');
  act<People.UserOptions>(
    user
      .command('add')
      .description('add a person, or give one that is there more roles and groups')
      .requiredOption(...EMAIL)
      .requiredOption(...ROLE)
      .option(...GROUP),
    (people, options) => people.addUser(options),
  );
  act<People.UserOptions>(
    user
      .command('set')
      .description('replace the roles, or the groups, of a person')
      .requiredOption(...EMAIL)
      .option(...ROLE)
      .option(...GROUP),
    (people, options) => people.setUser(options),
  );
  act<People.UserOptions>(
    user
      .command('deactivate')
      .description('end the sessions of a person and refuse their keys, now')
      .requiredOption(...EMAIL),
    (people, options) => people.deactivateUser(options),
  );
  const linking = user
    .command('link-slack')
    .description('let a Slack account answer for a person; guests, bots and other teams are refused')
    .requiredOption(...EMAIL)
    .requiredOption('--team <id>', 'the team in Slack, such as T0123456789')
    .requiredOption('--user <id>', 'the account in Slack, such as U0123456789');
  inWorkspace(linking).action(async (options: LinkSlackOptions) =>
    end(await (await import('./link-slack.ts')).linkSlack(options)),
  );
  act<People.UserOptions>(user.command('list').description('print who belongs to the workspace'), (people, options) =>
    people.listUsers(options),
  );
}

function addKeys(program: Command, act: Act): void {
  const key = program.command('key').description('keys for programs that call /mcp on behalf of a person');
  act<People.KeyOptions>(
    key
      .command('create')
      .description('make a key and print it; it is shown only now')
      .requiredOption('--name <name>', 'what it is called, such as ci')
      .requiredOption('--role <role>', 'what it may do; no more than its owner')
      .requiredOption('--owner <address>', 'e-mail address of the person on whose behalf it asks'),
    (people, options) => people.addKey(options),
  );
  act<People.KeyOptions>(key.command('list').description('print the keys that work'), (people, options) =>
    people.showKeys(options),
  );
  act<People.KeyOptions>(
    key.command('revoke').description('refuse a key from now on').requiredOption('--name <name>', 'which one'),
    (people, options) => people.endKey(options),
  );
}
