import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BYTES = 64 * 1024;

/** Reads JSON bodies of the API into `request.body`. A page of another site cannot send this content type unasked. */
export function readJsonBody(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return next();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const refuse = (status: number, code: string, message: string): void => {
    request.removeAllListeners('data').resume();
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ code, message }));
  };
  request.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_BYTES) {
      request.removeAllListeners('end');
      response.setHeader('connection', 'close');
      refuse(413, 'too_large', `The body has more than ${MAX_BYTES} bytes. Send less.`);
    }
  });
  request.on('end', () => {
    const body = parse(bytes, request.headers['content-type'], chunks);
    if (body === undefined)
      return refuse(400, 'invalid_input', 'The body must be JSON, with `Content-Type: application/json`.');
    Object.assign(request, { body });
    next();
  });
}

function parse(bytes: number, type: string | undefined, chunks: readonly Buffer[]): unknown {
  if (bytes === 0) return {};
  if (!/^application\/json(?:\s*;|$)/i.test(type ?? '')) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
