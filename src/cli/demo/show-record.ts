import type { z } from 'zod';
import { Status, Trail } from './answers.ts';
import { DENIED, TRIED } from './refuse.ts';
import type { Agent, Stage } from './stage.ts';
import { count, toLocalTime } from './stage.ts';
import { must } from './surprise.ts';

const SHOWN_ENTRIES = 12;

export async function showStatus(
  { screen, server }: Stage,
  agent: Agent,
  runId: string,
  approvalId: string,
): Promise<void> {
  screen.chapter('Where does it stand?');
  const status = await server.call('get_agent_status', { agentId: agent.id }, Status);
  const { lastRun, metrics, nextRunAt, pendingApprovals } = status;
  must(lastRun.id === runId, `the last run should be ${runId}, but is ${lastRun.id}`);
  must(
    metrics.runs === 1 && metrics.succeeded === 1,
    `one run should be counted, and it succeeded, but: ${JSON.stringify(metrics)}`,
  );
  must(metrics.denied === DENIED, `${DENIED} denied actions should be counted, but: ${JSON.stringify(metrics)}`);
  must(metrics.approvals === 1, `one held action should be counted, but: ${JSON.stringify(metrics)}`);
  const judged = agent.steps.length + TRIED;
  must(metrics.actions === judged, `${judged} actions should be counted, but: ${JSON.stringify(metrics)}`);
  const waiting = pendingApprovals.map(({ id }) => id);
  must(
    waiting.join() === approvalId,
    `the held delete ${approvalId} should wait, and nothing else, but: ${waiting.join(', ') || 'nothing waits'}`,
  );
  screen.good(
    `In service. Next run: ${toLocalTime(nextRunAt, agent.schedule.timezone)} (${agent.schedule.timezone}). Last run: ${lastRun.status}.`,
  );
  screen.good(
    `Last 24 hours: ${count(metrics.runs, 'run')}, ${count(metrics.actions, 'action')} judged, ${metrics.denied} denied, ` +
      `${metrics.approvals} held, cost $${metrics.costUsd.toFixed(2)}.`,
  );
  for (const { action, description, expiresAt } of pendingApprovals)
    screen.good(`Waiting for a person until ${toLocalTime(expiresAt, 'UTC')} UTC: ${action}. ${description}`);
}

export async function showTrail({ screen, server }: Stage, agent: Agent): Promise<void> {
  screen.chapter('What will the auditor see?');
  const { entries, chain } = await server.call('audit_log', { agentId: agent.id, limit: 200 }, Trail);
  checkTrail(entries, agent);
  screen.say(
    `Everything, including what was refused. The newest ${SHOWN_ENTRIES} of ${count(entries.length, 'entry', 'entries')} on this agent:`,
  );
  const rows = entries
    .slice(0, SHOWN_ENTRIES)
    .reverse()
    .map(({ seq, at, kind, outcome, action, decision }) => [
      `${seq}`,
      at.slice(11, 19),
      kind,
      action?.type ?? '',
      outcome,
      outcome === 'denied' || outcome === 'held'
        ? (decision?.violations.map(({ policy, rule }) => `${policy}/${rule}`)[0] ?? '')
        : '',
    ]);
  screen.table([['#', 'UTC', 'kind', 'action', 'outcome', 'stopped by'], ...rows]);
  must(chain.verified, 'the audit trail should verify, but does not');
  must(
    chain.size >= entries.length,
    `the trail should hold at least the ${entries.length} entries shown, but its size is ${chain.size}`,
  );
  screen.good(
    `VERIFIED: ${count(chain.size, 'entry', 'entries')} were hashed again just now, each together with the one before it. Changing, removing or ` +
      `inserting one would change this fingerprint: ${chain.root}`,
  );
}

type Entry = z.infer<typeof Trail>['entries'][number];

/** Each step and each attempt has its place in the record, decided before it was done. */
function checkTrail(entries: readonly Entry[], agent: Agent): void {
  const number = (kind: string, outcome: string): number =>
    entries.filter((entry) => entry.kind === kind && entry.outcome === outcome).length;
  const steps = agent.steps.length;
  const expected: readonly [string, string, number][] = [
    ['agent.created', 'succeeded', 1],
    ['agent.deployed', 'succeeded', 1],
    ['action.decided', 'allowed', steps],
    ['action.executed', 'succeeded', steps],
    ['action.decided', 'denied', DENIED],
    ['action.decided', 'held', 1],
    ['run.ended', 'succeeded', 1],
  ];
  for (const [kind, outcome, wanted] of expected) {
    const found = number(kind, outcome);
    must(
      found === wanted,
      `the trail should hold ${count(wanted, 'entry', 'entries')} \`${kind}\` with outcome \`${outcome}\`, but holds ${found}`,
    );
  }
  const seqs = entries.map(({ seq }) => seq);
  must(
    seqs.every((seq, index) => index === 0 || seq < (seqs[index - 1] ?? 0)),
    'the entries should come newest first, each number once',
  );
}
