// The server's end of a WebSocket (RFC 6455), as much as a stand-in needs: whole text messages, pings, goodbyes.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export class WebSocketEnd {
  readonly #socket: Duplex;
  readonly #onText: (text: string) => void;
  #rest = Buffer.alloc(0);
  /** Says goodbye when it is asked to. */
  isPolite = true;

  constructor(request: IncomingMessage, socket: Duplex, onText: (text: string) => void) {
    this.#socket = socket;
    this.#onText = onText;
    const key = request.headers['sec-websocket-key'] ?? '';
    const accept = createHash('sha1')
      .update(key + MAGIC)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('end', () => socket.destroy());
    socket.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  send(message: object): void {
    this.#write(TEXT, Buffer.from(JSON.stringify(message)));
  }

  /** Without a word. */
  drop(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      if (frame.kind === TEXT) this.#onText(frame.content.toString());
      if (frame.kind === PING) this.#write(PONG, frame.content);
      if (frame.kind !== CLOSE || !this.isPolite) continue;
      this.#write(CLOSE, frame.content);
      this.#socket.end();
    }
  }

  /** Frames of clients are masked, and what is asked of a stand-in is shorter than 64 kB. */
  #next(): { readonly kind: number; readonly content: Buffer } | undefined {
    const [first, second] = this.#rest;
    if (first === undefined || second === undefined) return undefined;
    const isLong = (second & 127) === 126;
    const start = isLong ? 4 : 2;
    if (this.#rest.length < start + 4) return undefined;
    const length = isLong ? this.#rest.readUInt16BE(2) : second & 127;
    const end = start + 4 + length;
    if (this.#rest.length < end) return undefined;
    const mask = this.#rest.subarray(start, start + 4);
    const content = Buffer.from(this.#rest.subarray(start + 4, end)).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    this.#rest = this.#rest.subarray(end);
    return { kind: first & 15, content: Buffer.from(content) };
  }

  #write(kind: number, content: Buffer): void {
    if (!this.isOpen) return;
    const size = content.length;
    const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
    head[0] = 128 | kind;
    head[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
    if (head.length === 4) head.writeUInt16BE(size, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
    this.#socket.write(Buffer.concat([head, content]));
  }
}
