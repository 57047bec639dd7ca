import type { Mailer } from '../../platform/mail/index.ts';
import type { Card, Notice } from './card.ts';
import { Channel, type Envelope, type ProviderRef } from './channel.ts';
import { toMail } from './mail-text.ts';

/** Mail: each delivery has one `Message-ID` for ever, so that a second copy is recognised. */
export class EmailChannel extends Channel {
  override readonly kind = 'email';
  readonly #mailer: Mailer;

  constructor(mailer: Mailer) {
    super();
    this.#mailer = mailer;
  }

  override get isConfigured(): boolean {
    return this.#mailer.isConfigured;
  }

  override async send(content: Card | Notice, { deliveryId, address }: Envelope): Promise<ProviderRef> {
    await this.#mailer.send({ id: deliveryId, to: address, ...toMail(content) });
    return { id: deliveryId };
  }
}
