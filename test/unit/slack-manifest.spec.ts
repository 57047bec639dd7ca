import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const manifest = JSON.parse(read('slack-manifest.json')) as {
  oauth_config: { scopes: Record<string, string[]> };
  settings: { interactivity: { request_url: string } };
};

/** The scopes that Slack asks for a method of its web API; one of a list is enough for each kind of room. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'views.open': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'users.info': ['users:read'],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
};

describe("the app's manifest for Slack", () => {
  it('asks for what the calls need and for nothing else, and the guide says what for', () => {
    const called = [...read('src/platform/chat/slack-client.ts').matchAll(/#call\('([\w.]+)'/g)].map(
      ([, name]) => name!,
    );
    expect(called.filter((name) => SCOPES[name] === undefined)).toEqual([]);
    const { bot = [], ...others } = manifest.oauth_config.scopes;
    expect(new Set(bot)).toEqual(new Set(called.flatMap((name) => SCOPES[name] ?? [])));
    expect(others).toEqual({});
    const guide = read('docs/slack.md');
    expect(bot.filter((scope) => !guide.includes(`\`${scope}\``))).toEqual([]);
  });

  it('sends presses to the address that is served', () => {
    expect(new URL(manifest.settings.interactivity.request_url).pathname).toBe('/slack/interactions');
  });
});
