import type { FastifyInstance } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { Refusal } from '../refusal.js';
import { catalogRoutes } from './api/catalog.routes.js';
import { requireProject } from './api/find.js';
import { Orchestration } from './api/orchestration.js';
import { eventRoutes, resourceRoutes } from './api/resources.routes.js';
import { stackRoutes } from './api/stacks.routes.js';
import { HeatError } from './heat-error.js';

/**
 * Orchestration v1 under the service's prefix: mount within a scope that authenticates. Takes up
 * the stacks in progress when the server is ready, and rests when it closes.
 */
export const heatRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const orchestration = new Orchestration(cloud);
  app.addHook('onReady', (done) => {
    orchestration.engine.start();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    orchestration.engine.stop();
    done();
  });
  app.get('/', PUBLIC, (_request, reply) =>
    reply.code(300).send({
      versions: [
        {
          id: 'v1.0',
          status: 'CURRENT',
          links: [{ rel: 'self', href: `${cloud.settings.baseUrl}/orchestration/v1/` }],
        },
      ],
    }),
  );
  void app.register(
    (scope, _options, done) => {
      scope.setErrorHandler((error) => {
        if (!(error instanceof HeatError)) throw error;
        throw new Refusal(error.code, error.message, error.body());
      });
      scope.addHook('preHandler', (request, _reply, next) => {
        if (request.routeOptions.config.public !== true) requireProject(request);
        next();
      });
      stackRoutes(scope, orchestration);
      resourceRoutes(scope, orchestration);
      eventRoutes(scope, orchestration);
      catalogRoutes(scope, orchestration);
      done();
    },
    { prefix: '/v1/:project' },
  );
};
