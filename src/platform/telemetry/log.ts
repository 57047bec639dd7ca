import { pino, type Logger } from 'pino';
import type { LogLevel } from './levels.ts';

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
