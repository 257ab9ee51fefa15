import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud, TokenContext } from '../cloud.js';
import { numeric, object, text, texts, type Json } from '../http/fields.js';
import { matchesFields, page, param, queryOf } from '../query.js';
import { badRequest, forbidden, notFound } from './errors.js';
import {
  healthMonitorShown,
  listenerShown,
  loadBalancerShown,
  memberShown,
  poolShown,
  statusTree,
} from './shown.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly project_id: string;
}

/** One kind of resource as Octavia's API offers it. */
interface Resource<T extends Row> {
  readonly key: string;
  readonly path: string;
  readonly list: (request: FastifyRequest) => readonly T[];
  readonly get: (id: string) => T;
  readonly shown: (row: T) => object;
  readonly create: (wish: Json, request: FastifyRequest) => T;
  readonly remove: (id: string, request: FastifyRequest) => void;
  readonly update: (row: T, wish: Json) => T;
}

/** Octavia v2, under `/load-balancer`. */
export const octaviaRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  versions(app, cloud);
  loadBalancers(app, cloud);
  listenersAndPools(app, cloud);
  membersAndMonitors(app, cloud);
};

const mayTouch = (row: Row, caller: TokenContext): boolean =>
  caller.isAdmin || row.project_id === caller.projectId;

const resource = <T extends Row>(app: FastifyInstance, kind: Resource<T>): void => {
  const path = `/v2.0/lbaas/${kind.path}`;
  const own = (request: FastifyRequest): T => {
    const row = kind.get(param(request, 'id'));
    if (!mayTouch(row, request.caller)) throw forbidden();
    return row;
  };
  app.get(path, (request) => {
    const query = queryOf(request);
    const names = ['id', 'name', 'project_id', 'loadbalancer_id', 'protocol', 'vip_address'];
    const rows = kind
      .list(request)
      .filter((row) => mayTouch(row, request.caller) && matchesFields(row, query, names));
    const paged = page(rows, query) ?? [];
    return { [`${kind.key}s`]: paged.map(kind.shown), [`${kind.key}s_links`]: [] };
  });
  app.get(`${path}/:id`, (request) => ({ [kind.key]: kind.shown(own(request)) }));
  app.post(path, (request, reply) => {
    const row = kind.create(object(request.body, kind.key), request);
    return reply.code(201).send({ [kind.key]: kind.shown(row) });
  });
  app.put(`${path}/:id`, (request) => {
    const row = kind.update(own(request), object(request.body, kind.key));
    return { [kind.key]: kind.shown(row) };
  });
  app.delete(`${path}/:id`, (request, reply) => {
    kind.remove(own(request).id, request);
    return reply.code(204).send();
  });
};

/** Text that must be there. */
const needed = (wish: Json, key: string): string => {
  const value = text(wish, key);
  if (!value)
    throw badRequest(
      `Invalid input for field/attribute ${key}. Value: 'None'. Mandatory field missing.`,
    );
  return value;
};

const port = (wish: Json): number => {
  const value = numeric(wish, 'protocol_port');
  if (value === undefined || value < 1 || value > 65_535)
    throw badRequest(
      `Invalid input for field/attribute protocol_port. Value: '${String(wish.protocol_port)}'. Value should be lower or equal to 65535`,
    );
  return value;
};

/** Only names and descriptions change in place. */
const renamed = (wish: Json): { readonly name?: string; readonly description?: string } => {
  const [name, description] = [text(wish, 'name'), text(wish, 'description')];
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
};

const loadBalancers = (app: FastifyInstance, cloud: Cloud): void => {
  const { octavia } = cloud;
  resource(app, {
    key: 'loadbalancer',
    path: 'loadbalancers',
    list: () => octavia.loadBalancers.all().map((row) => octavia.live(row)),
    get: (id) => octavia.loadBalancer(id),
    shown: (row) => loadBalancerShown(octavia, row),
    create: (wish, { caller }) =>
      octavia.createLoadBalancer(caller, {
        name: text(wish, 'name'),
        description: text(wish, 'description'),
        vip_subnet_id: text(wish, 'vip_subnet_id'),
        vip_network_id: text(wish, 'vip_network_id'),
        vip_address: text(wish, 'vip_address'),
        provider: text(wish, 'provider'),
        flavor_id: text(wish, 'flavor_id'),
        availability_zone: text(wish, 'availability_zone'),
        tags: texts(wish, 'tags'),
      }),
    update: (row, wish) => octavia.loadBalancers.patch(row, renamed(wish)),
    remove: (id, request) => {
      octavia.deleteLoadBalancer(id, /^true$/i.test(queryOf(request).cascade ?? ''));
    },
  });
  app.get('/v2.0/lbaas/loadbalancers/:id/status', (request) => {
    const row = octavia.loadBalancer(param(request, 'id'));
    if (!mayTouch(row, request.caller)) throw forbidden();
    return { statuses: { loadbalancer: statusTree(octavia, row) } };
  });
  app.get('/v2.0/lbaas/providers', () => ({
    providers: [{ name: 'amphora', description: 'The Octavia Amphora driver.' }],
    providers_links: [],
  }));
};

