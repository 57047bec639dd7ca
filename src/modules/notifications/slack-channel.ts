import type { SlackClient } from '../../platform/chat/index.ts';
import { SendFailure } from '../../platform/errors/index.ts';
import type { Card, Notice } from './card.ts';
import { Channel, type Envelope, type ProviderRef } from './channel.ts';
import { toSlack } from './slack-blocks.ts';

/** Slack: a message whose buttons carry the request, and which is kept up to date. */
export class SlackChannel extends Channel {
  override readonly kind = 'slack';
  readonly #client: SlackClient;

  constructor(client: SlackClient) {
    super();
    this.#client = client;
  }

  override get isConfigured(): boolean {
    return this.#client.isConfigured;
  }

  override async send(content: Card | Notice, { deliveryId, address }: Envelope): Promise<ProviderRef> {
    return {
      ...(await this.#client.post({ channel: address, ...toSlack(content, this.#client.hearsPresses) }, deliveryId)),
    };
  }

  override async find({ deliveryId, address, createdAt }: Envelope): Promise<ProviderRef | undefined> {
    const found = await this.#client.findPosted(address, deliveryId, createdAt);
    return found === undefined ? undefined : { ...found };
  }

  override async update(card: Card, { channel, ts }: ProviderRef): Promise<void> {
    if (channel === undefined || ts === undefined || ts === '') throw new SendFailure('refused', 'unknown message');
    await this.#client.update({ channel, ts, ...toSlack(card, this.#client.hearsPresses) });
  }
}
