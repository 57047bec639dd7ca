import { expect, it } from '@jest/globals';
import type { CodeLanguage } from '../model.ts';
import { readCode } from './read-code.ts';
import { readShell } from './read-shell.ts';

it.each([
  'sh $X',
  'sh "$@"',
  'bash "$X"',
  'bash -$X file',
  'bash --rcfile="$X"',
  'bash $OPTIONS script.sh',
  'bash -x $X',
  'bash "$NAME.sh"',
  'bash $(curl -s https://example.com/a)',
  '. $X',
  'source "$X"',
  'python "$X"',
  'python -m "$MODULE"',
  'node --require "$X" file.js',
  'perl -w $X',
  'php "$X"',
  'ssh $X',
  'ssh -p 22 "$X"',
  'sudo bash $X',
  'env A=b sh "$X"',
  'cat list | xargs python',
  'cat list | xargs sh',
  'find . -exec sh $X \\;',
])('arguments that may hold a program are not read: %s', async (script) => {
  expect(await readShell(script)).toMatchObject({ parsed: false, deletes: true, writes: true, network: true });
});

it.each([
  'bash script.sh "$X"',
  'bash -x script.sh $X',
  'bash "$DIR/script.sh" $X',
  'bash run-$NAME.sh',
  "bash -c 'echo hi' $X",
  'source "$HOME/.bashrc"',
  'python tool.py "$@"',
  'python -m http "$X"',
  'ssh "$HOST" uptime',
  'ssh deploy@$HOST',
  'psql "$URL"',
  'bash <(echo "ls")',
])('arguments of a program that is known are its data: %s', async (script) => {
  expect(await readShell(script)).toMatchObject({ parsed: true });
});

it.each<[CodeLanguage, string]>([
  ['javascript', "const { spawn } = require('child_process'); spawn('sh', args)"],
  ['javascript', "import { spawn } from 'node:child_process'; export const f = (args) => spawn('sh', args);"],
  ['javascript', "const cp = require('child_process'); cp.spawnSync('bash', process.argv.slice(2))"],
  ['javascript', "const { execFile } = require('child_process'); execFile('node', args, done)"],
  ['javascript', "const { execFile } = require('child_process'); execFile('sh', ['-c', ...rest])"],
  ['javascript', "const { exec } = require('child_process'); exec('sh ' + args.join(' '))"],
  ['javascript', "execa('bash', args)"],
  ['python', 'import subprocess; subprocess.run(args)'],
  ['python', 'import subprocess; subprocess.run(["sh", *args])'],
  ['python', 'import subprocess; subprocess.run(["sh"] + args)'],
  ['python', 'import subprocess; subprocess.run(["python3", *args])'],
  ['python', "import os; os.execvp('sh', args)"],
  ['python', "import os; os.execv('/bin/sh', ['sh'] + args)"],
  ['unknown', 'Runtime.getRuntime().exec(args)'],
  ['unknown', 'new ProcessBuilder(args).start()'],
  ['unknown', 'Process.Start("cmd.exe", args)'],
  ['unknown', 'Process.Start("sh", args)'],
  ['unknown', 'system("sh", *args)'],
  ['unknown', 'Kernel.exec("sh", *args)'],
  ['unknown', 'Open3.capture2("sh", *args)'],
  ['go', 'exec.Command("sh", args...).Run()'],
])('what a program of %s hands to an interpreter unseen is not read: %s', async (language, source) => {
  expect(await readCode(source, language)).toMatchObject({ parsed: false, deletes: true, writes: true });
});

it.each([
  'find . $X',
  'find . -type f $X -print',
  'find . -print $X',
  'find "$@" -name x',
  'find -L . -exec ls {} \\; $X',
  'find . -exec ls {} + $X',
  'tar $X',
  'tar "$OPTIONS" -f a.tar',
  'git $X',
  'git "$@"',
  'git -C "$DIR" $X',
  'git -c "$X" log',
  'git -p "$X"',
  'mapfile -C "$X" -c 1 lines',
  'readarray -tC "$X" lines',
])('options that act are not read where nobody can see them: %s', async (script) => {
  expect(await readShell(script)).toMatchObject({ parsed: false, deletes: true, writes: true, network: true });
});

