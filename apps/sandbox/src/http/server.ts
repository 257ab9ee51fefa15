import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { authenticated } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { controlRoutes } from '../control/control.routes.js';
import { obeyFaults } from '../control/fault-hook.js';
import { Refusal } from '../refusal.js';
import { SERVICES } from './services.js';
import { hexId } from '../time.js';

const LARGEST_BODY = 64 * 1024 * 1024;

/** All services of the cloud on one HTTP server, not yet listening. */
export const buildServer = (cloud: Cloud): FastifyInstance => {
  const app = Fastify({
    bodyLimit: LARGEST_BODY,
    // Routes that answer HEAD say so: a second tree of all of them costs 8 MB.
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    genReqId: () => `req-${hexId()}`,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  });
  acceptBodies(app);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-openstack-request-id', request.id);
  });
  app.setErrorHandler<FastifyError | Refusal>((error, _request, reply) =>
    answerError(error, reply),
  );
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_FOUND));
  obeyFaults(app, cloud);
  controlRoutes(app, cloud);
  for (const { prefix, routes } of SERVICES) {
    void app.register(
      (scope, _options, done) => {
        authenticated(scope, cloud);
        routes(scope, cloud);
        done();
      },
      { prefix },
    );
  }
  return app;
};

const NOT_FOUND = {
  error: { code: 404, title: 'Not Found', message: 'The resource could not be found.' },
};

/** An empty body of type JSON is no body; what is not JSON arrives as a buffer. */
const acceptBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  const asJson = /^application\/([\w.-]*[+-])?json\b/;
  app.addContentTypeParser(asJson, { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new Refusal(400, 'malformed JSON', MALFORMED));
    }
  });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
};

const MALFORMED = {
  error: {
    code: 400,
    title: 'Bad Request',
    message:
      'Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
  },
};

const answerError = (error: FastifyError | Refusal, reply: FastifyReply): FastifyReply => {
  if (error instanceof Refusal) {
    const type = typeof error.body === 'string' ? 'text/html; charset=UTF-8' : 'application/json';
    return reply
      .code(error.status)
      .headers({ ...error.headers, 'content-type': type })
      .send(error.body);
  }
  const code = error.statusCode ?? 500;
  if (code >= 500) process.stderr.write(`${error.stack ?? error.message}\n`);
  const message =
    code >= 500
      ? 'An unexpected error prevented the server from fulfilling your request.'
      : error.message;
  return reply.code(code).send({ error: { code, title: 'Error', message } });
};
