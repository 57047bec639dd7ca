// A client of a few lines: it adds next to nothing to what it measures.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class RawClient {
  #next = 1;
  #waiting = new Map();

  constructor(args, env = {}) {
    this.startedAt = performance.now();
    this.process = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.errors = '';
    this.process.stderr.on('data', (chunk) => (this.errors = (this.errors + chunk).slice(-4_000)));
    this.process.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.ended.then((code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the server ended with ${code}: ${this.errors}`));
      this.#waiting.clear();
    });
    createInterface({ input: this.process.stdout }).on('line', (line) => this.#receive(JSON.parse(line)));
  }

  #receive({ id, result, error }) {
    const request = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) request?.reject(new Error(JSON.stringify(error)));
    else request?.resolve(result);
  }

  request(method, params = {}) {
    const id = this.#next++;
    this.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async initialize() {
    const clientInfo = { name: 'bench', version: '1.0.0' };
    const answer = await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    return answer;
  }

  /** The structured content of a tool's answer; a refusal is an error unless `mayRefuse`. */
  async call(name, args = {}, { mayRefuse = false } = {}) {
    const result = await this.request('tools/call', { name, arguments: args });
    if (result.isError && !mayRefuse) throw new Error(`${name}: ${result.content[0]?.text}`);
    return result.structuredContent ?? result;
  }

  async close() {
    this.process.stdin.end();
    await this.ended;
  }
}
