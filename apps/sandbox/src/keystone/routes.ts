import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { assignmentRoutes } from './assignment.routes.js';
import { identityRoutes } from './identity.routes.js';
import { tokenRoutes } from './token.routes.js';
import { trustRoutes } from './trust.routes.js';
import { userRoutes } from './user.routes.js';

/** Keystone v3, under `/identity`. */
export const keystoneRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  tokenRoutes(app, cloud);
  identityRoutes(app, cloud);
  userRoutes(app, cloud);
  assignmentRoutes(app, cloud);
  trustRoutes(app, cloud);
};
