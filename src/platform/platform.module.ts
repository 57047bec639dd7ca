import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Analysis } from './analysis/index.ts';
import { SlackClient } from './chat/index.ts';
import { Config } from './config/index.ts';
import { Database } from './db/index.ts';
import { Inspection } from './inspect/index.ts';
import { Mailer } from './mail/index.ts';
import { Log } from './telemetry/log.ts';

/** What was opened before the modules: everything else is injected from here. */
export interface Opened {
  readonly config: Config;
  readonly log: Log;
  readonly database: Database;
}

@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #analysis: Analysis;
  readonly #inspection: Inspection;

  constructor(database: Database, analysis: Analysis, inspection: Inspection) {
    this.#database = database;
    this.#analysis = analysis;
    this.#inspection = inspection;
  }

  static with({ config, log, database }: Opened): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: Config, useValue: config },
        { provide: Log, useValue: log },
        { provide: Database, useValue: database },
        { provide: Mailer, useFactory: () => new Mailer(config) },
        { provide: SlackClient, useFactory: () => new SlackClient(config) },
        { provide: Analysis, useFactory: () => new Analysis() },
        { provide: Inspection, useFactory: () => new Inspection() },
      ],
      exports: [Config, Log, Database, Mailer, SlackClient, Analysis, Inspection],
    };
  }

  /** Last of all: whoever uses the database has let go of it in an earlier hook. */
  async onApplicationShutdown(): Promise<void> {
    await this.#analysis.close();
    await this.#inspection.close();
    await this.#database.close();
  }
}
