import { Controller, Post, Req, Res } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BYTES } from './inbox.ts';
import { NotificationsService } from './notifications.service.ts';

const READ_MS = 5_000;

/** What Slack sends when somebody presses a button. Answered as soon as it is stored. */
@Controller('slack')
export class SlackController {
  readonly #notifications: NotificationsService;

  constructor(notifications: NotificationsService) {
    this.#notifications = notifications;
  }

  @Post('interactions')
  async take(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return answer(response, 413);
    const received = await this.#notifications.receiveFromSlack({
      timestamp: one(request.headers['x-slack-request-timestamp']),
      signature: one(request.headers['x-slack-signature']),
      body,
    });
    answer(response, { off: 404, refused: 401, taken: 200 }[received]);
  }
}

/** No word about why: whoever forges learns nothing. */
function answer(response: ServerResponse, status: number): void {
  if (response.headersSent || response.destroyed) return;
  const close = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-length': 0, 'cache-control': 'no-store', ...close }).end();
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The bytes as they come, at most 1 MB; undefined: there are more, or they do not come. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (body: Buffer | undefined): void => {
      clearTimeout(timer);
      request.off('data', take);
      // What else comes is not kept.
      request.resume();
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > MAX_BYTES) return done(undefined);
      chunks.push(chunk);
    };
    const timer = setTimeout(() => done(undefined), READ_MS);
    request.on('data', take);
    request.once('end', () => done(Buffer.concat(chunks)));
    request.once('error', () => done(undefined));
    request.once('close', () => done(undefined));
  });
}
