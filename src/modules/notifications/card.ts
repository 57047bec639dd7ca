import type { Risk } from '../../kernel/policy/model.ts';

export interface CardField {
  readonly label: string;
  readonly value: string;
  readonly isTruncated: boolean;
}

/** A request as any channel shows it: plain text made visible, escaped by nobody yet. */
export interface Card {
  readonly kind: 'request';
  readonly approvalId: string;
  readonly url: string;
  /** What this notice is about: "asks", "reminder", "escalated". */
  readonly occasion: string;
  readonly title: string;
  readonly agentName: string;
  readonly risk: Risk;
  readonly actionType: string;
  readonly target: string;
  readonly fields: readonly CardField[];
  readonly actionHash: string;
  readonly why: readonly string[];
  readonly quorumText: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly requestedFor?: string;
  /** In the words of the agent or of who asks. */
  readonly prose?: string;
  /** Everything is shown and nothing of it is odd: it can be answered where it is read. */
  readonly isComplete: boolean;
  /** Why it cannot be answered where it is read. */
  readonly caution?: string;
  /** How it stands, where it waits no more or some have answered. */
  readonly status?: string;
  readonly isOpen: boolean;
}

/** Several requests in one notice, or a word to the owners: lines of our own and one link. */
export interface Notice {
  readonly kind: 'notice';
  readonly url: string;
  readonly title: string;
  readonly lines: readonly string[];
}
