import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Cloud, TokenContext } from '../cloud.js';
import {
  flag,
  given,
  isObject,
  list,
  object,
  text,
  textMap,
  texts,
  type Json,
} from '../http/fields.js';
import { page, param, queryOf, type Query } from '../query.js';
import { badRequest, notFound } from './errors.js';
import { minorOf } from './microversion.js';
import { serverBrief, serverShown } from './server.shown.js';
import type { Server, ServerRequest } from './types.js';

/** The server when it is the caller's. */
export const ownServer = (cloud: Cloud, request: FastifyRequest): Server => {
  const id = param(request, 'id');
  const server = cloud.nova.server(id);
  if (!mine(server, request.caller)) throw notFound(`Instance ${id} could not be found.`);
  return server;
};

const mine = (row: { readonly project_id: string }, caller: TokenContext): boolean =>
  caller.isAdmin || row.project_id === caller.projectId;

export const serverRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  readRoutes(app, cloud);
  writeRoutes(app, cloud);
  groupRoutes(app, cloud);
};

const readRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  for (const path of ['/v2.1/servers', '/v2.1/servers/detail'])
    app.get(path, (request) => {
      const query = queryOf(request);
      const rows = listed(cloud, request.caller, query).map((row) => nova.live(row));
      const paged = page(rows.filter((row) => chosen(row, query)).reverse(), query);
      if (!paged) throw badRequest(`marker [${query.marker ?? ''}] not found`);
      const detail = path.endsWith('detail');
      const minor = minorOf(request);
      return {
        servers: paged.map((row) =>
          detail ? serverShown(cloud, row, minor) : serverBrief(cloud, row),
        ),
      };
    });
  app.get('/v2.1/servers/:id', (request) => ({
    server: serverShown(cloud, ownServer(cloud, request), minorOf(request)),
  }));
};

const listed = ({ nova }: Cloud, caller: TokenContext, query: Query): readonly Server[] => {
  const everywhere = caller.isAdmin && /^(1|true)?$/i.test(query.all_tenants ?? 'no');
  if (!everywhere) return nova.servers.where('project_id', caller.projectId);
  const project = query.project_id ?? query.tenant_id;
  return project === undefined ? nova.servers.all() : nova.servers.where('project_id', project);
};

const chosen = (row: Server, query: Query): boolean => {
  const { name = row.name, status = row.status, flavor = row.flavor_id, image } = query;
  return (
    row.name.includes(name) &&
    row.status === status.toUpperCase() &&
    row.flavor_id === flavor &&
    row.image_id === (image ?? row.image_id)
  );
};

const toRequest = (body: unknown): ServerRequest => {
  const wish = object(body, 'server');
  const { name, flavorRef, imageRef } = given(wish, ['name', 'flavorRef', 'imageRef']);
  if (!name || !flavorRef)
    throw badRequest(
      "Invalid input for field/attribute server. 'name' and 'flavorRef' are required properties",
    );
  const { group } = given(object(body, 'os:scheduler_hints'), ['group']);
  return {
    name,
    flavorRef: lastOf(flavorRef),
    ...(imageRef ? { imageRef: lastOf(imageRef) } : {}),
    key_name: text(wish, 'key_name', null),
    networks: networksOf(wish),
    metadata: textMap(wish, 'metadata'),
    user_data: text(wish, 'user_data', null),
    config_drive: flag(wish, 'config_drive', false),
    availability_zone: text(wish, 'availability_zone', 'nova'),
    block_device_mapping_v2: list(wish, 'block_device_mapping_v2').filter(isObject),
    ...groupsOf(wish),
    ...(group === undefined ? {} : { server_group_id: group }),
  };
};

/** References may be URLs that end in the id. */
const lastOf = (ref: string): string => ref.split('/').at(-1) ?? ref;

const networksOf = (wish: Json): NonNullable<ServerRequest['networks']> =>
  wish.networks === 'auto' || wish.networks === 'none'
    ? wish.networks
    : list(wish, 'networks')
        .filter(isObject)
        .map((item) => given(item, ['uuid', 'port', 'fixed_ip']));

const groupsOf = (wish: Json): Pick<ServerRequest, 'security_groups'> =>
  wish.security_groups === undefined
    ? {}
    : {
        security_groups: list(wish, 'security_groups').map((item) => ({
          name: text(item, 'name', ''),
        })),
      };

const writeRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  app.post('/v2.1/servers', (request, reply) => {
    const server = nova.createServer(request.caller, toRequest(request.body));
    return reply.code(202).send({
      server: {
        id: server.id,
        links: serverBrief(cloud, server).links,
        'OS-DCF:diskConfig': 'MANUAL',
        security_groups: server.security_groups.map((id) => ({ name: id })),
        adminPass: 'none',
      },
    });
  });
  app.put('/v2.1/servers/:id', (request) => {
    const name = text(object(request.body, 'server'), 'name');
    const { id } = ownServer(cloud, request);
    const server = nova.updateServer(id, name === undefined ? {} : { name });
    return { server: serverShown(cloud, server, minorOf(request)) };
  });
  app.delete('/v2.1/servers/:id', (request, reply) => {
    nova.deleteServer(ownServer(cloud, request).id);
    return reply.code(204).send();
  });
  app.post('/v2.1/servers/:id/metadata', (request) => {
    const server = ownServer(cloud, request);
    const metadata = { ...server.metadata, ...textMap(request.body, 'metadata') };
    return { metadata: nova.updateServer(server.id, { metadata }).metadata };
  });
};

const groupRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { nova } = cloud;
  const shown = (id: string, minor: number): object => {
    const { policies, ...row } = nova.serverGroup(id);
    const members = nova.servers.where('server_group_id', id).map((server) => server.id);
    const rules = minor >= 64 ? { policy: policies[0], rules: {} } : { policies, metadata: {} };
    return { ...row, ...rules, members };
  };
  app.get('/v2.1/os-server-groups', (request) => ({
    server_groups: nova.serverGroups
      .filter((row) => mine(row, request.caller))
      .map((row) => shown(row.id, minorOf(request))),
  }));
  app.get('/v2.1/os-server-groups/:id', (request) => ({
    server_group: shown(param(request, 'id'), minorOf(request)),
  }));
  app.post('/v2.1/os-server-groups', (request) => {
    const wish = object(request.body, 'server_group');
    const policy = text(wish, 'policy');
    const row = nova.createServerGroup(request.caller, {
      name: text(wish, 'name', ''),
      policies: policy === undefined ? texts(wish, 'policies') : [policy],
    });
    return { server_group: shown(row.id, minorOf(request)) };
  });
  app.delete('/v2.1/os-server-groups/:id', (request, reply) => {
    nova.deleteServerGroup(param(request, 'id'));
    return reply.code(204).send();
  });
};
