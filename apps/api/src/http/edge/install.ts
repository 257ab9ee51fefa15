import type { Log } from '@jeroboam/platform/logging/log';
import type { Metrics } from '@jeroboam/platform/metrics/metrics';
import { runWithContext } from '@jeroboam/platform/logging/log-context';
import { isRequestId, newRequestId } from '@jeroboam/platform/ids/ids';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Conditions } from '../auth/request-context.js';
import { readBody } from '../body/read-body.js';
import { toAnswer } from '../errors/answer.js';
import { ErrorsFilter } from '../errors/errors.filter.js';
import { NoRoute } from '../errors/faults.js';
import { Microversion } from '../microversion/microversion.js';
import { crossOrigin } from '../routing/cors.js';
import { addressOf, hostOf, Links } from '../routing/links.js';
import { rewriteUrl } from '../routing/rewrite-url.js';
import type { EdgeSettings } from '../settings.js';
import { UnclaimedInputsGuard } from '../unclaimed-inputs.guard.js';
import type { RequestState } from '../request-state.js';
import type { Admission } from './admission.js';

/** A request must have arrived whole by then. */
const requestTimeout = 60_000;

/** Longest name in a path. */
const maxParamLength = 1024;

/** Bodies are read by our own parser, for all their types. */
class EdgeAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {
    return;
  }
}

/** The server the API runs on. */
export const edgeAdapter = ({ bodyBytes }: Pick<EdgeSettings, 'bodyBytes'>): FastifyAdapter =>
  new EdgeAdapter({
    bodyLimit: bodyBytes,
    requestTimeout,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/', method = 'GET' }) => rewriteUrl(url, method),
    routerOptions: { maxParamLength },
    // A URL that cannot be decoded, before any of our hooks.
    frameworkErrors: (_error: Error, { method }: FastifyRequest, reply: FastifyReply) => {
      const requestId = newRequestId();
      const { status, body } = toAnswer(new NoRoute(404), requestId);
      void reply
        .status(status)
        .header('x-openstack-request-id', requestId)
        .type('application/json')
        // As bytes: a text would be sent with a charset in its type.
        .send(Buffer.from(method === 'HEAD' ? '' : JSON.stringify(body)));
    },
  });

export interface EdgeParts {
  readonly settings: EdgeSettings;
  readonly admission: Admission;
  readonly log: Log;
  readonly metrics: Metrics;
}

const isEmptyBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';

const conditionsOf = (headers: FastifyRequest['headers']): Conditions => ({
  idempotencyKey: headers['idempotency-key']?.toString(),
  ifMatch: headers['if-match'],
  ifNoneMatch: headers['if-none-match'],
});

const stateOf = (request: FastifyRequest, { host, limits }: EdgeSettings): RequestState => {
  const { headers } = request;
  const globalRequestId = String(headers['x-openstack-request-id'] ?? '');
  return {
    facts: {
      requestId: newRequestId(),
      globalRequestId: isRequestId(globalRequestId) ? globalRequestId : null,
      address: addressOf(request.socket.remoteAddress ?? '', headers, host),
      microversion: Microversion.min,
      links: new Links(hostOf(headers, host)),
      conditions: conditionsOf(headers),
    },
    context: null,
    limits,
    contentType: headers['content-type'],
    startedAtMs: performance.now(),
  };
};

/** Gives the request its id and tells apart what the router should not look at. */
const receive = (request: FastifyRequest, reply: FastifyReply, settings: EdgeSettings): void => {
  request.edge = stateOf(request, settings);
  delete request.headers['content-type'];
  if (isEmptyBody(request)) delete request.headers['content-length'];
  void reply.header('x-openstack-request-id', request.edge.facts.requestId);
};

/** Answers preflights; true when the request ends with that. */
const crossed = (request: FastifyRequest, reply: FastifyReply, origins: readonly string[]) => {
  const { headers, method } = request;
  const crossing = {
    method,
    origin: headers.origin,
    requestedMethod: headers['access-control-request-method'],
    requestedHeaders: headers['access-control-request-headers'],
  };
  const answer = crossOrigin(crossing, origins);
  void reply.headers(answer.headers);
  return answer.preflight;
};

const logContext = ({ requestId, globalRequestId }: RequestState['facts']) =>
  globalRequestId === null ? { requestId } : { requestId, globalRequestId };

const tell = (request: FastifyRequest, reply: FastifyReply, log: Log): void => {
  const { facts, context, startedAtMs } = request.edge;
  log.info('Request answered', {
    ...logContext(facts),
    method: request.method,
    path: request.originalUrl.split('?', 1)[0],
    status: reply.statusCode,
    durationMs: Math.round((performance.now() - startedAtMs) * 10) / 10,
    address: facts.address,
    userId: context?.userId ?? null,
    projectId: context?.projectId ?? null,
  });
};

/** The pattern of the path, never the path itself: names are without number. */
const routeOf = (request: FastifyRequest): string =>
  request.is404 ? 'none' : (request.routeOptions.url ?? 'none');

const observeAnswers = (server: FastifyInstance, { log, metrics }: EdgeParts): void => {
  const answered = metrics.histogram(
    'jeroboam_http_request_seconds',
    'Time from a request to the end of its answer',
    ['method', 'route', 'status'],
  );
  server.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    answered.observe(
      { method, route: routeOf(request), status: reply.statusCode },
      (performance.now() - request.edge.startedAtMs) / 1000,
    );
    tell(request, reply, log);
    done();
  });
};

const addHooks = (server: FastifyInstance, { settings, admission }: EdgeParts): void => {
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) admission.routes.add(one, url);
  });
  server.addHook('onRequest', (request, reply, done) => {
    receive(request, reply, settings);
    runWithContext(logContext(request.edge.facts), done);
  });
  server.addHook('onRequest', async (request, reply) => {
    if (crossed(request, reply, settings.corsOrigins)) return reply.status(200).send();
    await admission.admit(request, reply);
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    const type = reply.getHeader('content-type');
    if (String(type).startsWith('application/json')) void reply.type('application/json');
    done();
  });
};

/** Puts the edge before the application's handlers. To be called before `init` and `listen`. */
export const installEdge = (app: NestFastifyApplication, parts: EdgeParts): void => {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  server.decorateRequest('edge');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, readBody(body as Buffer, request.edge.contentType));
    } catch (error) {
      done(error as Error);
    }
  });
  addHooks(server, parts);
  observeAnswers(server, parts);
  app.useGlobalFilters(new ErrorsFilter(parts.log));
  app.useGlobalGuards(new UnclaimedInputsGuard());
};
