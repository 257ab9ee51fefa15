import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PUBLIC, tokenOf, WITH_HEAD } from '../../authentication.js';
import type { Cloud } from '../../cloud.js';
import { authenticate } from './authenticate.js';
import { catalog } from '../catalog.js';
import { notPermitted, unauthorized, unknownToken } from '../errors.js';
import { Shown } from './shown.js';

/** Version documents, tokens, and what a token opens. */
export const tokenRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  versions(app, cloud);
  const { keystone } = cloud;

  app.post('/v3/auth/tokens', PUBLIC, (request, reply) => {
    const token = authenticate(keystone, request.body);
    return sendToken(cloud, token.id, reply.code(201));
  });

  app.get('/v3/auth/tokens', WITH_HEAD, (request, reply) => {
    const subject = subjectOf(cloud, request, 'validate_token');
    if (!keystone.tokens.context(subject)) throw unknownToken();
    // Who does not say that it looks to access rules would let the token do more than it may.
    const understands = request.headers['openstack-identity-access-rules'] !== undefined;
    if (!understands && hasAccessRules(cloud, subject)) throw unknownToken();
    return sendToken(cloud, subject, reply);
  });

  app.delete('/v3/auth/tokens', (request, reply) => {
    const subject = subjectOf(cloud, request, 'revoke_token');
    if (!keystone.tokens.context(subject)) throw unknownToken();
    keystone.tokens.revoke(subject);
    return reply.code(204).send();
  });

  reach(app, cloud);
};

const hasAccessRules = ({ keystone }: Cloud, id: string): boolean => {
  const credential = keystone.tokens.get(id)?.application_credential_id ?? '';
  return Boolean(keystone.credentials.rows.get(credential)?.access_rules);
};

const sendToken = (cloud: Cloud, id: string, reply: FastifyReply): FastifyReply =>
  reply
    .header('x-subject-token', id)
    .header('vary', 'X-Auth-Token')
    .header('content-type', 'application/json')
    .send(cloud.keystone.tokens.body(id));

/** The token asked about: one's own, or any for services and administrators. */
const subjectOf = (cloud: Cloud, request: FastifyRequest, action: string): string => {
  const subject = request.headers['x-subject-token'];
  if (typeof subject !== 'string') throw unauthorized(cloud.keystone.uri);
  const { caller } = request;
  const trusted = caller.isAdmin || caller.roles.includes('service');
  if (subject !== tokenOf(request) && !trusted) throw notPermitted(`identity:${action}`);
  return subject;
};

/** What the caller could ask a scope for. */
const reach = (app: FastifyInstance, cloud: Cloud): void => {
  const { keystone, settings } = cloud;
  const { directory } = keystone;
  const shown = new Shown(settings, directory);

  app.get('/v3/auth/catalog', ({ caller }) =>
    shown.list('catalog', 'auth/catalog', catalog(directory, settings, caller.projectId)),
  );
  for (const path of ['/v3/auth/projects', '/v3/OS-FEDERATION/projects'])
    app.get(path, ({ caller }) =>
      shown.list(
        'projects',
        'auth/projects',
        directory.projectsOf(caller.userId).map(shown.project),
      ),
    );
  app.get('/v3/auth/domains', ({ caller }) =>
    shown.list('domains', 'auth/domains', directory.domainsOf(caller.userId).map(shown.domain)),
  );
  app.get('/v3/auth/system', ({ caller }) => ({
    system: directory.effectiveRoles(caller.userId, 'system').length > 0 ? [{ all: true }] : [],
  }));
};

const versions = (app: FastifyInstance, cloud: Cloud): void => {
  const version = (): object => ({
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${cloud.keystone.uri}/v3/` }],
    'media-types': [
      { base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' },
    ],
  });
  app.get('/', PUBLIC, (_request, reply) =>
    reply.code(300).send({ versions: { values: [version()] } }),
  );
  app.get('/v3', PUBLIC, () => ({ version: version() }));
};
