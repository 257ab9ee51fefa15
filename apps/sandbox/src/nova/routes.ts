import type { FastifyInstance } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { param } from '../query.js';
import { bareMicros } from '../time.js';
import { forbidden } from './errors.js';
import { flavorRoutes } from './flavor.routes.js';
import { keypairRoutes } from './keypair.routes.js';
import { LATEST, negotiate } from './microversion.js';
import { serverActions } from './server.actions.js';
import { serverRoutes } from './server.routes.js';

/** Nova 2.1 to 2.93, under `/compute`. */
export const novaRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  negotiate(app);
  versions(app, cloud);
  flavorRoutes(app, cloud);
  keypairRoutes(app, cloud);
  serverRoutes(app, cloud);
  serverActions(app, cloud);
  aboutTheCloud(app, cloud);
};

const versions = (app: FastifyInstance, { settings }: Cloud): void => {
  const version = (): object => ({
    id: 'v2.1',
    status: 'CURRENT',
    version: `2.${LATEST}`,
    min_version: '2.1',
    updated: '2013-07-23T11:33:21Z',
    links: [{ rel: 'self', href: `${settings.baseUrl}/compute/v2.1/` }],
    'media-types': [
      { base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' },
    ],
  });
  app.get('/', PUBLIC, () => ({ versions: [version()] }));
  app.get('/v2.1', PUBLIC, () => ({ version: version() }));
};

const UNLIMITED = {
  maxTotalInstances: -1,
  maxTotalCores: -1,
  maxTotalRAMSize: -1,
  maxTotalKeypairs: 100,
  maxServerMeta: 128,
  maxServerGroups: 10,
  maxServerGroupMembers: 10,
};

const QUOTA = {
  instances: -1,
  cores: -1,
  ram: -1,
  key_pairs: 100,
  metadata_items: 128,
  server_groups: 10,
  server_group_members: 10,
};

const serviceShown = (binary: string, index: number): object => ({
  id: index + 1,
  binary,
  host: 'sandbox',
  zone: binary === 'nova-compute' ? 'nova' : 'internal',
  status: 'enabled',
  state: 'up',
  updated_at: bareMicros(),
  disabled_reason: null,
  forced_down: false,
});

const aboutTheCloud = (app: FastifyInstance, { nova }: Cloud): void => {
  app.get('/v2.1/limits', ({ caller }) => {
    const servers = nova.servers.where('project_id', caller.projectId);
    const flavors = servers.map((server) => nova.flavor(server.flavor_id));
    const used = {
      totalInstancesUsed: servers.length,
      totalCoresUsed: flavors.reduce((sum, flavor) => sum + flavor.vcpus, 0),
      totalRAMUsed: flavors.reduce((sum, flavor) => sum + flavor.ram, 0),
      totalServerGroupsUsed: nova.serverGroups.where('project_id', caller.projectId).length,
    };
    return { limits: { rate: [], absolute: { ...UNLIMITED, ...used } } };
  });
  for (const path of ['/v2.1/os-availability-zone', '/v2.1/os-availability-zone/detail'])
    app.get(path, () => ({
      availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true }, hosts: null }],
    }));
  app.get('/v2.1/os-quota-sets/:id', (request) => ({
    quota_set: { id: param(request, 'id'), ...QUOTA },
  }));
  app.get('/v2.1/os-services', ({ caller }) => {
    if (!caller.isAdmin) throw forbidden('os_compute_api:os-services:list');
    return { services: ['nova-conductor', 'nova-scheduler', 'nova-compute'].map(serviceShown) };
  });
  app.get('/v2.1/extensions', () => ({ extensions: [] }));
};
