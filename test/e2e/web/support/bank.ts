import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place that takes payments, for what must happen once; `/drop` takes the order and hangs up without a word. */
export interface Bank {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly orders: readonly string[];
  stop(): Promise<void>;
}

export async function startBank(): Promise<Bank> {
  const orders: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      orders.push(`${request.url} ${body}`);
      if (request.url === '/drop') request.socket.destroy();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"done":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { host: `127.0.0.1:${port}`, orders, stop };
}
