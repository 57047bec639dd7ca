import { pino, type Logger } from 'pino';
import type { LogLevel } from './levels.ts';

const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(pass(?:word|wd)?|secret|token|api[_-]?key|authorization)(["']?\s*[=:]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s,;"'}]+/gi,
    '$1$2[cut]',
  ],
  [/(\w:\/\/)[^\s/@]+@/g, '$1[cut]@'],
];

/** An error's words come from anywhere: what looks like a secret in them is cut. */
export function cutSecrets(text: string): string {
  return SECRET_TEXTS.reduce((cut, [pattern, replacement]) => cut.replace(pattern, replacement), text);
}

function toLogged(error: unknown): object {
  if (!(error instanceof Error)) return { message: cutSecrets(String(error)) };
  const { name, stack = error.message, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return { type: name, ...code, stack: cutSecrets(stack), ...(cause === undefined ? {} : { cause: toLogged(cause) }) };
}

const SECRET_KEYS = ['password', 'token', 'secret', 'authorization', 'apiKey', 'cookie', 'params', 'headers'];

/** Structured log on stderr: stdout belongs to the protocol. Keys that may hold a secret are cut before writing. */
export class Log {
  readonly #pino: Logger;

  constructor(level: LogLevel) {
    this.#pino = pino(
      {
        level,
        base: { pid: process.pid },
        timestamp: pino.stdTimeFunctions.isoTime,
        serializers: {
          err: toLogged,
          error: (error: unknown) => (typeof error === 'string' ? cutSecrets(error) : toLogged(error)),
        },
        redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[cut]' },
      },
      pino.destination({ dest: 2, sync: true }),
    );
  }

  debug(details: object, message: string): void {
    this.#pino.debug(details, message);
  }

  info(details: object, message: string): void {
    this.#pino.info(details, message);
  }

  warn(details: object, message: string): void {
    this.#pino.warn(details, message);
  }

  error(details: object, message: string): void {
    this.#pino.error(details, message);
  }
}
