import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { flag, numeric, object, text, type Json } from '../http/fields.js';
import { page, param, queryOf } from '../query.js';
import { badRequest, conflict, forbidden, notFound } from './errors.js';
import { minorOf } from './microversion.js';
import type { Flavor } from './types.js';

export const flavorRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  readRoutes(app, cloud);
  writeRoutes(app, cloud);
};

const links = (cloud: Cloud, id: string): readonly object[] => [
  { rel: 'self', href: `${cloud.settings.baseUrl}/compute/v2.1/flavors/${id}` },
  { rel: 'bookmark', href: `${cloud.settings.baseUrl}/compute/flavors/${id}` },
];

const shown = (cloud: Cloud, row: Flavor, minor: number): object => ({
  id: row.id,
  name: row.name,
  vcpus: row.vcpus,
  ram: row.ram,
  disk: row.disk,
  swap: minor < 75 && row.swap === 0 ? '' : row.swap,
  'OS-FLV-EXT-DATA:ephemeral': row.ephemeral,
  'OS-FLV-DISABLED:disabled': false,
  'os-flavor-access:is_public': row.is_public,
  rxtx_factor: 1,
  links: links(cloud, row.id),
  ...(minor >= 55 ? { description: null } : {}),
  ...(minor >= 61 ? { extra_specs: row.extra_specs } : {}),
});

const readRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  const byId = (id: string): Flavor => {
    const found = nova.flavors.get(id);
    if (!found) throw notFound(`Flavor ${id} could not be found.`);
    return found;
  };

  for (const path of ['/v2.1/flavors', '/v2.1/flavors/detail'])
    app.get(path, (request) => {
      const query = queryOf(request);
      const rows = nova.flavors
        .filter((row) => row.is_public || request.caller.isAdmin)
        .filter((row) => row.ram >= Number(query.minRam ?? 0))
        .filter((row) => row.disk >= Number(query.minDisk ?? 0));
      const paged = page(rows, query);
      if (!paged) throw badRequest(`Marker could not be found: ${query.marker ?? ''}`);
      const detail = path.endsWith('detail');
      return {
        flavors: paged.map((row) =>
          detail
            ? shown(cloud, row, minorOf(request))
            : { id: row.id, name: row.name, links: links(cloud, row.id) },
        ),
      };
    });
  app.get('/v2.1/flavors/:id', (request) => ({
    flavor: shown(cloud, byId(param(request, 'id')), minorOf(request)),
  }));
  app.get('/v2.1/flavors/:id/os-extra_specs', (request) => ({
    extra_specs: byId(param(request, 'id')).extra_specs,
  }));
};

const writeRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  app.post('/v2.1/flavors', (request) => {
    if (!request.caller.isAdmin) throw forbidden('os_compute_api:os-flavor-manage:create');
    const wish = toFlavor(object(request.body, 'flavor'));
    if (nova.flavors.where('name', wish.name).length > 0)
      throw conflict(`Flavor with name ${wish.name} already exists.`);
    const row = nova.flavors.put(wish);
    return { flavor: shown(cloud, row, minorOf(request)) };
  });
  app.delete('/v2.1/flavors/:id', (request, reply) => {
    if (!request.caller.isAdmin) throw forbidden('os_compute_api:os-flavor-manage:delete');
    nova.flavors.delete(nova.flavor(param(request, 'id')).id);
    return reply.code(202).send();
  });
};

const toFlavor = (wish: Json): Flavor => {
  const sizes = {
    vcpus: numeric(wish, 'vcpus', -1),
    ram: numeric(wish, 'ram', -1),
    disk: numeric(wish, 'disk', -1),
  };
  const name = text(wish, 'name', '');
  if (name === '' || Object.values(sizes).some((size) => size < 0))
    throw badRequest(
      'Invalid input for field/attribute flavor. name, vcpus, ram and disk are required properties',
    );
  return {
    id: text(wish, 'id', randomUUID()),
    name,
    ...sizes,
    ephemeral: numeric(wish, 'OS-FLV-EXT-DATA:ephemeral', 0),
    swap: numeric(wish, 'swap', 0),
    is_public: flag(wish, 'os-flavor-access:is_public', true),
    extra_specs: {},
  };
};
