import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ENTRY, type HttpServer, type Json, makePlace, type Place, startHttpServer } from '../../support/mcp-client.ts';

const PACKAGE = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/package.json');
const INSPECTOR = join(dirname(PACKAGE), 'clients/launcher/build/index.js');

let place: Place;
let http: HttpServer;
let home: string;

beforeAll(async () => {
  place = await makePlace();
  http = await startHttpServer(place);
  home = mkdtempSync(join(tmpdir(), 'inspector-'));
});

afterAll(async () => {
  await http?.stop();
  await place?.remove();
  rmSync(home, { recursive: true, force: true });
});

/** Runs the Inspector's command line, a client that we did not write. */
function inspect(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [INSPECTOR, '--cli', ...args, '--format', 'json'], {
    env: { ...place.env, HOME: home },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const DOORS = [
  ['stdio', (): string[] => [process.execPath, ENTRY]],
  ['http', (): string[] => ['--transport', 'http', '--server-url', `${http.url}/mcp`]],
] as const;
const COMBINATIONS = DOORS.flatMap(([door, target]) =>
  (['modern', 'legacy'] as const).map((era) => [era, door, target] as const),
);

describe.each(COMBINATIONS)('the MCP Inspector in the %s era over %s', (era, _, target) => {
  const run = (...args: string[]): ReturnType<typeof inspect> => inspect(...target(), '--protocol-era', era, ...args);

  it('lists the tools with schemas that every host takes', async () => {
    const { code, out, err } = await run('--method', 'tools/list', '--strict');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(JSON.stringify(JSON.parse(out))).toContain('"perform_action"');
  });

  it('calls tools, and sees a refusal as one', async () => {
    const listed = await run('--method', 'tools/call', '--tool-name', 'list_templates', '--tool-arg', 'type=policy');
    expect(listed).toMatchObject({ code: 0 });
    expect(JSON.stringify(JSON.parse(listed.out) as Json)).toContain('gdpr-compliance');
    const refused = await run(
      '--method',
      'tools/call',
      '--tool-name',
      'get_agent_status',
      '--tool-arg',
      'agentId=nobody',
    );
    expect(refused.code).toBe(5);
    expect(refused.out + refused.err).toContain('No agent has the id');
  });
});
