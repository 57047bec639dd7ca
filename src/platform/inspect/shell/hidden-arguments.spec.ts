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
