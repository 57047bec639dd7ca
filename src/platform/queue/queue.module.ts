import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Config } from '../config/index.ts';
import { Database } from '../db/index.ts';
import { Log } from '../telemetry/log.ts';
import { JobHandlers } from './job.ts';
import { Outbox } from './outbox.ts';
import { QueueHost } from './queue-host.ts';
import { Schedulers } from './schedulers.ts';
import { Sweeper } from './sweeper.ts';

/** Whether this process takes jobs and sweeps; one that does not still hands work over. */
const WORKS = Symbol('works');

/** The queue opens after the application answers: its packages are the heaviest to load. */
const OPEN_AFTER_MS = 500;

@Global()
@Module({
  providers: [
    JobHandlers,
    {
      provide: QueueHost,
      inject: [Database, Config, Log, JobHandlers, WORKS],
      useFactory: (db: Database, config: Config, log: Log, handlers: JobHandlers, works: boolean) =>
        new QueueHost(db, config.redisUrl, log, handlers, undefined, works),
    },
    {
      provide: Outbox,
      inject: [Database, QueueHost, Log],
      useFactory: (db: Database, host: QueueHost, log: Log) => new Outbox(db, host, log),
    },
    { provide: Schedulers, inject: [QueueHost], useFactory: (host: QueueHost) => new Schedulers(host) },
    { provide: Sweeper, inject: [Log], useFactory: (log: Log) => new Sweeper(log) },
  ],
  exports: [JobHandlers, Outbox, Schedulers, Sweeper],
})
export class QueueModule implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #handlers: JobHandlers;
  readonly #host: QueueHost;
  readonly #outbox: Outbox;
  readonly #sweeper: Sweeper;
  readonly #works: boolean;
  #opening: NodeJS.Timeout | undefined;

  constructor(handlers: JobHandlers, host: QueueHost, outbox: Outbox, sweeper: Sweeper, @Inject(WORKS) works: boolean) {
    this.#handlers = handlers;
    this.#host = host;
    this.#outbox = outbox;
    this.#sweeper = sweeper;
    this.#works = works;
  }

  static with({ works }: { readonly works: boolean }): DynamicModule {
    return { module: QueueModule, providers: [{ provide: WORKS, useValue: works }] };
  }

  onApplicationBootstrap(): void {
    this.#handlers.requireComplete();
    this.#sweeper.add('outbox', () => this.#outbox.relay());
    this.#opening = setTimeout(() => this.#host.start(), OPEN_AFTER_MS).unref();
    if (this.#works) this.#sweeper.start();
  }

  /** First of all: work in hand still needs everything else. */
  async onModuleDestroy(): Promise<void> {
    clearTimeout(this.#opening);
    await this.#sweeper.close();
    await this.#host.close();
  }
}
