import { Injectable } from '@nestjs/common';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { Config } from '../../../platform/config/index.ts';
import { AppError } from '../../../platform/errors/index.ts';
import { fetchGuarded, type OutboundResponse } from '../../../platform/net/index.ts';
import { HttpRequestParams } from '../catalogue-outside.ts';
import { Executor, type ExecutionContext } from '../executor.ts';
import type { Permit } from '../permit.ts';

const DEFAULT_MAX_BYTES = 1024 * 1024;
/** The action's own deadline comes first, by the signal; this one only ends what nobody waits for. */
const LAST_RESORT_MS = 10 * 60_000;
/** Decoders by the name that `charset=` gives; anything else is read as UTF-8. */
const CHARSETS: readonly string[] = ['utf-8', 'utf8', 'us-ascii', 'iso-8859-1', 'latin1', 'windows-1252', 'utf-16le'];

/** Calls public web addresses, and private ones that the operator lists. */
@Injectable()
export class HttpExecutor extends Executor {
  override readonly types = ['http.request'];
  readonly #allowedHosts: readonly string[];

  constructor(config: Config) {
    super();
    this.#allowedHosts = config.allowedHosts;
  }

  async execute(permit: Permit, { signal }: ExecutionContext): Promise<JsonObject> {
    const params = HttpRequestParams.parse(permit.take().params);
    if (params.connection !== undefined) {
      throw new AppError(
        'unavailable',
        `The connection \`${params.connection}\` cannot be used: this release has no connections yet. Leave \`connection\` out.`,
      );
    }
    const body = params.json === undefined ? params.body : JSON.stringify(params.json);
    const response = await fetchGuarded({
      url: toUrl(params),
      method: params.method ?? 'GET',
      headers: toHeaders(params),
      ...(body === undefined ? {} : { body }),
      maxBytes: params.maxBytes ?? DEFAULT_MAX_BYTES,
      timeoutMs: LAST_RESORT_MS,
      signal,
      allowedHosts: this.#allowedHosts,
    });
    return toOutput(response);
  }
}

function toUrl({ url, query }: HttpRequestParams): string {
  if (query === undefined || !URL.canParse(url)) return url;
  const full = new URL(url);
  for (const [name, value] of Object.entries(query)) full.searchParams.append(name, String(value));
  return full.href;
}

function toHeaders({ headers = {}, json }: HttpRequestParams): Record<string, string> {
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return json === undefined || hasType ? headers : { ...headers, 'content-type': 'application/json' };
}

function toOutput({ status, headers, body }: OutboundResponse): JsonObject {
  const [type = '', ...rest] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset =
    rest
      .find((part) => part.startsWith('charset='))
      ?.slice('charset='.length)
      .replaceAll('"', '') ?? 'utf-8';
  const text = new TextDecoder(CHARSETS.includes(charset) ? charset : 'utf-8').decode(body);
  const json = /^application\/([\w.+-]+\+)?json$|^text\/json$/.test(type) ? parseJson(text) : undefined;
  return { status, headers, text, ...(json === undefined ? {} : { json }) };
}

/** A body that only claims to be JSON is still there as text. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
