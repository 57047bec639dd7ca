import { Channel, type ChannelKind, type Envelope, type ProviderRef } from '../../src/modules/notifications/index.ts';
import type { Card, Notice } from '../../src/modules/notifications/index.ts';
import { SendFailure } from '../../src/platform/errors/index.ts';

interface Taken {
  readonly deliveryId: string;
  readonly address: string;
  readonly content: Card | Notice;
}

/** Keeps what it is given. */
export class MemoryChannel extends Channel {
  override readonly isConfigured = true;
  override readonly kind: ChannelKind;
  readonly arrived: string[] = [];
  /** What arrived, by whom it was for. */
  readonly taken: Taken[];
  /** `dies`: takes it, and the sender is never heard of again. */
  fault: 'away' | 'refuses' | 'later' | 'lost' | 'dies' | 'never' = 'never';

  constructor(kind: ChannelKind, taken: Taken[] = []) {
    super();
    [this.kind, this.taken] = [kind, taken];
  }

  override async send(content: Card | Notice, { deliveryId, address }: Envelope): Promise<ProviderRef> {
    if (this.fault === 'refuses') throw new SendFailure('refused', 'no such address');
    if (this.fault === 'later' || this.fault === 'away') throw new SendFailure('later', this.fault);
    this.arrived.push(JSON.stringify(content));
    this.taken.push({ deliveryId, address, content });
    if (this.fault === 'dies') await new Promise(() => {});
    if (this.fault === 'lost') throw new SendFailure('in_doubt', 'no answer');
    return { id: deliveryId };
  }
}
