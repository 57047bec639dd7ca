import { cutText } from '../../kernel/json.ts';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { canonicalize } from '../../kernel/audit/canonical.ts';
import { toActor, type Caller } from '../../kernel/caller.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { AGENT_STATUSES, type AgentDefinition, type AgentStatus } from '../../kernel/run/model.ts';
import { Database, type Tx } from '../../platform/db/index.ts';
import { AppError, hint } from '../../platform/errors/index.ts';
import { AuditService, sha256, type AuditKind } from '../audit/index.ts';
import { toAgent, toAuthors, type AgentRecord, type AgentRow, type AgentVersion, type TestVerdict } from './agent.ts';
import { readHistory, type AgentHistory } from './agent-history.ts';
import { listAgents, type AgentPage, type ListAgentsQuery } from './list-agents.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** NUL, or half of a pair, as JSON writes them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** Registered agents, their immutable versions and the tests of these. */
@Injectable()
export class AgentsService {
  readonly #db: Database;
  readonly #audit: AuditService;

  constructor(db: Database, audit: AuditService) {
    this.#db = db;
    this.#audit = audit;
  }

  /** Registers a draft with version 1; `tx` when more must be written with it. */
  async create(tx: Tx, caller: Caller, definition: AgentDefinition): Promise<AgentRecord> {
    const id = randomUUID();
    const [row] = await tx.query<AgentRow>(
      `INSERT INTO agent (id, workspace_id, name, task, status, latest_version, created_by, key_creator) VALUES ($1, $2, $3, $4, 'draft', 1, $5, $6) RETURNING *`,
      [id, caller.workspaceId, definition.name, definition.task, caller.personId, caller.keyCreatorId ?? null],
    );
    await insertVersion(tx, caller, id, 1, definition);
    await this.#record(tx, caller, id, 'agent.created', {
      name: definition.name,
      version: 1,
      steps: definition.steps.length,
    });
    return toAgent(row);
  }

  /** Adds the version that `change` makes of the latest one. What is deployed stays deployed. */
  async addVersion(
    caller: Caller,
    agentId: string,
    change: (definition: AgentDefinition, tx: Tx) => Promise<AgentDefinition>,
    audit: { readonly kind: AuditKind; readonly data: JsonObject },
  ): Promise<AgentVersion> {
    const found = await this.get(caller, agentId);
    return this.#db.transaction(async (tx) => {
      const [row] = await tx.query<AgentRow>('SELECT * FROM agent WHERE id = $1 FOR UPDATE', [found.id]);
      const latest = await readVersion(tx, found.id, row?.latest_version ?? found.latestVersion);
      const definition = await change(latest.definition, tx);
      const version = (row?.latest_version ?? found.latestVersion) + 1;
      await insertVersion(tx, caller, found.id, version, definition);
      const [updated] = await tx.query<AgentRow>(
        'UPDATE agent SET latest_version = $2, updated_at = app_now() WHERE id = $1 RETURNING *',
        [found.id, version],
      );
      await this.#record(tx, caller, found.id, audit.kind, { ...audit.data, version });
      return {
        agent: toAgent(updated),
        version,
        authors: toAuthors(caller.personId, caller.keyCreatorId ?? null),
        definition,
      };
    });
  }

  /** Throws `not_found`, with the agents whose id or name is near. */
  async get(caller: Caller, id: string): Promise<AgentRecord> {
    const rows = UUID.test(id)
      ? await this.#db.query<AgentRow>('SELECT * FROM agent WHERE id = $1 AND workspace_id = $2', [
          id,
          caller.workspaceId,
        ])
      : [];
    if (rows[0] === undefined) throw await this.#unknown(caller, id);
    return toAgent(rows[0]);
  }

  /** The given version, else the latest. */
  async getVersion(caller: Caller, id: string, version?: number): Promise<AgentVersion> {
    const agent = await this.get(caller, id);
    const wanted = version ?? agent.latestVersion;
    return { agent, version: wanted, ...(await readVersion(this.#db, agent.id, wanted)) };
  }

  /** The agent with its newest 20 versions, each with its last tests and deployments: what its resource shows. */
  async getHistory(caller: Caller, id: string): Promise<AgentHistory> {
    const agent = await this.get(caller, id);
    return readHistory(await this.#db.prisma(), agent);
  }

  async list(caller: Caller, query: ListAgentsQuery): Promise<AgentPage> {
    if (query.status !== undefined && !AGENT_STATUSES.includes(query.status)) {
      throw new AppError(
        'invalid_input',
        `\`${String(query.status)}\` is no agent status. ${hint(String(query.status), AGENT_STATUSES)}`,
      );
    }
    return listAgents(this.#db, caller.workspaceId, query);
  }

  /** Stores what `test_agent` found about one version; deploying asks for it. */
  async recordTest(
    caller: Caller,
    agentId: string,
    version: number,
    verdict: TestVerdict,
    scenario: string,
    report: object,
  ): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.query(
        'INSERT INTO agent_test (id, agent_id, version, verdict, scenario, report) VALUES ($1, $2, $3, $4, $5, $6)',
        [randomUUID(), agentId, version, verdict, scenario, JSON.stringify(report)],
      );
      await this.#audit.append(tx, {
        workspaceId: caller.workspaceId,
        kind: 'agent.tested',
        actor: toActor(caller),
        outcome: verdict === 'failed' ? 'failed' : 'succeeded',
        agentId,
        data: { version, verdict },
      });
    });
  }

  async latestTest(agentId: string, version: number): Promise<{ verdict: TestVerdict; at: Date } | undefined> {
    const [row] = await this.#db.query<{ verdict: TestVerdict; at: Date }>(
      'SELECT verdict, created_at AS at FROM agent_test WHERE agent_id = $1 AND version = $2 ORDER BY created_at DESC LIMIT 1',
      [agentId, version],
    );
    return row;
  }

  /** Moves the agent to `status`, with `deployed` pinning what runs from now on; records it as `kind`. Nothing leads away from `stopped`. */
  async setStatus(
    tx: Tx,
    caller: Caller,
    agentId: string,
    change: {
      readonly status: AgentStatus;
      readonly deployed?: { readonly version: number; readonly environment: 'local' | 'cloud' };
    },
    audit: { readonly kind: AuditKind; readonly data: JsonObject },
  ): Promise<void> {
    const changed = await tx.query(
      `UPDATE agent SET status = $2, deployed_version = coalesce($3, deployed_version), environment = coalesce($4, environment), updated_at = app_now()
       WHERE id = $1 AND (status <> 'stopped' OR $2 = 'stopped') RETURNING id`,
      [agentId, change.status, change.deployed?.version ?? null, change.deployed?.environment ?? null],
    );
    if (changed.length === 0) {
      throw new AppError('not_runnable', 'The agent was stopped for good meanwhile. Make a new one with create_agent.');
    }
    await this.#record(tx, caller, agentId, audit.kind, audit.data);
  }

  async #record(tx: Tx, caller: Caller, agentId: string, kind: AuditKind, data: JsonObject): Promise<void> {
    await this.#audit.append(tx, {
      workspaceId: caller.workspaceId,
      kind,
      actor: toActor(caller),
      outcome: 'succeeded',
      agentId,
      data,
    });
  }

  async #unknown(caller: Caller, id: string): Promise<AppError> {
    const near = await this.#db.query<{ id: string; name: string }>(
      `SELECT id, name FROM agent WHERE workspace_id = $1 AND (name = $2 OR search @@ plainto_tsquery('simple', $3)) ORDER BY created_at DESC LIMIT 3`,
      [caller.workspaceId, id, UUID.test(id) ? '' : cutText(id, 200)],
    );
    const newest =
      near.length > 0
        ? near
        : await this.#db.query<{ id: string; name: string }>(
            'SELECT id, name FROM agent WHERE workspace_id = $1 ORDER BY created_at DESC LIMIT 3',
            [caller.workspaceId],
          );
    const list = newest.map((agent) => `\`${agent.id}\` (${agent.name})`).join(', ');
    const way =
      near.length > 0
        ? `Did you mean ${list}?`
        : newest.length > 0
          ? `The newest are ${list}; list_agents shows all.`
          : 'There is no agent yet; make one with create_agent.';
    return new AppError('not_found', `No agent has the id \`${cutText(id, 80)}\`. ${way}`);
  }
}

