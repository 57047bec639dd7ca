import { Controller, Get, HttpException, HttpStatus } from '@nestjs/common';
import { Database } from '../db/index.ts';

const ASK_MS = 2_000;

/** Whether this process lives, and whether calls are served. */
@Controller('health')
export class HealthController {
  readonly #db: Database;
  #closing = false;

  constructor(db: Database) {
    this.#db = db;
  }

  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 while the database does not answer within two seconds, and from the moment the process is asked to end. */
  @Get('ready')
  async ready(): Promise<{ status: string }> {
    if (this.#closing || !(await this.#answers())) {
      throw new HttpException(
        { code: 'unavailable', message: 'Calls are not served now. Try again shortly.' },
        HttpStatus.SERVICE_UNAVAILABLE,
      );
    }
    return { status: 'ok' };
  }

  beforeApplicationShutdown(): void {
    this.#closing = true;
  }

  async #answers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ASK_MS);
    });
    const asked = this.#db.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([asked, late]).finally(() => clearTimeout(timer));
  }
}
