import { describe, expect, it } from '@jest/globals';
import { RecordingRunner } from '../../../../test/support/recording-runner.ts';
import { DECODED, unknown } from './marks.ts';
import { commandsOfFind, defineAliases, innerCommand, isBareWrapper, withInput } from './wrappers.ts';

/** Words in `[…]`, as they reach the command. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/\[(.*?)\]|(\S+)/gs)].map((one) => one[1] ?? one[2] ?? '');
const lineOf = (words: readonly string[]): string =>
  words.map((word) => (/^\S+$/.test(word) ? word : `[${word}]`)).join(' ');

describe('the command that a wrapper runs is found', () => {
  it.each([
    ['sudo rm x', 'rm x'],
    ['sudo -n rm -u x', 'rm -u x'],
    ['sudo -u root rm x', 'rm x'],
    ['sudo -u -- rm x', 'rm x'],
    ['sudo --user root rm x', 'rm x'],
    ['sudo --user=root rm x', 'rm x'],
    ['sudo -uroot rm x', 'rm x'],
    ['sudo -nu root rm x', 'rm x'],
    ['sudo -u', ''],
    ['sudo -un rm x', 'rm x'],
    ['sudo -ugu rm x', 'rm x'],
    ['sudo -u=g rm x', 'rm x'],
    ['sudo', ''],
    ['sudo A=b CD=e rm A=b', 'rm A=b'],
    ['sudo ./A=b rm x', './A=b rm x'],
    ['sudo -- rm x', 'rm x'],
    ['env - A=b rm x', 'rm x'],
    ['timeout 5 rm x', 'rm x'],
    ['timeout -- 5 rm x', 'rm x'],
    ['timeout -k 5 10 rm x', 'rm x'],
    ['timeout 5', ''],
    ['time -vo log rm x', 'rm x'],
    ['time -ov rm x', 'rm x'],
    ['nocache rm x', 'rm x'],
    ['xargs -i rm {}', 'rm {}'],
    ['xargs --replace rm {}', 'rm {}'],
    ['xargs --max-lines rm', 'rm'],
    ['xargs -n 1 rm', 'rm'],
    ['npm exec rm x', 'rm x'],
    ['npm --silent exec --package p rm x', 'rm x'],
    ['npm exec --package=p -- rm x', 'rm x'],
    ['docker --debug exec -it -u root web rm x', 'rm x'],
    ['docker exec web docker exec', 'docker exec'],
    ['kubectl exec pod -- rm x', 'rm x'],
    ['kubectl exec -f pod.yaml -- rm x', 'rm x'],
    ['kubectl exec', ''],
  ])('%s: %s', (wrapped, inner) => {
    const [name = '', ...args] = wordsOf(wrapped);
    expect(lineOf(innerCommand(name, args) ?? ['none'])).toBe(inner);
  });

  it.each([['rm x'], ['docker ps'], ['kubectl get exec:x'], ['exec:x rm'], ['npm'], ['npm install']])(
    '%s wraps none',
    (plain) => {
      const [name = '', ...args] = wordsOf(plain);
      expect(innerCommand(name, args)).toBeUndefined();
    },
  );

  it('what only changes how its command runs leaves no trace of its own', () => {
    expect(['sudo', 'timeout', 'docker', 'exec:x', 'rm'].map(isBareWrapper)).toEqual([true, true, false, false, false]);
  });
});

describe('text that a wrapper hands to a shell is a script', () => {
  it.each([
    ['env -S [rm -rf /]', 'eval [] [rm -rf /]'],
    ['env -iS [rm -rf /] x', 'eval [] [rm -rf /] x'],
    ['env [-Srm -rf /] x', 'eval [rm -rf /] x'],
    ['env [--split-string=rm -rf /]', 'eval [rm -rf /]'],
    ['env --split-string [rm -rf /]', 'eval [] [rm -rf /]'],
    ['env [-S=rm x]', 'eval [rm x]'],
    ['env --null=S rm x', 'rm x'],
    ['flock /tmp/lock -c [rm -rf /]', 'eval [] [rm -rf /]'],
    ['runuser -u bob -c [rm -rf /]', 'eval [] [rm -rf /]'],
    ['npx -y -p x -c [rm a=b]', 'eval [] [rm a=b]'],
    ['npm exec [--call=rm a=b]', 'eval [rm a=b]'],
    ['watch -n 5 [rm -rf /]', 'eval [rm -rf /]'],
    ['watch rm -rf /', 'rm -rf /'],
    ['watch ls ; rm x', 'eval ls ; rm x'],
    ['parallel a&b', 'eval a&b'],
    ['wsl a;b', 'a;b'],
    ['watch', ''],
    ['parallel -j 4 [rm {}] ::: a', 'eval [rm {}] ::: a'],
    ['adb -s x shell [rm -rf /]', 'eval [rm -rf /]'],
  ])('%s: %s', (wrapped, inner) => {
    const [name = '', ...args] = wordsOf(wrapped);
    expect(lineOf(innerCommand(name, args) ?? ['none'])).toBe(inner);
  });
});

describe('find runs its commands on what it may find in each place', () => {
  it.each([
    ['. -delete', []],
    ['-exec rm {} ;', ['rm ./*/*']],
    ['. -exec rm {} ;', ['rm ./*/*']],
    ['. -exec rm -rf x', ['rm -rf x']],
    ['. -exec ;', ['']],
    ['. -exec rm {} + -print', ['rm ./*/*']],
    ['. -exec echo + x {} ;', ['echo + x ./*/*']],
    ['. -exec echo {} x ; -exec rm {} ;', ['echo ./*/* x', 'rm ./*/*']],
    ['. -execdir rm {} ; -ok cat {} ; -okdir ls {} ;', ['rm ./*/*', 'cat ./*/*', 'ls ./*/*']],
    ['. -execute x ;', []],
    ['a -exec find b -exec rm c ;', ['find b -exec rm c']],
    [`${'a '.repeat(10)}-name x ${'-exec rm ; '.repeat(10)}`, Array.from({ length: 100 }, () => 'rm')],
    [`${'a '.repeat(101)}-exec rm ;`, [unknown('find')]],
    [`a ${'-name x '.repeat(101)}-exec rm ;`, [unknown('find')]],
    [`${'-name x '.repeat(4)}${'-exec rm ; '.repeat(26)}`, [unknown('find')]],
    ['x-exec rm', []],
    ['a b -exec rm {} ;', ['rm a/*/*', 'rm b/*/*']],
    ['-L a -exec rm {} ;', ['rm a/*/*']],
    ['a ( b ) -exec rm {} ;', ['rm a/*/*']],
    ['a ! b -exec rm {} ;', ['rm a/*/*']],
    ['a-b x(y z! -exec rm {} ;', ['rm a-b/*/*', 'rm x(y/*/*', 'rm z!/*/*']],
    ['a-L -Lb -exec rm {} ;', ['rm a-L/*/*']],
    ['. -name x -exec rm {} ;', ['rm ./*/x']],
    ['. -iname x -ipath y -path z -exec rm {} ;', ['rm ./*/x', 'rm ./*/y', 'rm ./*/z']],
    ['. -names x -exec rm {} ;', ['rm ./*/*']],
    ['a-name b -exec rm {} ;', ['rm a-name/*/*', 'rm b/*/*']],
    [`. -name ${unknown('$X')} -exec rm {} ;`, ['rm ./*/*']],
    ['. -name $$ -exec rm {} ;', ['rm ./*/$$']],
    ['. -exec sh -c [rm {} {}] ;', ['sh -c [rm ./*/* ./*/*]']],
  ])('find %s: %j', (args, commands) => {
    expect(commandsOfFind(wordsOf(args)).map(lineOf)).toEqual(commands);
  });
});

