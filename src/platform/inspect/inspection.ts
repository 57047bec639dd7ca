import type { JsonObject } from '../../kernel/json.ts';
import { Analysis } from '../analysis/index.ts';
import { AppError } from '../errors/index.ts';
import { UNREAD_SHELL, UNREAD_SQL, type InspectAnswer, type InspectRequest } from './model.ts';

/** Content up to this many characters is scanned in this process; more of it would hold up other calls. */
const SMALL = 32_768;
const BASE_TIMEOUT_MS = 2_000;
const TIMEOUT_MS_PER_MB = 1_500;
/** Nothing larger is handed over; what is scanned is bounded by the scan itself. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Reads what an action or its result holds. Programs and statements are parsed, and large content is scanned, in a child process of its
 * own with a deadline: other data work never makes a decision wait. An analyser that fails is said in `errors`; it is never a silence.
 */
export class Inspection {
  readonly #analysis: Analysis;

  constructor(analysis: Analysis = new Analysis()) {
    this.#analysis = analysis;
  }

  async inspect(request: InspectRequest): Promise<InspectAnswer> {
    const characters = countCharacters(request.value);
    if (request.sql === undefined && request.code === undefined && characters <= SMALL) {
      // Loaded with the first action that has content: a start does not wait for patterns.
      const { scanValue } = await import('./scan.ts');
      return { ...scanValue(request.value), errors: [] };
    }
    if (characters > MAX_CHARACTERS) return toUnread(request, [], true);
    const timeoutMs = BASE_TIMEOUT_MS + Math.ceil((characters / 1_000_000) * TIMEOUT_MS_PER_MB);
    try {
      return await this.#ask(request, timeoutMs);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return toUnread(request, [`inspection: ${error.message}`], false);
    }
  }

  /** A child that earlier work has filled may die of it: a new one is asked once more. */
  async #ask(request: InspectRequest, timeoutMs: number): Promise<InspectAnswer> {
    const ask = async (): Promise<InspectAnswer> => {
      const answer = await this.#analysis.run({ kind: 'inspect', request }, { timeoutMs });
      return answer as JsonObject & InspectAnswer;
    };
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'analysis_failed' || error.message.includes('took longer'))
        throw error;
      return ask();
    }
  }

  /** The same for few small requests that come again and again; its child is that of this one. */
  withMemory(): Inspection {
    return new RememberingInspection(this, this.#analysis);
  }

  /** Process id of the child, if one is running. */
  get pid(): number | undefined {
    return this.#analysis.pid;
  }

  close(): Promise<void> {
    return this.#analysis.close();
  }
}

const MAX_REMEMBERED = 400;
const MAX_REMEMBERED_LENGTH = 4_096;

/** Remembers answers to small requests: an answer depends on nothing but its request. */
class RememberingInspection extends Inspection {
  readonly #answers = new Map<string, InspectAnswer>();
  readonly #source: Inspection;

  constructor(source: Inspection, analysis: Analysis) {
    super(analysis);
    this.#source = source;
  }

  override async inspect(request: InspectRequest): Promise<InspectAnswer> {
    const id = JSON.stringify(request);
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = await this.#source.inspect(request);
    // A failure is no answer to keep.
    if (answer.errors.length > 0 || id.length > MAX_REMEMBERED_LENGTH) return answer;
    if (this.#answers.size >= MAX_REMEMBERED) this.#answers.clear();
    this.#answers.set(id, answer);
    return answer;
  }
}

/** What was not looked at may hold anything. */
function toUnread(request: InspectRequest, errors: readonly string[], truncated: boolean): InspectAnswer {
  return {
    findings: [],
    fieldClasses: [],
    fields: [],
    records: 0,
    ...(request.sql === undefined ? {} : { sql: UNREAD_SQL }),
    ...(request.code === undefined ? {} : { shell: UNREAD_SHELL }),
    truncated,
    unreadable: false,
    obfuscated: false,
    errors,
  };
}

/** UTF-16 units of all texts and keys; stops counting where it is enough to know. */
function countCharacters(top: unknown): number {
  const seen = new Set<object>();
  const open: unknown[] = [top];
  let count = 0;
  while (open.length > 0 && count <= MAX_CHARACTERS) {
    const value = open.pop();
    if (typeof value === 'string') count += value.length;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      count += value.length;
      for (const each of value as unknown[]) open.push(each);
      continue;
    }
    for (const [key, each] of Object.entries(value)) {
      count += key.length + 1;
      open.push(each);
    }
  }
  return count;
}