const listenersAndPools = (app: FastifyInstance, { octavia }: Cloud): void => {
  resource(app, {
    key: 'listener',
    path: 'listeners',
    list: () => octavia.listeners.all(),
    get: (id) => octavia.listener(id),
    shown: listenerShown,
    create: (wish) =>
      octavia.createListener({
        name: text(wish, 'name'),
        loadbalancer_id: needed(wish, 'loadbalancer_id'),
        protocol: needed(wish, 'protocol'),
        protocol_port: port(wish),
        default_pool_id: text(wish, 'default_pool_id'),
        connection_limit: numeric(wish, 'connection_limit'),
        allowed_cidrs: Array.isArray(wish.allowed_cidrs) ? texts(wish, 'allowed_cidrs') : undefined,
      }),
    update: (row, wish) => octavia.listeners.patch(row, renamed(wish)),
    remove: (id) => {
      octavia.deleteListener(id);
    },
  });
  resource(app, {
    key: 'pool',
    path: 'pools',
    list: () => octavia.pools.all(),
    get: (id) => octavia.pool(id),
    shown: (row) => poolShown(octavia, row),
    create: (wish) =>
      octavia.createPool({
        name: text(wish, 'name'),
        loadbalancer_id: text(wish, 'loadbalancer_id'),
        listener_id: text(wish, 'listener_id'),
        protocol: needed(wish, 'protocol'),
        lb_algorithm: needed(wish, 'lb_algorithm'),
      }),
    update: (row, wish) => octavia.pools.patch(row, renamed(wish)),
    remove: (id) => {
      octavia.deletePool(id);
    },
  });
};

const membersAndMonitors = (app: FastifyInstance, { octavia }: Cloud): void => {
  resource(app, {
    key: 'member',
    path: 'pools/:pool/members',
    list: (request) => octavia.members.where('pool_id', param(request, 'pool')),
    get: (id) => octavia.member(id),
    shown: memberShown,
    create: (wish, request) => {
      const pool = octavia.pool(param(request, 'pool'));
      if (!mayTouch(pool, request.caller)) throw notFound('Pool', pool.id);
      return octavia.createMember(pool.id, {
        name: text(wish, 'name'),
        address: needed(wish, 'address'),
        protocol_port: port(wish),
        subnet_id: text(wish, 'subnet_id'),
        weight: numeric(wish, 'weight'),
      });
    },
    update: (row, wish) =>
      octavia.members.patch(row, {
        ...renamed(wish),
        weight: numeric(wish, 'weight', row.weight),
      }),
    remove: (id) => {
      octavia.deleteMember(id);
    },
  });
  resource(app, {
    key: 'healthmonitor',
    path: 'healthmonitors',
    list: () => octavia.healthMonitors.all(),
    get: (id) => octavia.healthMonitor(id),
    shown: healthMonitorShown,
    create: (wish) =>
      octavia.createHealthMonitor({
        name: text(wish, 'name'),
        pool_id: needed(wish, 'pool_id'),
        type: needed(wish, 'type'),
        delay: numeric(wish, 'delay', 5),
        timeout: numeric(wish, 'timeout', 5),
        max_retries: numeric(wish, 'max_retries', 3),
      }),
    update: (row, wish) => octavia.healthMonitors.patch(row, renamed(wish)),
    remove: (id) => {
      octavia.deleteHealthMonitor(id);
    },
  });
};

const versions = (app: FastifyInstance, { settings }: Cloud): void => {
  const list = (): object => ({
    versions: Array.from({ length: 27 }, (_, minor) => ({
      id: `v2.${minor}`,
      status: minor === 26 ? 'CURRENT' : 'SUPPORTED',
      updated: '2022-08-29T00:00:00Z',
      links: [{ rel: 'self', href: `${settings.baseUrl}/load-balancer/v2` }],
    })),
  });
  app.get('/', PUBLIC, list);
  app.get('/v2.0', PUBLIC, list);
  app.get('/v2', PUBLIC, list);
};
