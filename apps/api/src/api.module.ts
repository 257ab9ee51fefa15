import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import { Health } from '@jeroboam/platform/health/health';
import { Log } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { disablingFile, HealthController } from './discovery/health.controller.js';
import { apiDocument, OpenApiController } from './discovery/openapi.controller.js';
import { Admission } from './http/edge/admission.js';
import { openApiDocument } from './http/openapi/document.js';
import { Policy } from './http/policy/policy.js';
import { edgeSettings, type EdgeSettings } from './http/settings.js';

/** What the module is put together from. */
export interface ApiParts {
  readonly settings: EdgeSettings;
  readonly disablingFile: string;
  readonly keystone: Pick<Keystone, 'validate'>;
  readonly policy: Policy;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Everything that answers requests. */
export const controllers: Type[] = [DiscoveryController, HealthController, OpenApiController];

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
        { provide: Admission, useValue: new Admission(parts.keystone, parts.settings) },
        { provide: Policy, useValue: parts.policy },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: Log, useValue: parts.log },
      ],
    };
  }
}
