import { Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '@jeroboam/platform/ids/clock';
import { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { StatsController } from './queries/stats.controller.js';

/** What runs in the service; the read model starts and stops with it. */
export interface StatsParts {
  readonly readModel: ReadModel;
  readonly fresh: FreshReads;
  readonly rows: SqliteRowStore;
  readonly clock: Clock;
}

@Module({})
export class StatsModule {
  static of(parts: StatsParts): DynamicModule {
    return {
      module: StatsModule,
      controllers: [StatsController],
      providers: [
        { provide: ReadModel, useValue: parts.readModel },
        { provide: FreshReads, useValue: parts.fresh },
        { provide: SqliteRowStore, useValue: parts.rows },
        { provide: Clock, useValue: parts.clock },
      ],
    };
  }
}