describe('arguments come from the input, where the placeholder stands', () => {
  const hole = unknown('ls');
  it.each([
    ['rm', 'rm', 'a b', 'rm a b'],
    ['rm -f', 'rm -f', ' a\n\tb \n', 'rm -f a b'],
    ['rm', 'rm', '', 'rm'],
    ['rm', 'rm', undefined, `rm ${unknown('stdin')}*`],
    ['rm', 'rm', hole, `rm ${hole}*`],
    ['rm', 'rm', `${DECODED}a`, 'rm a'],
    ['rm {} x', 'rm {} x', 'a b', 'rm a b x'],
    ['rm {}/x', 'rm {}/x', 'a b', 'rm [a b/x]'],
    ['rm {}/x', 'rm {}/x', '$$', 'rm $$/x'],
    ['-I % rm %', 'rm %', 'a', 'rm a'],
    ['-I % rm {}', 'rm {}', 'a', 'rm {} a'],
    ['-I%% rm %% %', 'rm %% %', 'a', 'rm a %'],
    ['-i rm {}', 'rm {}', 'a', 'rm a'],
    ['-i% rm %', 'rm %', 'a', 'rm a'],
    ['--replace rm {}', 'rm {}', 'a', 'rm a'],
    ['--replace=% rm %', 'rm %', 'a', 'rm a'],
    ['-n 1 -I % rm %', 'rm %', 'a', 'rm a'],
    ['-I', 'x {}', 'a', 'x a'],
    ['-a -I% x-Iy --x--replace=y rm %', 'rm %', 'a', 'rm a'],
    ['-n x-Iy a--replace=b rm {}', 'rm {}', 'a', 'rm a'],
    ['rm -I -rf', 'rm -I -rf', '/', 'rm -I -rf /'],
    ['-I% [rm %]', 'eval [rm %]', 'a b', 'eval [rm a b]'],
  ])('xargs %s | %j | %j: %s', (args, inner, stdin, words) => {
    expect(lineOf(withInput(wordsOf(args), wordsOf(inner), stdin))).toBe(words);
  });
});

it('an alias is kept with all of its text', () => {
  const runner = new RecordingRunner();
  defineAliases(runner, ['-p', 'll=ls -l', 'x=a=b\nc', '=y', 'e=']);
  expect([...runner.aliases]).toEqual([
    ['ll', 'ls -l'],
    ['x', 'a=b\nc'],
    ['e', ''],
  ]);
});