async function insertVersion(
  tx: Tx,
  caller: Caller,
  agentId: string,
  version: number,
  definition: AgentDefinition,
): Promise<void> {
  const text = canonicalize(JSON.parse(JSON.stringify(definition)) as JsonObject);
  if (UNSTORABLE.test(text)) {
    throw new AppError(
      'invalid_input',
      'A text of the agent holds the character NUL or half of a character, which cannot be stored. Take it out; nothing was changed.',
    );
  }
  await tx.query(
    'INSERT INTO agent_version (agent_id, version, definition, definition_hash, created_by, key_creator) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      ...[agentId, version, text, Buffer.from(sha256(Buffer.from(text))).toString('hex')],
      ...[caller.personId, caller.keyCreatorId ?? null],
    ],
  );
}

async function readVersion(
  db: { query: Tx['query'] },
  agentId: string,
  version: number,
): Promise<Pick<AgentVersion, 'definition' | 'authors'>> {
  const [row] = await db.query<Pick<AgentRow, 'created_by' | 'key_creator'> & Pick<AgentVersion, 'definition'>>(
    'SELECT definition, created_by, key_creator FROM agent_version WHERE agent_id = $1 AND version = $2',
    [agentId, version],
  );
  if (row === undefined)
    throw new AppError('not_found', `The agent has no version ${version}. get_agent_status names the latest one.`);
  return { definition: row.definition, authors: toAuthors(row.created_by, row.key_creator) };
}
