import { NEUTRAL_FACTS, type Facts } from '../../kernel/policy/facts.ts';
import type { InspectAnswer } from '../../platform/inspect/index.ts';
import { toCostFacts, toRecordFacts } from './facts/amount-facts.ts';
import { isCredentialPlace } from '../../platform/files/index.ts';
import { toAnalysisFacts, toDataFacts, toShellFacts, toSqlFacts, toToolPlaces } from './facts/content-facts.ts';
import { toDeclaredFacts } from './facts/declared-facts.ts';
import { toFileFacts } from './facts/file-facts.ts';
import { toGravity, toOperation } from './facts/operation-facts.ts';
import { toPaymentFacts } from './facts/payment-facts.ts';
import { toMessageFacts } from './facts/recipient-facts.ts';
import { isExternal, toTargetFacts } from './facts/target-facts.ts';
import { toTimeFacts } from './facts/time-facts.ts';
import { toUrlFacts } from './facts/url-facts.ts';
import type { Subject, Surroundings } from './subject.ts';

const PRODUCTION = ['production', 'unknown'];

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Facts that need no look into the content. */
function toGiven({ params, agent, connection, principal, now, timezone, trigger, ...subject }: Subject) {
  const { maxTokens } = params;
  const { key, prefix } = params;
  return {
    environment: connection?.environment ?? subject.environment,
    trigger,
    agent: { id: agent.id, name: agent.name, version: agent.version },
    principal,
    connection: {
      name: text(params['connection']),
      kind: params['connection'] === undefined ? '' : (connection?.kind ?? 'unknown'),
    },
    tool: subject.kind === 'mcp' ? { server: text(params['server']), name: text(params['tool']) } : NEUTRAL_FACTS.tool,
    model:
      subject.kind === 'model'
        ? { name: text(params['model']), maxTokens: typeof maxTokens === 'number' ? maxTokens : -1 }
        : NEUTRAL_FACTS.model,
    storage:
      subject.kind === 'storage' ? { bucket: text(params['bucket']), key: text(key ?? prefix) } : NEUTRAL_FACTS.storage,
    time: now === undefined ? NEUTRAL_FACTS.time : toTimeFacts(now, timezone),
    provenance: subject.provenance ?? NEUTRAL_FACTS.provenance,
  };
}

/** The record that conditions see before the action runs; what is counted in the database has its neutral value. */
export async function toFacts(subject: Subject, answer: InspectAnswer, surroundings: Surroundings): Promise<Facts> {
  const given = toGiven(subject);
  const declared = toDeclaredFacts(subject.facts);
  const places = toToolPlaces(subject);
  const [own, url] = await Promise.all([
    toFileFacts(subject, surroundings.fileRoots),
    toUrlFacts(places.url === undefined ? subject : { url: places.url }, surroundings.allowedHosts),
  ]);
  // Where a tool's server keeps its files is not known here; what is a place of credentials is one anywhere.
  const file = { ...own, credentialPlace: own.credentialPlace || places.paths.some(isCredentialPlace) };
  const sql = toSqlFacts(answer);
  const language = text(subject.params['language']) || (subject.type === 'mcp.call' ? 'shell' : 'unknown');
  const shell = toShellFacts(answer.shell, language);
  const payment = toPaymentFacts(subject, url);
  const operation = toOperation(subject, sql, payment !== undefined);
  const { recipients, message } = toMessageFacts(subject);
  const target = toTargetFacts(subject, { url, file });
  return {
    ...NEUTRAL_FACTS,
    ...given,
    action: {
      type: subject.type,
      kind: subject.kind,
      operation,
      phase: 'before',
      declared: subject.declared,
      known: subject.known,
      sideEffect: subject.sideEffect,
      reversible: subject.reversible,
      external: isExternal(subject, operation, { url, recipients, shell }),
      production: PRODUCTION.includes(given.environment),
      ...toGravity(subject, operation, { url, sql, shell }),
    },
    declared,
    file,
    url,
    target,
    recipients,
    message,
    payment: payment ?? NEUTRAL_FACTS.payment,
    sql,
    shell,
    ...toDataFacts(answer),
    records: toRecordFacts(subject, { sql, declared, file, recipients, shell }, answer),
    cost: toCostFacts(subject, target, declared),
    analysis: toAnalysisFacts(answer),
  };
}
