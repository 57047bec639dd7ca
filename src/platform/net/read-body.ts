import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../errors/index.ts';
import { reasonOf } from './failure.ts';

/** The whole body, decompressed; stops reading at the cap, so a small answer that unpacks into a huge one costs no memory. */
export async function readBody(response: IncomingMessage, method: string, maxBytes: number): Promise<Buffer> {
  if (method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304) return Buffer.alloc(0);
  const decoder = toDecoder((response.headers['content-encoding'] ?? '').trim().toLowerCase());
  try {
    if (decoder === undefined) return await collect(response, maxBytes);
    response.on('error', (error) => decoder.destroy(error));
    return await collect(response.pipe(decoder), maxBytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('upstream_failed', `The answer broke off: ${reasonOf(error)}.`, undefined, { cause: error });
  }
}

function toDecoder(encoding: string) {
  switch (encoding) {
    case 'identity':
    case '':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new AppError(
        'upstream_failed',
        `The answer is encoded as \`${encoding}\`, which cannot be read; known are gzip, deflate and br.`,
      );
  }
}

async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError(
        'too_large',
        `The answer is larger than ${maxBytes} bytes. Ask for less, or raise \`maxBytes\`.`,
        { maxBytes },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
