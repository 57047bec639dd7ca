import { describe, expect, it } from '@jest/globals';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { PassThrough } from 'node:stream';
import { setImmediate as tick } from 'node:timers/promises';
import { LineTransport } from './line-transport.ts';

const LIMIT = 1_000;

interface Answer {
  readonly id: unknown;
  readonly error: { readonly code: number; readonly message: string };
}

async function open(): Promise<{
  input: PassThrough;
  transport: LineTransport;
  read: JSONRPCMessage[];
  written: Answer[];
  state: { closed: boolean };
}> {
  const input = new PassThrough();
  const read: JSONRPCMessage[] = [];
  const written: Answer[] = [];
  const state = { closed: false };
  const transport = new LineTransport(
    input,
    (line, done) => {
      written.push(JSON.parse(line) as Answer);
      done();
    },
    LIMIT,
  );
  transport.onmessage = (message) => read.push(message);
  transport.onclose = () => (state.closed = true);
  await transport.start();
  return { input, transport, read, written, state };
}

const request = (id: number | string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'ping', params });
const idLast = (id: number | string, params: object): string =>
  JSON.stringify({ method: 'ping', params, jsonrpc: '2.0', id });
const LARGE = { text: 'x'.repeat(LIMIT * 5), id: 99 };

describe('LineTransport', () => {
  it('reads messages however the bytes are cut', async () => {
    const { input, read } = await open();
    const bytes = Buffer.from(`${request(1, { text: 'zwölf 🦉' })}\r\n\n${request('b')}\n`);
    for (const byte of bytes) input.write(Buffer.from([byte]));
    await tick();
    expect(read).toEqual([JSON.parse(request(1, { text: 'zwölf 🦉' })), JSON.parse(request('b'))]);
  });

  it.each([
    ['first', request(7, LARGE), 7],
    ['last', idLast('seven', LARGE), 'seven'],
    ['last, with an escaped quote', idLast('a"b', LARGE), 'a"b'],
    ['nowhere', JSON.stringify({ jsonrpc: '2.0', method: 'notifications/x', params: LARGE, z: 1 }), null],
  ])('answers an oversized message whose id is %s, and goes on', async (_, line, id) => {
    const { input, read, written, state } = await open();
    input.write(line.slice(0, 700));
    input.write(line.slice(700));
    input.write(`\n${request(8)}\n`);
    await tick();
    expect(written).toEqual([
      {
        jsonrpc: '2.0',
        id,
        error: { code: -32_600, message: expect.stringMatching(/too large: .* limit is .*Put large data in a file/) },
      },
    ]);
    expect(read).toEqual([JSON.parse(request(8))]);
    expect(state.closed).toBe(false);
  });

  it('takes a message of exactly the limit', async () => {
    const { input, read, written } = await open();
    const empty = request(1, { text: '' }).length;
    input.write(`${request(1, { text: 'x'.repeat(LIMIT - empty) })}\n`);
    await tick();
    expect(written).toEqual([]);
    expect(read).toHaveLength(1);
  });

  it.each([
    ['{"jsonrpc":"2.0","id":1,', -32_700, null],
    ['hello', -32_700, null],
    ['{"id":4,"method":"ping"}', -32_600, 4],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32_600, null],
  ])('answers %p with an error and goes on', async (line, code, id) => {
    const { input, read, written } = await open();
    input.write(`${line}\n${request(2)}\n`);
    await tick();
    expect(written).toMatchObject([{ id, error: { code } }]);
    expect(read).toHaveLength(1);
  });

  it('answers what it has read before it closes at the end of the input', async () => {
    const { input, transport, state } = await open();
    input.end(`${request(1)}\n${request(2)}\n`);
    await tick();
    await tick();
    expect(state.closed).toBe(false);
    await transport.send({ jsonrpc: '2.0', id: 1, result: {} });
    await transport.send({ jsonrpc: '2.0', id: 2, result: {} });
    await tick();
    expect(state.closed).toBe(true);
  });

  it('does not wait for subscriptions and cancelled requests', async () => {
    const { input, state } = await open();
    const subscription = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen' });
    const cancel = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    input.end(`${subscription}\n${request(2)}\n${cancel}\n`);
    await tick();
    await tick();
    await tick();
    expect(state.closed).toBe(true);
  });
});
