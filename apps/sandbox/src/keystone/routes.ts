import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { assignmentRoutes } from './api/assignment.routes.js';
import { identityRoutes } from './api/identity.routes.js';
import { tokenRoutes } from './api/token.routes.js';
import { trustRoutes } from './api/trust.routes.js';
import { userRoutes } from './api/user.routes.js';

/** Keystone v3, under `/identity`. */
export const keystoneRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  tokenRoutes(app, cloud);
  identityRoutes(app, cloud);
  userRoutes(app, cloud);
  assignmentRoutes(app, cloud);
  trustRoutes(app, cloud);
};
