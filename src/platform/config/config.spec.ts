import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misspelt, readConfig } from './config.ts';

describe('readConfig', () => {
  it('is strict, local and embedded when nothing is set', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ policyMode: 'strict', host: '127.0.0.1', auth: 'required', databaseUrl: undefined });
    expect(config.fileRoots).toEqual([join(config.dataDir, 'files')]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each(['Strict', 'permissve', 'off', ' strict'])('never starts in a mode called %p', (mode) => {
    expect(() => readConfig({ AGENTOS_POLICY_MODE: mode })).toThrow(
      /AGENTOS_POLICY_MODE is wrong\. .* is not one of strict, permissive\. Example: AGENTOS_POLICY_MODE=strict/,
    );
  });

  it('does not repeat a URL that may hold a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:hunter2@h/db' })).toThrow(
      /^DATABASE_URL is wrong\. The value is not/,
    );
    expect(() => readConfig({ DATABASE_URL: 'mysql://u:hunter2@h/db' })).not.toThrow(/hunter2/);
  });

  it('takes an app-level token of Slack, also from a file, and does not repeat another one', () => {
    expect(readConfig({ SLACK_APP_TOKEN: 'xapp-1-A0-1-x' }).slackAppToken).toBe('xapp-1-A0-1-x');
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'token');
    writeFileSync(path, 'xapp-1-A0-1-y\n');
    expect(readConfig({ SLACK_APP_TOKEN_FILE: path }).slackAppToken).toBe('xapp-1-A0-1-y');
    expect(() => readConfig({ SLACK_APP_TOKEN: 'xoxb-hunter2' })).toThrow(
      /^SLACK_APP_TOKEN is wrong\. The value is not an app/,
    );
    expect(() => readConfig({ SLACK_APP_TOKEN: 'xoxb-hunter2' })).not.toThrow(/hunter2/);
  });

  it('reads any of them from a file', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'mode');
    writeFileSync(path, 'permissive\n');
    expect(readConfig({ AGENTOS_POLICY_MODE_FILE: path }).policyMode).toBe('permissive');
    expect(() => readConfig({ AGENTOS_POLICY_MODE_FILE: `${path}.gone` })).toThrow(/cannot be read/);
  });

  it.each(['example.org', 'example.org:http', 'a b:80'])('refuses %p as an allowed host', (entry) => {
    expect(() => readConfig({ AGENTOS_ALLOWED_HOSTS: `127.0.0.1:80,${entry}` })).toThrow(/list of host:port/);
  });

  it('says which setting looks misspelt', () => {
    expect(misspelt({ AGENTOS_POLICY_MOD: 'strict', HOME: '/x' })).toEqual([
      'AGENTOS_POLICY_MOD is not a setting and has no effect. Did you mean `AGENTOS_POLICY_MODE`?',
    ]);
  });
});
