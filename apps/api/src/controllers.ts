import type { Type } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
import { BaymodelsController } from './baymodels/baymodels.controller.js';
import { BaysController } from './bays/bays.controller.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { ClusterActionsController } from './clusters/actions.controller.js';
import { ClustersController } from './clusters/clusters.controller.js';
import { ClusterTemplatesController } from './clustertemplates/clustertemplates.controller.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { DiscoveryController } from './discovery/discovery.controller.js';
import { HealthController } from './discovery/health.controller.js';
import { OpenApiController } from './discovery/openapi.controller.js';
import { FederationsController } from './federations/federations.controller.js';
import { EventsController } from './history/events.controller.js';
import { NodegroupsController } from './nodegroups/nodegroups.controller.js';
import { QuotasController } from './quotas/quotas.controller.js';
import { ServicesController } from './services/mservices.controller.js';
import { StatsController } from './services/stats.controller.js';

/** Everything that answers requests. */
export const controllers: Type[] = [
  DiscoveryController,
  HealthController,
  OpenApiController,
  ClusterTemplatesController,
  ClustersController,
  ClusterActionsController,
  EventsController,
  AccessController,
  NodegroupsController,
  CertificatesController,
  CredentialsController,
  QuotasController,
  ServicesController,
  StatsController,
  FederationsController,
  BaymodelsController,
  BaysController,
];