it.each([
  'find "$DIR" -name "*.log"',
  'find "$A" "$B" -type f',
  'find -L "$DIR" -type f',
  'find . "$DIR/logs" -type f',
  'find . -name "$X"',
  'find . -type f -newer "$X"',
  'find . -exec grep "$X" {} \\;',
  'find . -exec grep "$X" {} + -print',
  'tar czf "$OUT" "$DIR"',
  'tar xf "$FILE" -C "$DIR"',
  'tar "$DIR/a.tar"',
  'git add "$X"',
  'git -C "$DIR" status',
  'git --git-dir="$DIR" log $RANGE',
  'git -c color.ui=never log "$X"',
  'git commit -m "$X"',
  'mapfile -t lines',
  'rm "$X"',
  'cp "$A" "$B"',
])('arguments of everyday commands are their data: %s', async (script) => {
  expect(await readShell(script)).toMatchObject({ parsed: true });
});

it.each<[CodeLanguage, string]>([
  ['python', 'import subprocess; subprocess.run(f"ls {x}", shell=True)'],
  ['python', 'import subprocess; subprocess.run("ls " + x, shell=True)'],
  ['python', 'import subprocess; subprocess.run(["ls", x], shell=True)'],
  ['python', 'import subprocess; subprocess.run(["ls", x], shell=is_windows)'],
  ['python', 'import os; os.system("ls %s" % x)'],
  ['javascript', "require('child_process').exec(`ls ${x}`, done)"],
  ['javascript', "require('child_process').exec('ls ' + x)"],
  ['javascript', "require('child_process').spawn('ls', [x], { shell: true })"],
  ['javascript', "require('child_process').spawn('ls', [x], { shell: '/bin/bash' })"],
  ['javascript', "require('child_process').spawn('ls', [x], { shell })"],
  ['unknown', 'system("ls #{x}")'],
])('shell text with a part that nobody can see is not read: %s %s', async (language, source) => {
  expect(await readCode(source, language)).toMatchObject({ parsed: false, deletes: true, writes: true });
});

it.each<[CodeLanguage, string]>([
  ['python', 'import subprocess; subprocess.run(["bash"], input=text)'],
  ['python', 'import subprocess; subprocess.run(["bash", "-s"], input=text)'],
  ['python', 'import subprocess; subprocess.run(["bash", "-"], stdin=pipe)'],
  ['python', 'import subprocess; subprocess.run("bash -x", input=text, shell=True)'],
  ['javascript', "require('child_process').execFileSync('bash', ['-x'], { input: text })"],
  ['javascript', "require('child_process').spawnSync('sh', { input })"],
  ['javascript', "require('child_process').spawn('sh', { stdio: 'pipe' })"],
  ['go', 'command := exec.Command("bash"); command.Stdin = reader; command.Run()'],
  ['unknown', 'new ProcessStartInfo { FileName = "sh", Arguments = args }'],
  ['unknown', 'new ProcessStartInfo { Arguments = "-c " + text, FileName = "sh" }'],
  ['unknown', 'var info = new ProcessStartInfo(); info.FileName = "sh"; info.ArgumentList.Add(text);'],
])('what a shell is given to read is not read: %s %s', async (language, source) => {
  expect(await readCode(source, language)).toMatchObject({ parsed: false, deletes: true, writes: true });
});

it.each<[CodeLanguage, string]>([
  ['python', 'import subprocess; subprocess.run(["bash", "-s"], input="rm -rf /")'],
  ['javascript', "require('child_process').execSync('bash -s', { input: 'rm -rf /' })"],
  ['unknown', 'new ProcessStartInfo { FileName = "rm", Arguments = "-rf /" }'],
])('what a shell is given as text is read: %s %s', async (language, source) => {
  expect(await readCode(source, language)).toMatchObject({ destructive: true });
});

it.each<[CodeLanguage, string]>([
  ['python', 'import subprocess; subprocess.run(["ls", path], shell=False)'],
  ['python', 'import subprocess; subprocess.run(["git", "log", "--", path], cwd=here)'],
  ['python', 'import subprocess; subprocess.run(["grep", word], input=text)'],
  ['python', 'import subprocess; subprocess.run(["node", "--version"])'],
  ['javascript', "require('child_process').execFileSync('find', ['.', '-type', 'f'], { encoding: 'utf8' })"],
  ['javascript', "require('child_process').exec('git status', done)"],
  ['javascript', "require('child_process').spawn('git', ['log', file], { cwd: here, shell: false })"],
])('arguments that no shell splits are data: %s %s', async (language, source) => {
  expect(await readCode(source, language)).toMatchObject({ parsed: true, deletes: false });
});
