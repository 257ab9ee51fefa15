import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { numeric, object, text, textMap } from '../http/fields.js';
import { badRequest, notFound } from '../nova/errors.js';
import { matchesFields, page, param, queryOf } from '../query.js';
import type { Volume, VolumeType } from './types.js';

/** Cinder v3, under `/volume`; the project is part of every path. */
export const cinderRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  versions(app, cloud);
  typeRoutes(app, cloud);
  readRoutes(app, cloud);
  writeRoutes(app, cloud);
  limitRoutes(app, cloud);
};

const typeShown = (row: VolumeType): object => ({
  ...row,
  'os-volume-type-access:is_public': row.is_public,
  qos_specs_id: null,
});

const volumeShown = ({ settings }: Cloud, row: Volume): object => {
  const { image_id, ...rest } = row;
  return {
    ...rest,
    ready_at: undefined,
    updated_at: null,
    bootable: image_id === null ? 'false' : 'true',
    encrypted: false,
    multiattach: false,
    consistencygroup_id: null,
    source_volid: null,
    snapshot_id: null,
    replication_status: null,
    'os-vol-tenant-attr:tenant_id': row.project_id,
    links: [
      { rel: 'self', href: `${settings.baseUrl}/volume/v3/${row.project_id}/volumes/${row.id}` },
    ],
  };
};

const typeRoutes = (app: FastifyInstance, { cinder }: Cloud): void => {
  app.get('/v3/:project/types', (request) => {
    // Administrators too are shown the public ones, unless they say that it does not matter.
    const isAll = request.caller.isAdmin && /^none$/i.test(queryOf(request).is_public ?? '');
    return { volume_types: cinder.types.filter((row) => isAll || row.is_public).map(typeShown) };
  });
  app.get('/v3/:project/types/:id', (request) => {
    const id = param(request, 'id');
    const row = id === 'default' ? cinder.types.all()[0] : cinder.types.get(id);
    if (!row) throw notFound(`Volume type ${id} could not be found.`);
    return { volume_type: typeShown(row) };
  });
};

/** The volume when it is the caller's. */
const own = ({ cinder }: Cloud, request: FastifyRequest): Volume => {
  const id = param(request, 'id');
  const volume = cinder.volume(id);
  const { caller } = request;
  if (volume.project_id !== caller.projectId && !caller.isAdmin)
    throw notFound(`Volume ${id} could not be found.`);
  return volume;
};

const readRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { cinder } = cloud;
  for (const path of ['/v3/:project/volumes', '/v3/:project/volumes/detail'])
    app.get(path, (request) => {
      const query = queryOf(request);
      const { caller } = request;
      const all = caller.isAdmin && /^(1|true)$/i.test(query.all_tenants ?? '');
      const mine = all
        ? cinder.volumes.all()
        : cinder.volumes.where('project_id', caller.projectId);
      const rows = mine
        .map((row) => cinder.live(row))
        .filter((row) => matchesFields(row, query, ['name', 'status', 'id']));
      const paged = page(rows.reverse(), query);
      if (!paged) throw badRequest(`marker [${query.marker ?? ''}] not found`);
      return { volumes: paged.map((row) => volumeShown(cloud, row)) };
    });
  app.get('/v3/:project/volumes/:id', (request) => ({
    volume: volumeShown(cloud, own(cloud, request)),
  }));
  for (const path of ['/v3/:project/snapshots', '/v3/:project/snapshots/detail'])
    app.get(path, () => ({ snapshots: [] }));
};

const writeRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { cinder } = cloud;
  app.post('/v3/:project/volumes', (request, reply) => {
    const wish = object(request.body, 'volume');
    const volume = cinder.createVolume(request.caller, {
      name: text(wish, 'name', null),
      description: text(wish, 'description', null),
      size: numeric(wish, 'size', 0),
      volume_type: text(wish, 'volume_type', null),
      availability_zone: text(wish, 'availability_zone', null),
      metadata: textMap(wish, 'metadata'),
      imageRef: text(wish, 'imageRef', null),
    });
    return reply.code(202).send({ volume: volumeShown(cloud, cinder.live(volume)) });
  });
  app.post('/v3/:project/volumes/:id/action', (request, reply) => {
    const extend = object(request.body, 'os-extend');
    const size = numeric(extend, 'new_size');
    if (size === undefined) throw badRequest('There is no such action.');
    cinder.extendVolume(own(cloud, request).id, size);
    return reply.code(202).send();
  });
  app.delete('/v3/:project/volumes/:id', (request, reply) => {
    cinder.deleteVolume(own(cloud, request).id);
    return reply.code(202).send();
  });
};

const limitRoutes = (app: FastifyInstance, { cinder }: Cloud): void => {
  app.get('/v3/:project/limits', ({ caller }) => {
    const volumes = cinder.volumes.where('project_id', caller.projectId);
    return {
      limits: {
        rate: [],
        absolute: {
          maxTotalVolumes: -1,
          maxTotalVolumeGigabytes: -1,
          totalVolumesUsed: volumes.length,
          totalGigabytesUsed: volumes.reduce((sum, row) => sum + row.size, 0),
        },
      },
    };
  });
  app.get('/v3/:project/os-quota-sets/:id', (request) => ({
    quota_set: { id: param(request, 'id'), volumes: -1, gigabytes: -1, snapshots: -1, backups: -1 },
  }));
  app.get('/v3/:project/os-availability-zone', () => ({
    availabilityZoneInfo: [{ zoneName: 'nova', zoneState: { available: true } }],
  }));
  app.get('/v3/:project/extensions', () => ({ extensions: [] }));
};

const versions = (app: FastifyInstance, { settings }: Cloud): void => {
  const list = (): object => ({
    versions: [
      {
        id: 'v3.0',
        status: 'CURRENT',
        version: '3.70',
        min_version: '3.0',
        updated: '2022-08-31T00:00:00Z',
        links: [{ rel: 'self', href: `${settings.baseUrl}/volume/v3/` }],
        'media-types': [
          { base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' },
        ],
      },
    ],
  });
  app.get('/', PUBLIC, (_request, reply) => reply.code(300).send(list()));
  app.get('/v3', PUBLIC, list);
};
