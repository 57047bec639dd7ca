import { afterAll, describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import type { CompiledPolicy, Rule } from '../../kernel/policy/model.ts';
import { readConfig } from '../../platform/config/index.ts';
import { Inspection } from '../../platform/inspect/index.ts';
import { compilePolicy, DecisionService } from '../policies/index.ts';
import { PolicyExamples, type PolicyExample } from './policy-examples.ts';

const inspection = new Inspection();
const examples = new PolicyExamples(new DecisionService(readConfig({ AGENTOS_DATA_DIR: tmpdir() }), inspection));
afterAll(() => inspection.close());

function policyOf(condition: string, more: Partial<Rule> = {}): CompiledPolicy {
  const rule = { name: 'r', condition, action: 'deny', severity: 'high', ...more } as const;
  return compilePolicy({ id: 'p', name: 'P', description: '', category: 'custom', rules: [rule] }, '0'.repeat(64));
}

const effects = (shown: readonly PolicyExample[]): string[] => shown.map(({ decision }) => decision.effect);
const typesOf = (shown: readonly PolicyExample[]): string[] => shown.map(({ action }) => action.type);

describe('a policy is shown by three actions that it catches and three that it lets go', () => {
  test.each<[string, Partial<Rule>?]>([
    ['action.type == "file.delete"'],
    ['"payment_card" in data.classes && action.external'],
    ['"delete" in sql.operations && !sql.hasWhere'],
    ['sql.tables.exists(t, t == "payroll")'],
    ['url.host == "api.weather.example"'],
    ['rate.http1m >= 5 && action.kind == "http"'],
    ['time.hour >= 22 && action.operation == "send"'],
    ['time.weekend && action.sideEffect != "none"'],
    ['environment == "production" && action.operation == "delete"'],
    ['records.count > 500 && action.external'],
    ['declared.purpose == "marketing" && data.personal'],
    ['shell.destructive'],
    ['tool.name == "merge_pull_request"'],
    ['model.name == "tiny-1"'],
    ['recipients.externalCount > 20'],
    ['message.channel == "random"'],
    ['file.extensions.exists(e, e == "xlsx")'],
    ['storage.bucket == "invoices"'],
    ['payment.amountMinor > 50000'],
    ['budget.spentTodayMicros > 1000000 && action.kind == "model"'],
    ['first.target && action.external'],
    ['"passport" in data.classes'],
    ['secrets.count > 0', { action: 'transform', transform: { kind: 'redact', classes: ['credential'] } }],
    [
      '"email" in data.contentClasses && action.external',
      { action: 'transform', transform: { kind: 'redact', classes: ['email'] } },
    ],
    ['action.operation == "send" && action.external', { action: 'require_approval' }],
  ])('%s', async (condition, more = {}) => {
    const policy = policyOf(condition, more);
    const shown = await examples.show(policy);
    const caught = shown.filter(({ decision }) => decision.violations.length > 0);
    expect([condition, caught.length > 0, caught.length <= 3]).toEqual([condition, true, true]);
    for (const { decision } of caught) expect(decision.violations).toMatchObject([{ policy: 'p', rule: 'r' }]);
    expect(effects(shown.slice(caught.length))).toEqual(['allow', 'allow', 'allow']);
  });

  test('what is noted, and what is allowed, is shown too', async () => {
    const noted = await examples.show(policyOf('action.kind == "file"', { action: 'log', severity: 'info' }));
    expect(effects(noted)).toEqual(Array.from({ length: 6 }, () => 'allow'));
    expect(noted.map(({ decision }) => decision.warnings.length)).toEqual([1, 1, 1, 0, 0, 0]);
    const allowed = await examples.show(policyOf('action.kind == "file"', { action: 'allow', severity: 'info' }));
    expect(typesOf(allowed).map((type) => type.startsWith('file.'))).toEqual([true, true, true, false, false, false]);
  });

  test('a rule about results is shown by a result', async () => {
    const rule = { action: 'transform', transform: { kind: 'mask', classes: ['payment_card'] } } as const;
    const shown = await examples.show(
      policyOf('action.phase == "after" && "payment_card" in data.contentClasses', rule),
    );
    expect(shown.filter(({ decision }) => decision.redactions.length > 0).length).toBeGreaterThan(0);
  });

  test('each rule of several has an action of its own', async () => {
    const rules = ['file.delete', 'sql.execute', 'slack.post'].map((type) => {
      return {
        name: type.replace('.', '-'),
        condition: `action.type == "${type}"`,
        action: 'deny',
        severity: 'high',
      } as const;
    });
    const policy = compilePolicy({ id: 'p', name: 'P', description: '', category: 'custom', rules }, '0'.repeat(64));
    expect(
      typesOf(await examples.show(policy))
        .slice(0, 3)
        .sort(),
    ).toEqual(['file.delete', 'slack.post', 'sql.execute']);
  });

  test('a rule that matches nothing is shown by nothing that it catches', async () => {
    expect(effects(await examples.show(policyOf('file.bytes < 0')))).toEqual(['allow', 'allow', 'allow']);
  });
});
