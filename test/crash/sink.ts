import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
interface Delivery {
  readonly method: string;
  readonly key: string | undefined;
  readonly body: string;
}

/** The world outside: notes every request, and can tell how often something was done to it. */
export class Sink {
  readonly host: string;
  readonly #server: Server;
  readonly #deliveries = new Map<string, Delivery[]>();

  private constructor(server: Server) {
    this.#server = server;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<Sink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sink = new Sink(server);
    server.on('request', (request, response) => {
      void readText(request).then((body) => {
        sink.#note({ method: request.method ?? '', key: request.headers['idempotency-key']?.toString(), body });
        response.writeHead(200, { 'content-type': 'text/plain' }).end('taken');
      });
    });
    return sink;
  }

  /** How often the body arrived by requests that nobody may repeat. */
  plain(body: string): number {
    return this.#of(body).filter(({ key }) => key === undefined).length;
  }

  /** How many different keys the body arrived with: a repeat with the same key changes nothing. */
  keys(body: string): number {
    return new Set(this.#of(body).map(({ method, key }) => `${method} ${key ?? ''}`)).size;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #of(body: string): readonly Delivery[] {
    return this.#deliveries.get(body) ?? [];
  }

  #note(delivery: Delivery): void {
    this.#deliveries.set(delivery.body, [...this.#of(delivery.body), delivery]);
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
