import { cutText } from '../../kernel/json.ts';
import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { Caller } from '../../kernel/caller.ts';
import { ATTRIBUTES } from '../../kernel/policy/vocabulary.ts';
import { CATALOGUE } from '../actions/index.ts';
import { toSchema } from './json-schema.ts';
import type { PoliciesService } from '../policies/index.ts';
import type { AppServices } from './services.ts';

export interface ResourceResult {
  [key: string]: unknown;
  contents: { uri: string; mimeType: string; text: string }[];
}

/** The JSON behind one `agentos://` address; an unknown id throws `not_found` with the nearest ones. */
export async function readResource(services: AppServices, caller: Caller, uri: string): Promise<ResourceResult> {
  const [, kind = '', id] = /^agentos:\/\/([a-z]+)(?:\/([^/]+))?$/.exec(uri) ?? [];
  const body = await (id === undefined
    ? readCollection(services, caller, kind)
    : readOne(services, caller, kind, decodeURIComponent(id)));
  if (body === undefined)
    throw new ResourceNotFoundError(
      uri,
      `There is no resource \`${cutText(uri, 200)}\`. resources/list names what there is.`,
    );
  return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(body, null, 2) }] };
}

async function readCollection(
  { agents, audit, policies, templates }: AppServices,
  caller: Caller,
  kind: string,
): Promise<object | undefined> {
  switch (kind) {
    case 'agents':
      return agents.list(caller, { limit: 100 });
    case 'policies':
      return { policies: (await policies.list(caller)).map(toSummary) };
    case 'audit':
      return audit.list(caller, { limit: 100 });
    case 'templates':
      return templates.list(caller, { type: 'all', limit: 200 });
    case 'actions':
      return { actions: [...CATALOGUE.values()].map(toAction) };
    case 'facts':
      return { language: LANGUAGE, facts: ATTRIBUTES };
    default:
      return undefined;
  }
}

async function readOne(
  { agents, policies }: AppServices,
  caller: Caller,
  kind: string,
  id: string,
): Promise<object | undefined> {
  switch (kind) {
    case 'agents':
      return agents.getHistory(caller, id);
    case 'policies':
      return toPolicyView(await policies.get(caller, id));
    default:
      return undefined;
  }
}

/** How conditions are written, in a few lines: an assistant reads them before it writes a rule. */
const LANGUAGE = {
  name: 'CEL, a named part of it',
  operators: '&& || ! == != < <= > >= in ?: + -',
  methods: ['text.startsWith("a")', 'text.endsWith("a")', 'text.contains("a")', 'text.size()', 'list.size()'],
  lists: [
    '"delete" in sql.operations',
    'data.classes.exists(c, c == "payment_card")',
    'file.extensions.all(e, e == "csv")',
  ],
  patterns: 're(file.path, "[0-9]{8}"), with the syntax of RE2',
};

type Found = Awaited<ReturnType<PoliciesService['get']>>;

/** A policy that people made as it is stored; one that comes with the product with what it leaves open. */
function toPolicyView({ template, stored }: Found): object {
  return stored === undefined ? template : { ...stored, includes: template.includes };
}

function toSummary(policy: Awaited<ReturnType<PoliciesService['list']>>[number]): object {
  return 'rules' in policy ? { ...policy, rules: policy.rules.length } : policy;
}

type Entry = typeof CATALOGUE extends ReadonlyMap<string, infer Value> ? Value : never;

/** What an assistant needs to write a step: the schemas, and what the action may cause. */
function toAction({
  type,
  title,
  description,
  params,
  output,
  reversible,
  connection,
  requires,
  costUsd,
  runsInDryRun,
}: Entry): object {
  return {
    type,
    title,
    description,
    params: toSchema(params),
    output: toSchema(output),
    reversible,
    costUsd,
    runsInDryRun,
    ...(connection === undefined ? {} : { connection }),
    ...(requires === undefined ? {} : { requires }),
  };
}
