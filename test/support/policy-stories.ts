import { afterAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/kernel/json.ts';
import {
  EFFECTS,
  type CompiledPolicy,
  type Decision,
  type Effect,
  type ParameterValues,
  type Rule,
} from '../../src/kernel/policy/model.ts';
import { instantiate } from '../../src/modules/policies/instantiate.ts';
import { parsePolicyFile } from '../../src/modules/policies/policy-file.ts';
import { compilePolicy, toBody, toHash } from '../../src/modules/policies/policy-version.ts';
import { PolicyDesk, type DeskQuestion } from './policy-desk.ts';

/** An action in its surroundings. `effect`: what is decided, where it is not what the rule says (or `allow` for a near miss). */
export type Case = Omit<DeskQuestion, 'policies'> & {
  readonly effect?: Effect;
  /** What must be in neither params nor output afterwards. */
  readonly gone?: string;
};
type Cases = Readonly<Record<string, Case>>;

/** What a rule catches, what it just does not, and attempts to get past it, each named after its kind. */
export interface Story {
  readonly match: Cases;
  readonly miss: Cases;
  readonly bypass: Cases;
}

const FEWEST_BYPASSES = 3;

interface Told {
  readonly desk: PolicyDesk;
  readonly policy: CompiledPolicy;
}

/** As it is under version control; parameters that are left out have their default. */
export function readPolicy(id: string, parameters?: ParameterValues): CompiledPolicy {
  const text = readFileSync(join(import.meta.dirname, '../../policies', `${id}.yaml`), 'utf8');
  const policy = instantiate(parsePolicyFile(parse(text), id), parameters);
  return compilePolicy(policy, toHash(toBody(policy)));
}

function namesOf({ violations, warnings }: Decision): string[] {
  return [...violations, ...warnings].map(({ rule }) => rule);
}

/** What the rule alone comes to. */
function effectOf({ action }: Rule): Effect {
  return action === 'log' ? 'allow' : action;
}

async function decideCase({ desk, policy }: Told, { effect: _effect, gone, ...question }: Case): Promise<Decision> {
  const { decision, params, output } = await desk.answer({ policies: [policy], ...question });
  if (gone !== undefined && decision.effect === 'transform') {
    const left = question.output === undefined ? params : output;
    expect(JSON.stringify(left)).not.toContain(gone);
  }
  return decision;
}

function tellMatch(told: Told, rule: Rule, one: Case): () => Promise<void> {
  return async () => {
    const decision = await decideCase(told, one);
    const effect = one.effect ?? effectOf(rule);
    expect([namesOf(decision), decision.effect]).toEqual([expect.arrayContaining([rule.name]), effect]);
    if (rule.action === 'transform' && effect === 'transform') expect(decision.redactions).not.toEqual([]);
  };
}

function tellMiss(told: Told, rule: Rule, one: Case): () => Promise<void> {
  return async () => {
    const decision = await decideCase(told, one);
    const names = namesOf(decision);
    expect([decision.effect, names]).toEqual([one.effect ?? 'allow', names.filter((name) => name !== rule.name)]);
  };
}

/** Noted is not enough where more is promised, and what is only noted must be noted all the same. */
function tellBypass(told: Told, rule: Rule, one: Case): () => Promise<void> {
  return async () => {
    const decision = await decideCase(told, one);
    const isHeld = EFFECTS.indexOf(decision.effect) <= EFFECTS.indexOf(effectOf(rule));
    expect({ isHeld, effect: decision.effect, rules: namesOf(decision) }).toMatchObject({ isHeld: true });
    if (rule.action === 'log') expect(namesOf(decision)).toContain(rule.name);
  };
}

/** Tells every story of a policy, with its default values where no others are given and as the only one in force. */
export function tellStories(
  id: string,
  stories: Readonly<Record<string, Story>>,
  parameters: ParameterValues = {},
): void {
  const policy = readPolicy(id, parameters);
  const { rules } = policy;

  test(`every rule of ${id} has a match, a near miss and three kinds of bypass`, () => {
    expect(Object.keys(stories).sort()).toEqual(rules.map(({ name }) => name).sort());
    for (const [rule, { match, miss, bypass }] of Object.entries(stories)) {
      const [matches, misses, bypasses] = [match, miss, bypass].map((cases) => Object.keys(cases).length);
      const isTold = Number(matches) > 0 && Number(misses) > 0 && Number(bypasses) >= FEWEST_BYPASSES;
      expect({ rule, matches, misses, bypasses, isTold }).toMatchObject({ isTold: true });
    }
  });

  for (const rule of rules) {
    const { match = {}, miss = {}, bypass = {} } = stories[rule.name] ?? {};
    describe(`${id}.${rule.name}`, () => {
      const told: Told = { desk: new PolicyDesk(), policy };
      afterAll(() => told.desk.close());
      for (const [title, one] of Object.entries(match)) test(`catches ${title}`, tellMatch(told, rule, one));
      for (const [title, one] of Object.entries(miss)) test(`leaves ${title}`, tellMiss(told, rule, one));
      for (const [title, one] of Object.entries(bypass))
        test(`is not got past by ${title}`, tellBypass(told, rule, one));
    });
  }
}

type More = Omit<Case, 'action'>;

export function act(type: string, params: JsonObject, more: More = {}): Case {
  return { action: { type, params }, ...more };
}

const DATABASES = {
  db: { kind: 'postgres', environment: 'development' },
  live: { kind: 'postgres', environment: 'production' },
  shop: { kind: 'mysql', environment: 'development' },
  lite: { kind: 'sqlite', environment: 'development' },
};

/** A statement that may change something; the connection `live` is production. */
export function execute(sql: string, more: More & { readonly on?: keyof typeof DATABASES } = {}): Case {
  const { on = 'db', ...rest } = more;
  return act('sql.execute', { connection: on, sql }, { connections: { [on]: DATABASES[on] }, ...rest });
}

/** The same statement sent as one that only reads. */
export function query(sql: string, more: More & { readonly on?: keyof typeof DATABASES } = {}): Case {
  const { on = 'db', ...rest } = more;
  return act('sql.query', { connection: on, sql }, { connections: { [on]: DATABASES[on] }, ...rest });
}

/** To a stranger unless `to` says otherwise. */
export function mail(text: string, params: JsonObject = {}, more: More = {}): Case {
  return act('email.send', { to: ['kim@client.example'], subject: 'Hello', text, ...params }, more);
}

/** To the workspace's own team. */
export function slack(text: string, more: More = {}): Case {
  return act('slack.post', { channel: '#general', text }, more);
}

export function request(url: string, params: JsonObject = {}, more: More = {}): Case {
  return act('http.request', { url, ...params }, more);
}

export function post(url: string, json: JsonObject | readonly JsonObject[], more: More = {}): Case {
  return act('http.request', { url, method: 'POST', json: json as JsonObject }, more);
}

/** A tool of a connected server, named `server.tool`. */
export function tool(name: string, given: JsonObject, more: More = {}): Case {
  const [server = '', ...rest] = name.split('.');
  return act('mcp.call', { server, tool: rest.join('.'), arguments: given }, more);
}

export function bash(command: string, more: More = {}): Case {
  return tool('terminal.bash', { command }, more);
}

export function code(source: string, language = 'python', more: More = {}): Case {
  return act('code.run', { source, language }, more);
}

export function write(path: string, content: string, more: More = {}): Case {
  return act('file.write', { path, content }, more);
}
