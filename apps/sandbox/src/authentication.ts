import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Cloud, TokenContext } from './cloud.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls. Set on every route that is not public. */
    caller: TokenContext;
  }
  interface FastifyContextConfig {
    /** Served without a token: version documents, signals. */
    public?: boolean;
  }
}

/** Route option of what is served without a token. */
export const PUBLIC = { config: { public: true } } as const;

/** Route option of what answers HEAD too. */
export const WITH_HEAD = { exposeHeadRoute: true } as const;

export const tokenOf = (request: FastifyRequest): string | undefined => {
  const header = request.headers['x-auth-token'];
  return Array.isArray(header) ? header[0] : header;
};

/** Refuses every request without a valid token, but for routes marked public. */
export const authenticated = (app: FastifyInstance, cloud: Cloud): void => {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.public !== true && !request.is404)
      request.caller = cloud.keystone.caller(tokenOf(request));
    done();
  });
};
