import type { FastifyInstance } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { containerRoutes } from './container.routes.js';
import { secretRoutes } from './secret.routes.js';

/** Barbican v1, under `/key-manager`. */
export const barbicanRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const version = (): object => ({
    id: 'v1',
    status: 'stable',
    links: [{ rel: 'self', href: `${cloud.settings.baseUrl}/key-manager/v1/` }],
    'media-types': [
      { base: 'application/json', type: 'application/vnd.openstack.key-manager-v1+json' },
    ],
    updated: '2015-04-28T00:00:00Z',
  });
  app.get('/', PUBLIC, (_request, reply) =>
    reply.code(300).send({ versions: { values: [version()] } }),
  );
  app.get('/v1', PUBLIC, () => ({ version: version() }));
  secretRoutes(app, cloud);
  containerRoutes(app, cloud);
};
