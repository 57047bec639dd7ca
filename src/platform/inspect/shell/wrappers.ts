import { isKnown, stripMarks, unknown } from './marks.ts';
import type { Runner } from './runner.ts';

/**
 * Commands that run their arguments: name, how many arguments come before the command, and the options that take a value.
 * `a:b` is command `a` with the word `b`. The value of an option behind `=` is a script; with `=` alone, all words are.
 */
const WRAPPERS = new Map(
  `sudo 0 -u -g -h -p -C -r -t -U -D -R -T --user --group --host --prompt --chdir --role --type --chroot --other-user --close-from --command-timeout
doas 0 -u -C
env 0 -u -C --unset --chdir =-S =--split-string
nohup 0
nocache 0
time 0 -o -f --output --format
timeout 1 -s -k --signal --kill-after
nice 0 -n --adjustment
ionice 0 -c -n -p --class --classdata
chrt 1
taskset 1
setsid 0
stdbuf 0 -i -o -e --input --output --error
busybox 0
toybox 0
command 0
builtin 0
exec 0 -a
coproc 0
pkexec 0 --user
gsudo 0 -u --user
runuser 0 -u -g -G --user --group =-c =--command
strace 0 -e -o -p -s -u -E
ltrace 0 -e -o -p -s -u
unshare 0
nsenter 0 -t -S -G --target
chroot 1
flock 1 -w -E --timeout --conflict-exit-code =-c =--command
watch 0 -n --interval =
caffeinate 0 -t -w
systemd-run 0 -p -u -E -H -M -G --unit --property --uid --gid --setenv --slice --description
proxychains 0 -f
proxychains4 0 -f
torsocks 0
torify 0
firejail 0
setarch 1
linux64 0
faketime 1
dumb-init 0
tini 0
catchsegv 0
rlwrap 0
unbuffer 0
winpty 0
start 0
xvfb-run 0 -n -s -e -f -w
parallel 0 -j -I -n -N -a -S --jobs --colsep --arg-file =
xargs 0 -a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-chars
npx 0 -p --package =-c =--call
bunx 0
pnpx 0
npm:exec 0 --package =-c =--call
pnpm:exec 0
pnpm:dlx 0
yarn:dlx 0
yarn:exec 0
bundle:exec 0
poetry:run 0
pipenv:run 0
uv:run 0 --with --python -p
uvx 0 --from --with
pipx:run 0 --spec
conda:run 0 -n -p --name --prefix
dotenv 0 -e -f
op:run 0 --env-file
doppler:run 0 -p -c
aws-vault:exec 1 -d
direnv:exec 1
nix:run 0
docker:exec 1 -e -u -w --env --user --workdir --env-file --detach-keys
podman:exec 1 -e -u -w --env --user --workdir --env-file
nerdctl:exec 1 -e -u -w --env --user --workdir
docker-compose:exec 1 -e -u -w -T --env --user --workdir --index
docker:run 1 -e -u -w -v -p -l -h -m --env --user --workdir --volume --name --publish --network --mount --env-file --entrypoint --label --platform --memory --cpus --pid --hostname --add-host --cap-add --device --restart --ulimit --tmpfs --security-opt
podman:run 1 -e -u -w -v -p -l -h -m --env --user --workdir --volume --name --publish --network --mount --env-file --entrypoint --label --platform
docker-compose:run 1 -e -u -w -v -p --env --user --workdir --volume --name --publish --entrypoint
kubectl:exec 1 -n -c -f --namespace --container --filename --context
oc:exec 1 -n -c --namespace --container
kubectl:run 1 -n --image --namespace --restart --overrides
lxc:exec 1
lxc-attach 0 -n --name
wsl 0 -d -u --distribution --user
adb:shell 0 =
multipass:exec 1
flyctl:ssh 1`
    .split('\n')
    .map((line): [string | undefined, Wrapper] => {
      const [name, skipped, ...options] = line.split(' ');
      return [name, { skipped: Number(skipped), options: new Set(options) }];
    }),
);

interface Wrapper {
  readonly skipped: number;
  readonly options: ReadonlySet<string>;
}

