import type { JsonObject } from '../../kernel/json.ts';
import type { Origin } from '../../kernel/policy/vocabulary-action.ts';

/** A stored way to an outside system, as far as a decision needs to know it. */
export interface SubjectConnection {
  readonly name: string;
  /** postgres mysql sqlite imap smtp slack anthropic openai s3 http, or unknown. */
  readonly kind: string;
  readonly environment?: string;
  /** Where it leads, lower case, without port. */
  readonly host?: string;
  /** Team of a Slack connection. */
  readonly team?: string;
}

/** What the enforcement point knows about an action; the facts are derived from it. */
export interface Subject {
  readonly type: string;
  readonly kind: string;
  readonly operation: string;
  readonly known: boolean;
  readonly declared: boolean;
  readonly sideEffect: string;
  readonly reversible: string;
  /** Of the deployment; a connection's own environment wins. */
  readonly environment: string;
  /** `task`: the words it was made with; what they name was named by a person. */
  readonly agent: { readonly id: string; readonly name: string; readonly version: number; readonly task: string };
  readonly trigger: string;
  readonly params: JsonObject;
  /** As given: absolute, or relative to the first root. */
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly bytes: number;
  readonly url?: string;
  readonly method?: string;
  /** What the author declares: purpose, legalBasis, consent, ticket, backupConfirmed, rollbackPlan, recordCount, cost (US dollars). */
  readonly facts?: JsonObject;
  readonly connection?: SubjectConnection;
  /** Estimate for one action, US dollars. */
  readonly costUsd: number;
  readonly principal: { readonly kind: 'person' | 'service' | 'unknown'; readonly identified: boolean };
  /** Absent where no rule asks for the time. */
  readonly now?: Date;
  /** IANA zone of the workspace. */
  readonly timezone: string;
  /** What belongs to the workspace: a message there stays inside. */
  readonly own: { readonly mailDomains: readonly string[]; readonly slackTeam?: string };
  readonly provenance?: { readonly keyArgument: Origin; readonly source: string; readonly sessionTainted: boolean };
}

/** What the operator allows. */
export interface Surroundings {
  readonly fileRoots: readonly string[];
  /** `host:port`, lower case. */
  readonly allowedHosts: readonly string[];
}
