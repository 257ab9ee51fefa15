import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WITH_HEAD } from '../../authentication.js';
import type { Cloud, TokenContext } from '../../cloud.js';
import { matchesFields, param, queryOf, type Query } from '../../query.js';
import type { Directory } from '../directory.js';
import { notFound } from '../errors.js';
import { requireAdmin } from './policy.js';
import { Shown } from './shown.js';
import type { Assignment } from '../types.js';

/** Who has which role where, and the catalog's rows. */
export const assignmentRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  grantRoutes(app, cloud, 'projects');
  grantRoutes(app, cloud, 'domains');
  grantRoutes(app, cloud, 'system');
  listRoutes(app, cloud);
  catalogRoutes(app, cloud);
};

/** The target of a grant's path, and the domain it lies in; 404 when it is not there. */
const targetOf = (
  directory: Directory,
  kind: 'projects' | 'domains' | 'system',
  id: string,
): { readonly target: string; readonly domainId: string | undefined } => {
  if (kind === 'projects')
    return { target: `project:${id}`, domainId: directory.project(id).domain_id };
  if (kind === 'domains') return { target: `domain:${id}`, domainId: directory.domain(id).id };
  return { target: 'system', domainId: undefined };
};

const grantRoutes = (
  app: FastifyInstance,
  cloud: Cloud,
  kind: 'projects' | 'domains' | 'system',
): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);
  const path = kind === 'system' ? '/v3/system/users/:user' : `/v3/${kind}/:target/users/:user`;
  const allowed = (request: FastifyRequest, action: string): string => {
    const { target, domainId } = targetOf(directory, kind, param(request, 'target'));
    requireAdmin(request.caller, action, domainId);
    directory.user(param(request, 'user'));
    return target;
  };

  app.get(`${path}/roles`, (request) => {
    const rows = directory.granted(param(request, 'user'), allowed(request, 'list_grants'));
    return shown.list('roles', 'roles', rows.map(shown.role));
  });
  app.get(`${path}/roles/:role`, WITH_HEAD, (request, reply) => {
    const rows = directory.granted(param(request, 'user'), allowed(request, 'check_grant'));
    const role = param(request, 'role');
    if (!rows.some(({ id }) => id === role)) throw notFound('role assignment with role', role);
    return reply.code(204).send();
  });
  app.put(`${path}/roles/:role`, (request, reply) => {
    directory.grant(
      param(request, 'user'),
      param(request, 'role'),
      allowed(request, 'create_grant'),
    );
    return reply.code(204).send();
  });
  app.delete(`${path}/roles/:role`, (request, reply) => {
    const target = allowed(request, 'revoke_grant');
    directory.revoke(param(request, 'user'), param(request, 'role'), target);
    return reply.code(204).send();
  });
};

const listRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.get('/v3/role_assignments', (request) => {
    const query = queryOf(request);
    mayList(request.caller, query);
    const rows = expand(directory, 'effective' in query).filter((row) => chosen(row, query));
    const withNames = 'include_names' in query && query.include_names !== 'False';
    return shown.list(
      'role_assignments',
      'role_assignments',
      rows.map((row) => assignmentShown(directory, row, withNames)),
    );
  });
  app.get('/v3/role_inferences', (request) => {
    requireAdmin(request.caller, 'list_role_inference_rules');
    const rules = directory.roles.all().flatMap((prior) => {
      const implies = directory.withImplied([prior]).filter(({ id }) => id !== prior.id);
      return implies.length > 0 ? [{ prior_role: prior, implies }] : [];
    });
    return { role_inferences: rules };
  });
};

/** One's own assignments anybody may list. */
const mayList = (caller: TokenContext, query: Query): void => {
  if (query['user.id'] === caller.userId) return;
  requireAdmin(caller, 'list_role_assignments', caller.domainId || undefined);
};

const expand = (directory: Directory, effective: boolean): readonly Assignment[] =>
  directory.assignments
    .all()
    .flatMap((row) =>
      effective
        ? directory
            .withImplied([directory.role(row.role_id)])
            .map(({ id }) => ({ ...row, role_id: id }))
        : [row],
    );

const chosen = (row: Assignment, query: Query): boolean => {
  const wanted = [
    [query['user.id'], row.user_id],
    [query['role.id'], row.role_id],
    [query['scope.project.id'] && `project:${query['scope.project.id']}`, row.target],
    [query['scope.domain.id'] && `domain:${query['scope.domain.id']}`, row.target],
    [query['scope.system'] && 'system', row.target],
  ];
  return wanted.every(([want, have]) => !want || want === have);
};

const assignmentShown = (directory: Directory, row: Assignment, withNames: boolean): object => {
  const [kind = '', id = ''] = row.target.split(':');
  const brief = (one: Named): object =>
    withNames
      ? { id: one.id, name: one.name, ...domainOf(directory, one.domain_id) }
      : { id: one.id };
  const place = kind === 'project' ? directory.project(id) : directory.domains.get(id);
  const { id: roleId, name } = directory.role(row.role_id);
  return {
    role: brief({ id: roleId, name }),
    user: brief(directory.user(row.user_id)),
    scope: { [kind]: place ? brief(place) : { all: true } },
    links: {},
  };
};

interface Named {
  readonly id: string;
  readonly name: string;
  readonly domain_id?: string;
}

const domainOf = (directory: Directory, id: string | undefined): object =>
  id === undefined ? {} : { domain: { id, name: directory.domain(id).name } };

const catalogRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);
  const region = (): object => ({
    id: cloud.settings.region,
    description: '',
    parent_region_id: null,
    links: { self: `${shown.root}/regions/${cloud.settings.region}` },
  });

  app.get('/v3/services', (request) => {
    requireAdmin(request.caller, 'list_services');
    const query = queryOf(request);
    const rows = directory.services.filter((row) => matchesFields(row, query, ['name', 'type']));
    return shown.list('services', 'services', rows.map(shown.service));
  });
  app.get('/v3/services/:id', (request) => {
    requireAdmin(request.caller, 'get_service');
    const row = directory.services.get(param(request, 'id'));
    if (!row) throw notFound('service', param(request, 'id'));
    return { service: shown.service(row) };
  });
  app.get('/v3/endpoints', (request) => {
    requireAdmin(request.caller, 'list_endpoints');
    const query = queryOf(request);
    const names = ['interface', 'service_id', 'region_id'];
    const rows = directory.endpoints.filter((row) => matchesFields(row, query, names));
    return shown.list('endpoints', 'endpoints', rows.map(shown.endpoint));
  });
  app.get('/v3/regions', () => shown.list('regions', 'regions', [region()]));
  app.get('/v3/regions/:id', (request) => {
    if (param(request, 'id') !== cloud.settings.region)
      throw notFound('region', param(request, 'id'));
    return { region: region() };
  });
};
