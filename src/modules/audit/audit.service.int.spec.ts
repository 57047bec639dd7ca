import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { shiftClock, startServices, type TestServices } from '../../../test/support/services.ts';
import { AuditLogQuery } from './audit.dto.ts';
import { AuditService } from './audit.service.ts';
import type { AuditEntry } from './entry.ts';

let s: TestServices;
beforeAll(async () => {
  s = await startServices();
});
afterAll(() => s.close());

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  workspaceId: s.caller.workspaceId,
  kind: 'action.decided',
  actor: 'person:test',
  outcome: 'allowed',
  ...change,
});
const append = (change?: Partial<AuditEntry>, audit = s.audit) =>
  s.db.transaction((tx) => audit.append(tx, entry(change)));
const list = (query: object = {}) => s.audit.list(s.caller, AuditLogQuery.parse(query));

describe('AuditService', () => {
  it('links what two processes write at once into one chain without a gap', async () => {
    const other = new AuditService(s.db, s.log);
    const before = (await list()).chain.size;
    await Promise.all(Array.from({ length: 60 }, (_, i) => append({}, i % 2 === 0 ? s.audit : other)));
    await other.close();
    const { entries, chain } = await list({ limit: 60 });
    expect(chain).toMatchObject({ size: before + 60, verified: true });
    expect(entries.map((e) => e.seq)).toEqual(Array.from({ length: 60 }, (_, i) => before + 60 - i));
  });

  it('links entries of one millisecond in the order in which they were written', async () => {
    const now = new Date();
    await s.db.transaction(async (tx) => {
      for (let i = 0; i < 20; i++) await s.audit.appendAt(tx, now, entry({ data: { i } }));
    });
    const { entries } = await list({ limit: 20 });
    expect(entries.map((e) => e.data)).toEqual(Array.from({ length: 20 }, (_, i) => ({ i: 19 - i })));
  });

  it('writes nothing when its transaction rolls back', async () => {
    const before = (await list()).chain.size;
    const failing = s.db.transaction(async (tx) => {
      await s.audit.append(tx, entry());
      throw new Error('the business failed');
    });
    await expect(failing).rejects.toThrow('the business failed');
    expect((await list()).chain.size).toBe(before);
  });

  it('links an entry that commits after a later one', async () => {
    const before = (await list()).chain.size;
    await s.db.transaction(async (slow) => {
      await s.audit.append(slow, entry({ actor: 'person:slow' }));
      await append({ actor: 'person:fast' });
      expect((await list()).chain.size).toBe(before + 1);
    });
    const { entries, chain } = await list({ limit: 2 });
    expect(entries.map((e) => e.actor)).toEqual(['person:slow', 'person:fast']);
    expect(chain).toMatchObject({ size: before + 2, verified: true });
  });

  it('filters by agent, prefix of the kind, outcome and time, page by page', async () => {
    const agentId = randomUUID();
    for (let i = 0; i < 5; i++)
      await append({ agentId, kind: 'run.ended', outcome: i % 2 === 0 ? 'succeeded' : 'failed', data: { i } });
    await append({ agentId, kind: 'action.decided', outcome: 'denied' });
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ agentId, actionFilter: 'run.', limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.entries.map((e) => e.data));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((i) => ({ i })));
    expect((await list({ agentId, outcome: 'failed' })).entries).toHaveLength(2);
    expect((await list({ agentId, endTime: '2020-01-01T00:00:00Z' })).entries).toEqual([]);
  });

  it('counts the asked window exactly, 24 hours by default', async () => {
    const fresh = await startServices();
    const agentId = randomUUID();
    const at = async (shift: string, change: Partial<AuditEntry>): Promise<void> => {
      await shiftClock(fresh.db, shift);
      const written = { ...entry({ agentId, ...change }), workspaceId: fresh.caller.workspaceId };
      await fresh.db.transaction((tx) => fresh.audit.append(tx, written));
      await fresh.audit.list(fresh.caller, AuditLogQuery.parse({}));
    };
    await at('-30 hours', { outcome: 'denied' });
    await at('-90 minutes', { outcome: 'denied' });
    await shiftClock(fresh.db, '0');
    const cut = new Date().toISOString();
    await at('0', { outcome: 'allowed' });
    await at('0', { outcome: 'denied', kind: 'run.ended' });
    const counts = async (query: object) =>
      (await fresh.audit.list(fresh.caller, AuditLogQuery.parse({ agentId, ...query }))).counts;
    expect(await counts({})).toMatchObject({ allowed: 1, denied: 2 });
    expect(await counts({ startTime: '2020-01-01T00:00:00Z' })).toMatchObject({ allowed: 1, denied: 3 });
    expect(await counts({ startTime: cut })).toMatchObject({ allowed: 1, denied: 1 });
    expect(await counts({ endTime: cut })).toMatchObject({ allowed: 0, denied: 1 });
    const dayAgo = new Date(Date.parse(cut) - 24 * 3_600_000).toISOString();
    expect(await counts({ endTime: dayAgo })).toMatchObject({ allowed: 0, denied: 1 });
    await expect(counts({ startTime: cut, endTime: dayAgo })).rejects.toThrow(/`startTime` .* is after the end/);
    expect(await counts({ actionFilter: 'run.' })).toMatchObject({ allowed: 0, denied: 1 });
    await fresh.close();
  });

  it('gives metrics from durations and costs', async () => {
    const agentId = randomUUID();
    for (const durationMs of [10, 10, 10, 10, 4_000])
      await append({ agentId, kind: 'run.ended', outcome: 'succeeded', durationMs, costMicros: 500_000 });
    const metrics = await s.audit.metrics(s.caller, agentId, 86_400_000);
    expect(metrics).toMatchObject({ succeeded: 5, costUsd: 2.5 });
    expect(metrics.p50Ms).toBeGreaterThanOrEqual(10);
    expect(metrics.p50Ms).toBeLessThan(15);
    expect(metrics.p95Ms).toBeGreaterThanOrEqual(4_000);
    expect(metrics.p95Ms).toBeLessThan(5_700);
  });

  it.each([
    'UPDATE audit_entry SET body = body',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry CASCADE',
    'DELETE FROM audit_link',
  ])('refuses %s', async (sql) => {
    await append();
    await expect(s.db.query(sql)).rejects.toThrow(/append-only/);
  });

  it('says that the chain is broken, and where, when bytes were changed behind its back', async () => {
    await append({ actor: 'person:honest' });
    const seq = (await list({ limit: 1 })).entries[0]?.seq;
    await s.db.transaction(async (tx) => {
      await tx.query('ALTER TABLE audit_entry DISABLE TRIGGER ALL');
      await tx.query(
        `UPDATE audit_entry SET body = convert_to(replace(convert_from(body, 'utf8'), 'person:honest', 'person:forged'), 'utf8')
         WHERE id = (SELECT entry_id FROM audit_link WHERE seq = $1)`,
        [seq],
      );
      await tx.query('ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_append_only');
      await tx.query('UPDATE audit_head SET verified_size = 0, verified_hash = NULL');
    });
    expect((await list()).chain).toMatchObject({ verified: false, brokenAt: seq });
  });
});
