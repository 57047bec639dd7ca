import { type JSONRPCMessage, parseJSONRPCMessage, type RequestId, type Transport } from '@modelcontextprotocol/server';
import type { Readable } from 'node:stream';

/** Largest message in bytes, over stdio and over HTTP. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const KEPT_BYTES = 4_096;
const NEWLINE = 10;
/** How long requests that were read before the input ended may still take. */
const FINISH_MS = 30_000;
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

type Write = (line: string, done: (error?: Error | null) => void) => unknown;

/**
 * JSON-RPC, one message a line. Where the SDK's own transport ends the process, this one answers and goes on: an oversized or broken
 * line is answered with an error, and when the input ends, requests that were read are answered first.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Told of every message that was written. */
  onsent?: (message: JSONRPCMessage) => void;

  readonly #open = new Set<RequestId>();
  #parts: Buffer[] = [];
  #size = 0;
  #tail = Buffer.alloc(0);
  #ended = false;
  #closed = false;

  constructor(
    private readonly input: Readable,
    private readonly write: Write,
    private readonly maxBytes = MAX_MESSAGE_BYTES,
  ) {}

  start(): Promise<void> {
    this.input.on('data', this.#read);
    this.input.on('end', this.#end);
    this.input.on('close', this.#end);
    this.input.on('error', this.#fail);
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#writeLine(message).then(() => {
      if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
      this.onsent?.(message);
    });
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.input.off('data', this.#read);
    this.input.pause();
    this.onclose?.();
    return Promise.resolve();
  }

  readonly #read = (chunk: Buffer): void => {
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(NEWLINE, from);
      this.#keep(chunk.subarray(from, to === -1 ? undefined : to));
      if (to === -1) return;
      this.#takeLine();
      from = to + 1;
    }
  };

  /** Past the limit only the two ends stay in memory: enough to find the id that the answer needs. */
  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= this.maxBytes) return void this.#parts.push(part);
    if (this.#tail.length === 0) {
      const read = Buffer.concat(this.#parts);
      this.#parts = [Buffer.from(Buffer.concat([read, part]).subarray(0, KEPT_BYTES))];
      this.#tail = Buffer.from(read.subarray(-KEPT_BYTES));
    }
    this.#tail = Buffer.from(Buffer.concat([this.#tail, part]).subarray(-KEPT_BYTES));
  }

  #takeLine(): void {
    const size = this.#size;
    const line = Buffer.concat(this.#parts).toString('utf8').trim();
    const tail = this.#tail.toString('utf8');
    this.#parts = [];
    this.#size = 0;
    this.#tail = Buffer.alloc(0);
    if (size > this.maxBytes) this.#refuse(INVALID_REQUEST, tooLarge(size, this.maxBytes), idOf(line, tail));
    else if (line !== '') this.#take(line);
  }

  #take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#refuse(
        PARSE_ERROR,
        'The line is not JSON. Send one JSON-RPC 2.0 message a line, in UTF-8, without line breaks inside.',
      );
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      return this.#refuse(
        INVALID_REQUEST,
        'The line is not a JSON-RPC 2.0 message: it needs `jsonrpc`, `method` and, for a request, `id`.',
        idIn(value),
      );
    }
    this.#track(message);
    this.onmessage?.(message);
  }

  #track(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    // A subscription stays open by design: it is no reason to wait.
    if ('id' in message && message.method !== 'subscriptions/listen') this.#open.add(message.id);
    if (message.method === 'notifications/cancelled') {
      const cancelled = message.params?.['requestId'];
      if (typeof cancelled === 'string' || typeof cancelled === 'number') this.#settle(cancelled);
    }
  }

  #refuse(code: number, message: string, id: RequestId | null = null): void {
    this.onerror?.(new Error(message));
    void this.#writeLine({ jsonrpc: '2.0', id, error: { code, message } }).catch(this.#fail);
  }

  #writeLine(message: object): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The connection is closed.'));
    return new Promise((resolve, reject) => {
      this.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  readonly #fail = (error: Error): void => {
    this.onerror?.(error);
    void this.close();
  };

  readonly #end = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    setTimeout(() => void this.close(), FINISH_MS).unref();
    this.#settle();
  };

  #settle(id?: RequestId): void {
    if (id !== undefined) this.#open.delete(id);
    // Not in this tick: the last line may only just have been handed over.
    if (this.#ended && this.#open.size === 0) setImmediate(() => void (this.#open.size === 0 && this.close()));
  }
}

function tooLarge(size: number, limit: number): string {
  const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
  return (
    `The message is too large: ${mib(size)} MiB, the limit is ${mib(limit)} MiB. ` +
    'It was not read and nothing was done. Put large data in a file inside the allowed roots and pass its path.'
  );
}

function idIn(value: unknown): RequestId | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

const ID = String.raw`"id"\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d{1,15})`;
const ID_FIRST = new RegExp(String.raw`^\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,)*\s*${ID}`);
const ID_LAST = new RegExp(String.raw`${ID}\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*)*\}\s*$`);

/** The id of a message of which only both ends are known: clients write it before or after the parameters. */
function idOf(head: string, tail: string): RequestId | null {
  const found = ID_FIRST.exec(head)?.[1] ?? ID_LAST.exec(tail)?.[1];
  return found === undefined ? null : idIn({ id: JSON.parse(found) as unknown });
}
