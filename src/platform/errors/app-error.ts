import type { JsonObject } from '../../kernel/json.ts';
import type { ErrorCode } from './registry.ts';

/** A failure with a code of the registry. The message says what happened, why, and the way out; it never holds a secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: JsonObject | undefined;

  constructor(code: ErrorCode, message: string, details?: JsonObject, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}
