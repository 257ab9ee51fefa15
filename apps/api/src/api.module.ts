import { Module, type DynamicModule } from '@nestjs/common';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import { Health } from '@jeroboam/platform/health/health';
import { Log } from '@jeroboam/platform/logging/log';
import type { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { controllers } from './controllers.js';
import { disablingFile } from './discovery/health.controller.js';
import { apiDocument } from './discovery/openapi.controller.js';
import { Admission } from './http/edge/admission.js';
import { openApiDocument } from './http/openapi/document.js';
import { edgeSettings, type EdgeSettings } from './http/settings.js';
import { resourceParts, type ResourceParts } from './resource-parts.js';

/** What the module is put together from. */
export interface ApiParts {
  readonly settings: EdgeSettings;
  readonly disablingFile: string;
  readonly keystone: Pick<Keystone, 'validate'>;
  readonly resources: ResourceParts;
  readonly freshness: Pick<FreshReads, 'ready'>;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The one place where controllers and what they use are brought together. */
@Module({})
export class ApiModule {
  static of(parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers,
      providers: [
        { provide: edgeSettings, useValue: parts.settings },
        { provide: apiDocument, useFactory: () => openApiDocument(controllers) },
        { provide: disablingFile, useValue: parts.disablingFile },
        {
          provide: Admission,
          useValue: new Admission(parts.keystone, parts.settings, parts.freshness),
        },
        { provide: resourceParts, useValue: parts.resources },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: Log, useValue: parts.log },
      ],
    };
  }
}
