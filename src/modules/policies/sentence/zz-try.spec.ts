import { test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { draftPolicy } from './draft-policy.ts';
test('try', () => {
  const out: string[] = [];
  for (const line of readFileSync(process.env['TRY'] ?? '/tmp/try.txt', 'utf8')
    .split('\n')
    .filter(Boolean)) {
    try {
      const draft = draftPolicy(line);
      out.push(`> ${line}`);
      if (draft.kind === 'nothing') {
        out.push(`   NOTHING ${JSON.stringify(draft)}`);
        continue;
      }
      for (const [i, rule] of draft.rules.entries()) {
        out.push(
          `   ${draft.rendered[i]}`,
          `      ${rule.action}/${rule.severity} ${rule.condition} ${JSON.stringify(rule.transform ?? rule.approval ?? '')}`,
        );
        const again = draftPolicy(draft.rendered[i] ?? '');
        const same =
          again.kind === 'draft' &&
          again.rules.length === 1 &&
          again.rules[0]?.condition === rule.condition &&
          again.rules[0]?.action === rule.action;
        if (!same)
          out.push(
            `   !! again: ${again.kind === 'draft' ? JSON.stringify(again.rules.map((r) => r.action + ' ' + r.condition)) : JSON.stringify(again)}`,
          );
      }
      if (draft.notUnderstood.length > 0) out.push(`   not: ${JSON.stringify(draft.notUnderstood)}`);
    } catch (error) {
      out.push(`> ${line}`, `   THROWS ${String(error)} ${(error as Error).stack?.split('\n')[1]}`);
    }
  }
  writeFileSync('/tmp/try.out', out.join('\n') + '\n');
});
