import { Module, type DynamicModule } from '@nestjs/common';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { HeartbeatPublisher } from '@jeroboam/platform/membership/heartbeat-publisher';
import { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import { Lifecycle } from './cluster-lifecycle/lifecycle.js';
import { HealthWatch } from './health/health-watch.js';
import { CadfReactor } from './notifications/cadf.reactor.js';
import { Reports } from './reports.js';

/** What runs in the conductor: each part starts and stops with the application. */
export interface ConductorParts {
  readonly readModel: ReadModel;
  readonly tracker: HeartbeatTracker;
  readonly reports: Reports;
  readonly publisher: HeartbeatPublisher;
  readonly lifecycle: Lifecycle;
  readonly healthWatch: HealthWatch;
  readonly notifications: CadfReactor;
}

@Module({})
export class ConductorModule {
  static of(parts: ConductorParts): DynamicModule {
    return {
      module: ConductorModule,
      providers: [
        { provide: ReadModel, useValue: parts.readModel },
        { provide: HeartbeatTracker, useValue: parts.tracker },
        { provide: Reports, useValue: parts.reports },
        { provide: HeartbeatPublisher, useValue: parts.publisher },
        { provide: Lifecycle, useValue: parts.lifecycle },
        { provide: HealthWatch, useValue: parts.healthWatch },
        { provide: CadfReactor, useValue: parts.notifications },
      ],
    };
  }
}