const ASSIGNMENT = /^\w+=/;
const SCRIPT = /[\s;&|<>$`()]/;
const MAX_FOUND = 100;

/** The command inside a wrapper such as `sudo -u root`; undefined where there is none. */
export function innerCommand(name: string, args: readonly string[]): readonly string[] | undefined {
  const direct = WRAPPERS.get(name);
  if (direct) return strip(args, direct, direct.skipped);
  for (const [index, arg] of args.entries()) {
    const nested = WRAPPERS.get(`${name}:${arg}`);
    if (nested) return strip(args.slice(index + 1), nested, 0);
  }
  return undefined;
}

/** Whether it only changes how its command runs, here and now. */
export const isBareWrapper = (name: string): boolean => WRAPPERS.has(name);

function strip(args: readonly string[], { skipped, options }: Wrapper, skippedAfterDashes: number): string[] {
  let toSkip = skipped;
  let isValue = false;
  for (const [at, arg] of args.entries()) {
    if (isValue) isValue = false;
    else if (arg === '--') toSkip = Math.min(toSkip, skippedAfterDashes);
    else if (arg.startsWith('-')) {
      const script = scriptOf(arg, options);
      if (script !== undefined) return ['eval', script, ...args.slice(at + 1)];
      isValue = takesNext(arg, options);
    } else if (!ASSIGNMENT.test(arg)) {
      const inner = args.slice(at);
      if (toSkip === 0) return options.has('=') && SCRIPT.test(inner.join('')) ? ['eval', ...inner] : inner;
      toSkip -= 1;
    }
  }
  return [];
}

/** How the script begins that an option is given: `rm` in `env -Srm`, nothing in `env -vS rm`. */
function scriptOf(arg: string, options: ReadonlySet<string>): string | undefined {
  for (let end = 2; end <= arg.length; end += 1)
    if (options.has(`=${arg.slice(0, end)}`)) return arg.slice(end).replace(/^=/, '');
  return /^-\w+$/.test(arg) && options.has(`=-${arg.slice(-1)}`) ? '' : undefined;
}

/** Of short options in one word, the last may take a value. */
const takesNext = (arg: string, options: ReadonlySet<string>): boolean =>
  options.has(arg) || (/^-\w+$/.test(arg) && options.has(`-${arg.slice(-1)}`) && !options.has(arg.slice(0, 2)));

/** `find … -exec COMMAND ;` for each, with what it finds in each place as a pattern. */
export function commandsOfFind(args: readonly string[]): string[][] {
  const words = args.filter((arg) => !/^-[HLP]$/.test(arg));
  const roots = words.slice(
    0,
    words.findIndex((word) => /^[-(!]/.test(word)),
  );
  const names = args.filter((_, index) => /^-i?(?:name|path)$/.test(args[index - 1] ?? ''));
  const commands = executedBy(args);
  if (Math.max(1, roots.length) * Math.max(1, names.length) * commands.length > MAX_FOUND) return [[unknown('find')]];
  const patterns = names.length > 0 ? names.map((name) => (isKnown(name) ? name : '*')) : ['*'];
  const found = (roots.length > 0 ? roots : ['.']).flatMap((root) => patterns.map((name) => `${root}/*/${name}`));
  return commands.flatMap((command) => found.map((path) => command.map((one) => one.replaceAll('{}', () => path))));
}

/** What stands between `-exec` and its end; all up to there is the command's own. */
function executedBy(args: readonly string[]): string[][] {
  const commands: string[][] = [];
  let command: string[] | undefined;
  for (const [at, arg] of args.entries()) {
    if (command === undefined) {
      if (/^-(?:exec|ok)(?:dir)?$/.test(arg)) commands.push((command = []));
    } else if (arg === ';' || (arg === '+' && args[at - 1] === '{}')) command = undefined;
    else command.push(arg);
  }
  return commands;
}

/** Arguments that come from the input: known ones as they are, others as a pattern. */
export function withInput(args: readonly string[], inner: readonly string[], stdin: string | undefined): string[] {
  const text = stdin ?? unknown('stdin');
  const items = isKnown(text) ? (stripMarks(text).match(/\S+/g) ?? []) : [`${text}*`];
  const placeholder = placeholderOf(args.slice(0, args.length - inner.length + 1));
  if (!inner.some((arg) => arg.includes(placeholder))) return [...inner, ...items];
  return inner.flatMap((arg) => (arg === placeholder ? items : [arg.replaceAll(placeholder, () => items.join(' '))]));
}

/** `xargs -I X`, `-IX`, `-iX` or `--replace=X`. */
function placeholderOf(options: readonly string[]): string {
  for (const [at, option] of options.entries()) {
    const attached = /^(?:-[Ii]|--replace=)(.+)$/s.exec(option)?.[1];
    if (attached !== undefined) return attached;
    if (option === '-I') return options[at + 1] ?? '{}';
  }
  return '{}';
}

/** `alias x='rm -rf'` */
export function defineAliases(runner: Runner, args: readonly string[]): void {
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) runner.aliases.set(arg.slice(0, at), arg.slice(at + 1));
  }
}
