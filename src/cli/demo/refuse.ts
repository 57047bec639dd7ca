import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Refused } from './server.ts';
import { toLocalTime, type Agent, type Stage } from './stage.ts';
import { must } from './surprise.ts';

/** What the agent tries and must not get. */
interface Attempt {
  readonly story: string;
  readonly action: string;
  readonly params: Record<string, unknown>;
  readonly effect: 'deny' | 'require_approval';
  readonly rule: string;
}

const SALARIES = 'name,salary\nMaria,91000\n';

const ATTEMPTS: readonly Attempt[] = [
  {
    story: 'delete the whole inbox',
    action: 'file.delete',
    params: { path: 'inbox', recursive: true },
    effect: 'require_approval',
    rule: 'data-deletion/recursive-delete-inside',
  },
  {
    story: 'read a file outside its folder, by a path that climbs out',
    action: 'file.read',
    params: { path: 'inbox/../../salaries.csv' },
    effect: 'deny',
    rule: 'baseline/path-outside-roots',
  },
  {
    story: 'fetch credentials from the metadata service of a cloud, with the address in disguise',
    action: 'http.request',
    params: { url: 'http://0xA9FEA9FE/latest/meta-data/iam/' },
    effect: 'deny',
    rule: 'baseline/metadata-address',
  },
  {
    story: 'send an e-mail, which nobody ever allowed it',
    action: 'email.send',
    params: { to: ['someone@example.com'], subject: 'Data', text: 'All rows' },
    effect: 'deny',
    rule: 'baseline/undeclared-type',
  },
];

export const TRIED = ATTEMPTS.length;
export const DENIED = ATTEMPTS.filter(({ effect }) => effect === 'deny').length;

/** Each attempt through the tool that an assistant has for it; answers with the id of the approval that one waits for. */
export async function tryForbidden(stage: Stage, agent: Agent): Promise<string> {
  const { screen, server, plan, filesDir } = stage;
  screen.chapter('Let it misbehave');
  screen.say(
    'Assistants make mistakes, and pages they read may tell them to. So the agent now tries what it should not:',
  );
  await writeFile(join(dirname(filesDir), 'salaries.csv'), SALARIES);
  let approvalId: string | undefined;
  for (const attempt of ATTEMPTS) {
    const { action, params } = attempt;
    screen.say(`Try to ${attempt.story}: ${action} ${Object.values(params)[0] as string}`);
    const refused = await server.refused('perform_action', { agentId: agent.id, action, params });
    checkRefusal(attempt, refused);
    const violation = refused.decision.violations.find(({ policy, rule }) => `${policy}/${rule}` === attempt.rule);
    if (attempt.effect === 'deny') {
      screen.stopped('DENIED', `by ${attempt.rule}. ${violation?.message} Instead: ${violation?.alternative}`);
    } else {
      approvalId = refused.approvalId;
      const until = /^Waits until: (\S+)$/m.exec(refused.text)?.[1];
      must(
        until !== undefined && z.iso.datetime().safeParse(until).success,
        `a held action should say until when it waits:\n${refused.text}`,
      );
      screen.stopped(
        'HELD',
        `by ${attempt.rule}. ${violation?.message} Nothing was done. The request waits for a person until ` +
          `${toLocalTime(until, 'UTC')} UTC (approval ${approvalId}); unanswered it expires, and the files stay.`,
      );
    }
  }
  must(approvalId !== undefined, 'the recursive delete should be held under an approval id');
  const input = await readFile(join(filesDir, plan.input)).catch(() => undefined);
  must(
    input !== undefined && plan.bytes.equals(input),
    `\`${plan.input}\` should be untouched, but it is changed or gone`,
  );
  screen.good(`None of it happened: ${plan.input} is still there, byte for byte.`);
  return approvalId;
}

function checkRefusal(attempt: Attempt, { decision, approvalId, text }: Refused): void {
  const { action, effect, rule } = attempt;
  const rules = decision.violations.map((violation) => `${violation.policy}/${violation.rule}`);
  must(
    decision.effect === effect,
    `${action} should be decided \`${effect}\`, but was decided \`${decision.effect}\` by ${rules.join(', ')}`,
  );
  must(rules.includes(rule), `${action} should be stopped by ${rule}, but was by ${rules.join(', ')}`);
  must(
    (approvalId !== undefined) === (effect === 'require_approval'),
    `${action}: an approval id belongs to what is held, and only to that`,
  );
  must(
    effect !== 'deny' || text.includes(`Denied by: ${rule}`),
    `the answer should say \`Denied by: ${rule}\`, but says:\n${text}`,
  );
  must(!text.includes('91000'), 'the refusal gave away what the file holds');
}
