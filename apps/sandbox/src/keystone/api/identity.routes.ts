import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../../cloud.js';
import { flag, object, text } from '../../http/fields.js';
import { matchesFields, param, queryOf } from '../../query.js';
import { badRequest, duplicate, forbidden } from '../errors.js';
import { homeOf, requireAdmin } from './policy.js';
import { Shown } from './shown.js';

/** Domains, projects and roles. */
export const identityRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  domainRoutes(app, cloud);
  projectRoutes(app, cloud);
  roleRoutes(app, cloud);
};

export const required = (body: unknown, key: string): string => {
  const value = text(body, key);
  if (value === undefined || value === '')
    throw badRequest(
      `'${key}' is a required property\n\nFailed validating 'required' in schema. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.`,
    );
  return value;
};

const domainRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.get('/v3/domains', (request) => {
    const { caller } = request;
    if (!(caller.isAdmin && caller.domainId !== '')) requireAdmin(caller, 'list_domains');
    const query = queryOf(request);
    const rows = directory.domains
      .filter((row) => caller.domainId === '' || row.id === caller.domainId)
      .filter((row) => matchesFields(row, query, ['name', 'enabled']));
    return shown.list('domains', 'domains', rows.map(shown.domain));
  });
  app.get('/v3/domains/:id', (request) => {
    const id = param(request, 'id');
    if (id !== request.caller.domainId && id !== request.caller.userDomainId)
      requireAdmin(request.caller, 'get_domain', id);
    return { domain: shown.domain(directory.domain(id)) };
  });
  app.post('/v3/domains', (request, reply) => {
    requireAdmin(request.caller, 'create_domain');
    const wish = object(request.body, 'domain');
    const row = directory.createDomain(required(wish, 'name'), text(wish, 'description'));
    return reply.code(201).send({ domain: shown.domain(row) });
  });
  app.patch('/v3/domains/:id', (request) => {
    requireAdmin(request.caller, 'update_domain');
    const row = directory.domain(param(request, 'id'));
    const wish = object(request.body, 'domain');
    const enabled = flag(wish, 'enabled', row.enabled);
    const description = text(wish, 'description', row.description);
    return { domain: shown.domain(directory.domains.patch(row, { enabled, description })) };
  });
  app.delete('/v3/domains/:id', (request, reply) => {
    requireAdmin(request.caller, 'delete_domain');
    const row = directory.domain(param(request, 'id'));
    if (row.enabled)
      throw forbidden('Cannot delete a domain that is enabled, please disable it first.');
    directory.domains.delete(row.id);
    return reply.code(204).send();
  });
};

const projectRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory, tokens } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.get('/v3/projects', (request) => {
    const query = queryOf(request);
    requireAdmin(request.caller, 'list_projects', request.caller.domainId || undefined);
    const rows = directory.projects
      .filter((row) => matchesFields(row, query, ['name', 'domain_id', 'enabled', 'parent_id']))
      .filter((row) => !request.caller.domainId || row.domain_id === request.caller.domainId);
    return shown.list('projects', 'projects', rows.map(shown.project));
  });
  app.get('/v3/projects/:id', (request) => {
    const row = directory.projects.get(param(request, 'id'));
    if (row?.id !== request.caller.projectId)
      requireAdmin(request.caller, 'get_project', homeOf(request.caller, row));
    return { project: shown.project(directory.project(param(request, 'id'))) };
  });
  app.post('/v3/projects', (request, reply) => {
    const wish = object(request.body, 'project');
    const domainId = text(wish, 'domain_id', request.caller.domainId || 'default');
    requireAdmin(request.caller, 'create_project', domainId);
    const row = directory.createProject({
      name: required(wish, 'name'),
      domain_id: domainId,
      description: text(wish, 'description', ''),
      parent_id: text(wish, 'parent_id', domainId),
    });
    return reply.code(201).send({ project: shown.project(row) });
  });
  app.patch('/v3/projects/:id', (request) => {
    const row = directory.project(param(request, 'id'));
    requireAdmin(request.caller, 'update_project', row.domain_id);
    const wish = object(request.body, 'project');
    const name = text(wish, 'name', row.name);
    const same = directory.projectNamed(name, row.domain_id);
    if (same && same.id !== row.id) throw duplicate('project', `Duplicate entry: ${name}`);
    const enabled = flag(wish, 'enabled', row.enabled);
    const description = text(wish, 'description', row.description);
    return {
      project: shown.project(directory.projects.patch(row, { name, enabled, description })),
    };
  });
  app.delete('/v3/projects/:id', (request, reply) => {
    const row = directory.project(param(request, 'id'));
    requireAdmin(request.caller, 'delete_project', row.domain_id);
    const target = `project:${row.id}`;
    for (const held of directory.assignments.where('target', target))
      directory.assignments.delete(held.id);
    tokens.revokeWhere((t) => t.scope.kind === 'project' && t.scope.projectId === row.id);
    directory.projects.delete(row.id);
    return reply.code(204).send();
  });
};

const roleRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.get('/v3/roles', (request) => {
    const query = queryOf(request);
    requireAdmin(request.caller, 'list_roles', request.caller.domainId || undefined);
    const rows = directory.roles.filter((row) => matchesFields(row, query, ['name', 'domain_id']));
    return shown.list('roles', 'roles', rows.map(shown.role));
  });
  app.get('/v3/roles/:id', (request) => {
    requireAdmin(request.caller, 'get_role', request.caller.domainId || undefined);
    return { role: shown.role(directory.role(param(request, 'id'))) };
  });
  app.post('/v3/roles', (request, reply) => {
    requireAdmin(request.caller, 'create_role');
    const wish = object(request.body, 'role');
    const row = directory.createRole(required(wish, 'name'), text(wish, 'description'));
    return reply.code(201).send({ role: shown.role(row) });
  });
  app.delete('/v3/roles/:id', (request, reply) => {
    requireAdmin(request.caller, 'delete_role');
    const row = directory.role(param(request, 'id'));
    for (const held of directory.assignments.where('role_id', row.id))
      directory.assignments.delete(held.id);
    directory.roles.delete(row.id);
    return reply.code(204).send();
  });
};
