import type { FastifyInstance } from 'fastify';
import type { Cloud, TokenContext } from '../../cloud.js';
import { flag, given, isObject, list, object, text, type Json } from '../../http/fields.js';
import { matchesFields, param, queryOf } from '../../query.js';
import { notPermitted, unauthorized } from '../errors.js';
import { required } from './identity.routes.js';
import { hashed, matches } from '../passwords.js';
import { homeOf, requireAdmin } from './policy.js';
import { Shown } from './shown.js';
import type { User } from '../types.js';

/** Users and their application credentials. */
export const userRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  readRoutes(app, cloud);
  writeRoutes(app, cloud);
  credentialRoutes(app, cloud);
};

const readRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);

  app.get('/v3/users', (request) => {
    const { caller } = request;
    const query = queryOf(request);
    requireAdmin(caller, 'list_users', caller.domainId || undefined);
    const rows = directory.users
      .filter((row) => matchesFields(row, query, ['name', 'domain_id', 'enabled']))
      .filter((row) => caller.domainId === '' || row.domain_id === caller.domainId);
    return shown.list('users', 'users', rows.map(shown.user));
  });
  app.get('/v3/users/:id', (request) => {
    const id = param(request, 'id');
    if (id !== request.caller.userId)
      requireAdmin(request.caller, 'get_user', homeOf(request.caller, directory.users.get(id)));
    return { user: shown.user(directory.user(id)) };
  });
  app.get('/v3/users/:id/projects', (request) => {
    const id = param(request, 'id');
    if (id !== request.caller.userId)
      requireAdmin(
        request.caller,
        'list_user_projects',
        homeOf(request.caller, directory.users.get(id)),
      );
    const rows = directory.projectsOf(id);
    return shown.list('projects', `users/${id}/projects`, rows.map(shown.project));
  });
  app.get('/v3/groups', () => shown.list('groups', 'groups', []));
  app.get('/v3/users/:id/groups', (request) =>
    shown.list('groups', `users/${param(request, 'id')}/groups`, []),
  );
};

const writeRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { keystone } = cloud;
  const { directory } = keystone;
  const shown = new Shown(cloud.settings, directory);

  app.post('/v3/users', (request, reply) => {
    const wish = object(request.body, 'user');
    const domainId = text(wish, 'domain_id', request.caller.domainId || 'default');
    requireAdmin(request.caller, 'create_user', domainId);
    const row = directory.createUser({
      name: required(wish, 'name'),
      domain_id: domainId,
      password: text(wish, 'password', ''),
      enabled: flag(wish, 'enabled'),
      email: text(wish, 'email'),
      description: text(wish, 'description'),
      default_project_id: text(wish, 'default_project_id'),
      options: object(wish, 'options'),
    });
    return reply.code(201).send({ user: shown.user(row) });
  });
  app.patch('/v3/users/:id', (request) => {
    const row = directory.user(param(request, 'id'));
    requireAdmin(request.caller, 'update_user', row.domain_id);
    return { user: shown.user(update(cloud, row, object(request.body, 'user'))) };
  });
  app.post('/v3/users/:id/password', (request, reply) => {
    const row = directory.user(param(request, 'id'));
    const wish = object(request.body, 'user');
    if (!matches(text(wish, 'original_password') ?? '', row.password_hash))
      throw unauthorized(keystone.uri);
    update(cloud, row, { password: text(wish, 'password') });
    return reply.code(204).send();
  });
  app.delete('/v3/users/:id', (request, reply) => {
    const id = param(request, 'id');
    requireAdmin(request.caller, 'delete_user', homeOf(request.caller, directory.users.get(id)));
    keystone.deleteUser(id);
    return reply.code(204).send();
  });
};

/** A new password or a disabled account ends the user's tokens. */
const update = ({ keystone }: Cloud, row: User, wish: Json): User => {
  const password = text(wish, 'password');
  const enabled = flag(wish, 'enabled', row.enabled);
  if (password !== undefined || !enabled)
    keystone.tokens.revokeWhere((token) => token.user_id === row.id);
  return keystone.directory.users.patch(row, {
    ...given(wish, ['name', 'email', 'description', 'default_project_id']),
    enabled,
    ...(password === undefined ? {} : { password_hash: hashed(password) }),
  });
};

const rulesOf = (wish: Json) =>
  list(wish, 'access_rules')
    .filter(isObject)
    .map((rule) => ({
      service: text(rule, 'service') ?? '',
      method: text(rule, 'method') ?? '',
      path: text(rule, 'path') ?? '',
    }));

const credentialRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { credentials, directory } = cloud.keystone;
  const shown = new Shown(cloud.settings, directory);
  const path = '/v3/users/:user/application_credentials';
  const owner = (caller: TokenContext, userId: string, action: string): string => {
    if (userId !== caller.userId && !(caller.isAdmin && action !== 'create'))
      throw notPermitted(`identity:${action}_application_credential`);
    return userId;
  };

  app.get(path, (request) => {
    const userId = owner(request.caller, param(request, 'user'), 'list');
    const query = queryOf(request);
    const rows = credentials.ofUser(userId).filter((row) => matchesFields(row, query, ['name']));
    const shownRows = rows.map(shown.credential);
    return shown.list(
      'application_credentials',
      `users/${userId}/application_credentials`,
      shownRows,
    );
  });
  app.get(`${path}/:id`, (request) => {
    const userId = owner(request.caller, param(request, 'user'), 'get');
    const row = credentials.get(userId, param(request, 'id'));
    return { application_credential: shown.credential(row) };
  });
  app.post(path, (request, reply) => {
    owner(request.caller, param(request, 'user'), 'create');
    const wish = object(request.body, 'application_credential');
    const { credential, secret } = credentials.create(request.caller, {
      name: text(wish, 'name'),
      description: text(wish, 'description'),
      secret: text(wish, 'secret'),
      expires_at: text(wish, 'expires_at'),
      unrestricted: flag(wish, 'unrestricted', false),
      roles: list(wish, 'roles').filter(isObject),
      access_rules: wish['access_rules'] === undefined ? undefined : rulesOf(wish),
    });
    return reply
      .code(201)
      .send({ application_credential: { ...shown.credential(credential), secret } });
  });
  app.delete(`${path}/:id`, (request, reply) => {
    const userId = owner(request.caller, param(request, 'user'), 'delete');
    credentials.delete(request.caller, credentials.get(userId, param(request, 'id')).id);
    return reply.code(204).send();
  });
};
