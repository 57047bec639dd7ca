// Measures create_policy: sentences read, rules compiled, examples searched and decided by the real engine, the policy stored.
import { quantile, repeat, timed } from './measure.mjs';

const CALLS = 150;
/** Short and long, one rule and several, about each kind of action. */
const SENTENCES = [
  'Deny deleting files',
  'No HTTP requests to hosts outside api.example.com',
  'Require approval for deleting more than 50 records',
  'Mask e-mail addresses in everything that leaves the company',
  'Block payments above 500 USD. Ask for approval above 100 USD',
  'Never send card numbers by e-mail or Slack. Never write passwords to files. Ask before a database is changed in production',
  'Deny DROP TABLE and TRUNCATE. Require approval for UPDATE without WHERE',
  'Allow at most 20 e-mails an hour',
];

/** The first call after a start loads parsers and patterns: it is told, and left out of the rest. */
export async function measureCreatePolicy(report, client) {
  const create = (i) =>
    client.call('create_policy', { description: SENTENCES[i % SENTENCES.length], category: 'custom' });
  report.add('create_policy, first call', await timed(() => create(0)), 'ms');
  await repeat(SENTENCES.length, (i) => create(i + 1));
  const times = await repeat(CALLS, (i) => create(i + 100));
  report.add('create_policy, p50', quantile(times, 0.5), 'ms');
  report.add('create_policy, p95', quantile(times, 0.95), 'ms', 25);
}
