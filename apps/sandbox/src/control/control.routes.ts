import type { FastifyInstance } from 'fastify';
import type { Cloud, Inventory } from '../cloud.js';
import type { FaultAction, FaultRule } from './faults.js';
import { given, numeric, text } from '../http/fields.js';
import { param } from '../query.js';
import { Refusal } from '../refusal.js';
import { seed } from '../seed/seed.js';

const ACTIONS: readonly FaultAction[] = ['fail', 'slow', 'hang'];

/** What tests steer the sandbox with. Answers to this machine only. */
export const controlRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  void app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, _reply, next) => {
        next(isLoopback(request.ip) ? undefined : refused(403, 'only from this machine'));
      });
      faultRoutes(scope, cloud);
      scope.get('/inventory', () => counted(inventory(cloud)));
      scope.post('/reset', (_request, reply) => {
        cloud.faults.clear();
        cloud.documents.clear();
        seed(cloud);
        return reply.code(204).send();
      });
      done();
    },
    { prefix: '/sandbox' },
  );
};

const faultRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  app.get('/faults', () => ({ faults: cloud.faults.list() }));
  app.post('/faults', (request, reply) =>
    reply.code(201).send({ fault: cloud.faults.add(toRule(request.body)) }),
  );
  app.delete('/faults', (_request, reply) => {
    cloud.faults.clear();
    return reply.code(204).send();
  });
  app.delete('/faults/:id', (request, reply) => {
    cloud.faults.clear(param(request, 'id'));
    return reply.code(204).send();
  });
};

const toRule = (body: unknown): Omit<FaultRule, 'id' | 'struck'> => {
  const action = ACTIONS.find((known) => known === text(body, 'action'));
  const service = text(body, 'service');
  if (!action || service === undefined)
    throw refused(400, `service, and action of ${ACTIONS.join(', ')}, are needed`);
  const where = given(body, ['method', 'path']);
  if (where.path !== undefined) checkPattern(where.path);
  return {
    service,
    action,
    ...where,
    status: numeric(body, 'status', 500),
    delayMs: numeric(body, 'delayMs', 1000),
    times: numeric(body, 'times', null),
  };
};

const checkPattern = (path: string): void => {
  try {
    new RegExp(path);
  } catch {
    throw refused(400, `path is no regular expression: ${path}`);
  }
};

const refused = (code: number, message: string): Refusal =>
  new Refusal(code, message, { error: { code, title: 'Sandbox control', message } });

const isLoopback = (ip: string): boolean => /^(::ffff:)?127\.|^::1$/.test(ip);

/** Kinds that are made by use, not by the seed; names are those of the inventory. */
const KINDS: Readonly<Record<string, string>> = {
  trusts: 'trust',
  application_credentials: 'application_credential',
  secrets: 'secret',
  containers: 'secret_container',
  stacks: 'stack',
  servers: 'server',
  server_groups: 'server_group',
  keypairs: 'keypair',
  networks: 'network',
  subnets: 'subnet',
  ports: 'port',
  routers: 'router',
  floating_ips: 'floatingip',
  security_groups: 'security_group',
  volumes: 'volume',
  load_balancers: 'loadbalancer',
  listeners: 'listener',
  pools: 'pool',
  members: 'member',
  health_monitors: 'healthmonitor',
};

const inventory = (cloud: Cloud): Inventory => {
  const { directory } = cloud.keystone;
  const home = directory.domainNamed('jeroboam')?.id;
  const trustees = directory.users.filter(
    (user) => user.domain_id === home && user.name !== 'jeroboam_domain_admin',
  );
  return {
    trustees: trustees.map((user) => user.id),
    ...Object.fromEntries(
      Object.entries(KINDS).map(([name, kind]) => [name, cloud.documents.collection(kind).ids()]),
    ),
  };
};

const counted = (ids: Inventory): object => ({
  counts: Object.fromEntries(Object.entries(ids).map(([kind, found]) => [kind, found.length])),
  ids,
});
