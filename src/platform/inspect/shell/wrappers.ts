import { isKnown, stripMarks, unknown } from './marks.ts';
import type { Runner } from './runner.ts';

/**
 * Commands that run their arguments: name, how many arguments come before the command, and the options that take a value.
 * `a:b` is command `a` with the word `b`.
 */
const WRAPPERS = new Map(
  `sudo 0 -u -g -h -p -C -r -t -U -D -R -T --user --group --host --prompt --chdir --role --type --chroot --other-user --close-from --command-timeout
doas 0 -u -C
env 0 -u -C --unset --chdir
nohup 0
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
runuser 0 -u -g -G --user --group
strace 0 -e -o -p -s -u -E
ltrace 0 -e -o -p -s -u
unshare 0
nsenter 0 -t -S -G --target
chroot 1
flock 1 -w -E --timeout --conflict-exit-code
watch 0 -n --interval
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
parallel 0 -j -I -n -N -a -S --jobs --colsep --arg-file
xargs 0 -a -d -E -I -L -n -P -s -i --arg-file --delimiter --replace --max-args --max-procs --max-lines --max-chars
npx 0 -p -c --package --call
bunx 0
pnpx 0
npm:exec 0 --package
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
adb:shell 0
multipass:exec 1
flyctl:ssh 1`
    .split('\n')
    .map((line) => {
      const [name = '', skipped = '0', ...valued] = line.split(' ');
      return [name, { skipped: Number(skipped), valued: new Set(valued) }] as const;
    }),
);

const ASSIGNMENT = /^\w+=/;

/** The command inside a wrapper such as `sudo -u root`; undefined where there is none. */
export function innerCommand(name: string, args: readonly string[]): readonly string[] | undefined {
  const direct = WRAPPERS.get(name);
  if (direct) return strip(args, direct);
  const index = args.findIndex((arg) => WRAPPERS.has(`${name}:${arg}`));
  const nested = WRAPPERS.get(`${name}:${args[index] ?? ''}`);
  return nested && strip(args.slice(index + 1), nested);
}

/** Whether it only changes how its command runs, here and now. */
export const isBareWrapper = (name: string): boolean => WRAPPERS.has(name);

function strip(
  args: readonly string[],
  { skipped, valued }: { skipped: number; valued: ReadonlySet<string> },
): string[] {
  let at = 0;
  let toSkip = skipped;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      toSkip = 0;
    } else if (arg.startsWith('-') && arg.length > 1) {
      if (valued.has(arg) || (/^-\w{2,}$/.test(arg) && valued.has(`-${arg.slice(-1)}`) && !valued.has(arg.slice(0, 2))))
        at += 1;
    } else if (ASSIGNMENT.test(arg) || arg === 'nocache') continue;
    else if (toSkip > 0) toSkip -= 1;
    else break;
  }
  return args.slice(at);
}

/** `find … -exec COMMAND ;` for each, with what it finds as a pattern. */
export function commandsOfFind(args: readonly string[]): string[][] {
  const roots = args.slice(
    0,
    Math.max(
      0,
      args.findIndex((arg) => /^[-(!]/.test(arg)),
    ),
  );
  const name = args[args.findIndex((arg) => /^-i?(?:name|path)$/.test(arg)) + 1];
  const found = (roots.length > 0 ? roots : ['.']).flatMap((root) => [
    `${root}/*/${isKnown(name ?? '') ? (name ?? '*') : '*'}`,
  ]);
  const commands: string[][] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(args[at] ?? '')) continue;
    const start = at + 1;
    while (at < args.length && args[at] !== ';' && args[at] !== '+') at += 1;
    const words = args.slice(start, at);
    commands.push(words.flatMap((one) => (one === '{}' ? found : [one.replaceAll('{}', found[0] ?? '*')])));
  }
  return commands;
}

/** Arguments that come from the input: known ones as they are, others as a pattern. */
export function withInput(args: readonly string[], inner: readonly string[], stdin: string | undefined): string[] {
  const text = stdin ?? unknown('stdin');
  const items = isKnown(text)
    ? stripMarks(text)
        .split(/\s+/)
        .filter((item) => item !== '')
    : [`${text}*`];
  const option = args.findIndex((arg) => /^(?:-I|-i|--replace)/.test(arg));
  const attached = /^(?:-[Ii]|--replace=)(.+)/.exec(args[option] ?? '')?.[1];
  const placeholder = option === -1 ? '{}' : (attached ?? args[option + 1] ?? '{}');
  if (!inner.some((arg) => arg.includes(placeholder))) return [...inner, ...items];
  return inner.flatMap((arg) => (arg === placeholder ? items : [arg.replaceAll(placeholder, () => items.join(' '))]));
}

/** `alias x='rm -rf'` */
export function defineAliases(runner: Runner, args: readonly string[]): void {
  for (const arg of args) {
    const [, name, text = ''] = /^([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined) runner.aliases.set(name, text);
  }
}
