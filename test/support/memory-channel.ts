import { Channel, type ChannelKind, type Envelope, type ProviderRef } from '../../src/modules/notifications/index.ts';
import type { Card, Notice } from '../../src/modules/notifications/index.ts';
import { SendFailure } from '../../src/platform/errors/index.ts';

/** Keeps what it is given. */
export class MemoryChannel extends Channel {
  override readonly isConfigured = true;
  override readonly kind: ChannelKind;
  readonly arrived: string[] = [];
  fault: 'away' | 'refuses' | 'later' | 'lost' | 'never' = 'never';

  constructor(kind: ChannelKind) {
    super();
    this.kind = kind;
  }

  override async send(content: Card | Notice, { deliveryId }: Envelope): Promise<ProviderRef> {
    if (this.fault === 'refuses') throw new SendFailure('refused', 'no such address');
    if (this.fault === 'later' || this.fault === 'away') throw new SendFailure('later', this.fault);
    this.arrived.push(JSON.stringify(content));
    if (this.fault === 'lost') throw new SendFailure('in_doubt', 'no answer');
    return { id: deliveryId };
  }
}
