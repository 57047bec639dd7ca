// Measures decisions: rules alone, rules with a hand-written floor beside them, and the whole way with parsers and detectors on 20 kB.
import { join } from 'node:path';
import { quantile } from './measure.mjs';

const dist = (path) => import(new URL(join('../dist', path), import.meta.url));
/** What the server that this product grew from says of itself. */
const CLAIMED_MS = 50;
const ROUNDS = 5_000;
const WARM = 500;
const CONTENT_BYTES = 20_000;

const { decide } = await dist('kernel/policy/decide.js');
const { NEUTRAL_FACTS } = await dist('kernel/policy/facts.js');
const { TEMPLATES, MANDATORY } = await dist('modules/policies/built-in.js');
const { instantiate } = await dist('modules/policies/instantiate.js');
const { compilePolicy, toBody, toHash } = await dist('modules/policies/policy-version.js');
const { DecisionService } = await dist('modules/policies/decision.service.js');
const { Inspection } = await dist('platform/inspect/index.js');
const { readConfig } = await dist('platform/config/index.js');
const { CATALOGUE } = await dist('modules/actions/catalogue.js');
const { toSubject } = await dist('modules/actions/to-subject.js');

const compiled = [MANDATORY, ...TEMPLATES].map((template) => {
  const policy = instantiate(template);
  return compilePolicy(policy, toHash(toBody(policy)));
});

/** The first rules of all policies, each policy cut where the number is reached. */
function take(count) {
  let left = count;
  return compiled.flatMap((policy) => {
    const rules = policy.rules.slice(0, Math.max(0, left));
    left -= rules.length;
    return rules.length === 0 ? [] : [{ ...policy, rules }];
  });
}

/** Facts of many different actions, the same in every run. */
function makeFacts(index) {
  const pick = (list) => list[index % list.length];
  return {
    ...NEUTRAL_FACTS,
    environment: pick(['development', 'production', 'staging']),
    action: {
      ...NEUTRAL_FACTS.action,
      kind: pick(['file', 'http', 'sql', 'email', 'code']),
      operation: pick(['read', 'delete', 'send', 'update', 'create', 'execute', 'list']),
      sideEffect: pick(['none', 'outside', 'local']),
      external: index % 2 === 0,
      production: index % 3 === 1,
    },
    sql: { ...NEUTRAL_FACTS.sql, present: index % 5 === 2, operations: [pick(['select', 'delete', 'drop'])] },
    data: { ...NEUTRAL_FACTS.data, classes: pick([[], ['email'], ['payment_card', 'name']]), personal: index % 3 > 0 },
    rate: { ...NEUTRAL_FACTS.rate, http1m: index % 130 },
  };
}

/** What 30 rules cost when somebody writes them as code. */
const FLOOR = Array.from({ length: 30 }, (_, index) => {
  const limit = 10 + index;
  return [
    (facts) => facts.action.operation === 'delete' && facts.records.count > limit,
    (facts) => facts.action.external && facts.data.classes.includes('payment_card'),
    (facts) => facts.action.kind === 'http' && facts.rate.http1m >= limit,
  ][index % 3];
});

async function measure(work) {
  const times = [];
  for (let i = 0; i < WARM + ROUNDS; i++) {
    const startedAt = performance.now();
    await work(i);
    if (i >= WARM) times.push(performance.now() - startedAt);
  }
  return times;
}

function makeContent() {
  const prose =
    'The order of Ada Lovelace, ada@customer.example, +41 44 668 18 00, was paid with 4111 1111 1111 1111. ';
  const code =
    'const total = rows.filter((row) => row.id > 7).map((row) => row.amount).join(";"); // https://example.com/a?b=c\n';
  return `${prose}${code}`.repeat(Math.ceil(CONTENT_BYTES / (prose.length + code.length))).slice(0, CONTENT_BYTES);
}

async function measureWhole(report) {
  const inspection = new Inspection();
  const service = new DecisionService(readConfig({ AGENTOS_DATA_DIR: '/tmp', AGENTOS_FILE_ROOTS: '/tmp' }), inspection);
  const state = { rate: NEUTRAL_FACTS.rate, budget: NEUTRAL_FACTS.budget, first: NEUTRAL_FACTS.first };
  const content = makeContent();
  const version = {
    agent: { id: 'a', name: 'a', environment: 'local' },
    version: 1,
    definition: { steps: [], grants: ['http.*'], task: 'Send' },
  };
  const decideOne = async (i) => {
    const params = { url: 'https://example.com/hook', method: 'POST', body: `${i} ${content}` };
    const request = { type: 'http.request', params, trigger: 'manual' };
    const place = { timezone: 'UTC', own: { mailDomains: [] }, connections: {} };
    const subject = toSubject({ personId: 'p' }, version, CATALOGUE.get('http.request'), request, place);
    const prepared = await service.prepare(compiled, subject);
    return service.decide(compiled, prepared, state);
  };
  const times = [];
  for (let i = 0; i < 350; i++) {
    const startedAt = performance.now();
    await decideOne(i);
    if (i >= 50) times.push(performance.now() - startedAt);
  }
  await inspection.close();
  const rules = compiled.reduce((sum, policy) => sum + policy.rules.length, 0);
  report.add(`whole decision, ${rules} rules, all detectors on 20 kB, p50`, quantile(times, 0.5), 'ms');
  report.add(`whole decision, ${rules} rules, all detectors on 20 kB, p99`, quantile(times, 0.99), 'ms', 10);
}

export async function measurePolicies(report) {
  for (const count of [30, 100]) {
    const policies = take(count);
    const times = await measure((i) => decide({ policies, facts: makeFacts(i), mode: 'strict' }));
    report.add(`decide, ${count} rules, p50`, quantile(times, 0.5), 'ms');
    report.add(`decide, ${count} rules, p99`, quantile(times, 0.99), 'ms', count === 100 ? 1 : undefined);
    if (count > 30) continue;
    const floor = await measure((i) => FLOOR.filter((rule) => rule(makeFacts(i))).length);
    report.add('floor: 30 rules written as code, p50', quantile(floor, 0.5), 'ms');
    report.add('decide with 30 rules : floor', quantile(times, 0.5) / quantile(floor, 0.5), 'x');
    report.add("decide with 30 rules, p99 : the ancestor's claim (50 ms)", quantile(times, 0.99) / CLAIMED_MS, 'x', 1);
  }
  await measureWhole(report);
}
