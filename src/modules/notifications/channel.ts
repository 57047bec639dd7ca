import type { Card, Notice } from './card.ts';

export const CHANNELS = ['email', 'slack'] as const;
export type ChannelKind = (typeof CHANNELS)[number];

/** Where the server keeps what was sent: what finds it again. */
export type ProviderRef = Readonly<Record<string, string>>;

/** One notice to one address. */
export interface Envelope {
  readonly deliveryId: string;
  readonly address: string;
  readonly createdAt: Date;
  /** How many copies may have arrived already. */
  readonly inDoubt: number;
}

/** A way to people. Every method throws `SendFailure`, which says whether something may have arrived and when to try again. */
export abstract class Channel {
  abstract readonly kind: ChannelKind;
  abstract readonly isConfigured: boolean;
  /** Resolves when the server has taken it. */
  abstract send(content: Card | Notice, envelope: Envelope): Promise<ProviderRef>;
  /** Where an earlier copy is; undefined: there is none; absent where the server cannot be asked. */
  find?(envelope: Envelope): Promise<ProviderRef | undefined>;
  /** Shows how it stands in what was sent; absent where what was sent cannot change. */
  update?(card: Card, ref: ProviderRef): Promise<void>;
}
