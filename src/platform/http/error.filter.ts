import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { AppError, ERRORS } from '../errors/index.ts';
import type { Log } from '../telemetry/log.ts';

interface Answer {
  readonly status: number;
  readonly body: { readonly code: string; readonly message: string };
}

/** Every error as `{code, message}`; what nobody expected goes to the log and leaves only a reference in the answer. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ServerResponse>();
    if (response.headersSent) return void response.end();
    const { status, body } = this.#toAnswer(error);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  #toAnswer(error: unknown): Answer {
    if (error instanceof AppError && error.code !== 'internal') {
      return { status: ERRORS[error.code].status, body: { code: error.code, message: error.message } };
    }
    if (error instanceof HttpException) return fromNest(error);
    const reference = randomUUID().slice(0, 8);
    this.#log.error({ reference, err: error }, 'unexpected error');
    const message = `Something went wrong inside AgentOS (reference ${reference}); the log has the cause.`;
    return { status: ERRORS.internal.status, body: { code: 'internal', message } };
  }
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_input',
  404: 'not_found',
  413: 'too_large',
  503: 'unavailable',
};

function fromNest(error: HttpException): Answer {
  const status = error.getStatus();
  return {
    status,
    body: { code: CODES[status] ?? (status < 500 ? 'invalid_input' : 'internal'), message: error.message },
  };
}
