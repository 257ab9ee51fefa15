import type { Keystone } from '@jeroboam/openstack/keystone/port';
import type { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isWithinAccessRules } from '../auth/access-rules.js';
import { authenticate, Unauthenticated } from '../auth/authenticate.js';
import { RequestContext } from '../auth/request-context.js';
import { TokenCache } from '../auth/token-cache.js';
import { NoRoute } from '../errors/faults.js';
import { RateLimit } from '../limits/rate-limit.js';
import { negotiate, refusedBy, versionHeaders } from '../microversion/microversion.js';
import type { RouteFacts } from '../request-state.js';
import { accepts } from '../routing/accept.js';
import { RouteTable } from '../routing/route-table.js';
import type { EdgeSettings } from '../settings.js';
import { addHeaders } from './add-headers.js';

/** Served without a token, whatever the method. With a suffix there is nothing, for anybody. */
const publicPaths = new Set(['/', '/.json', '/v1', '/v1.json', '/healthcheck', '/metrics']);

const json = ['application/json'];

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

const isVersioned = (path: string): boolean => path === '/v1' || path.startsWith('/v1/');

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ');

/**
 * Judges a request before its body is read, in the order of the contract: who asks (401), how often
 * (429), at which version (406), whether there is such a route (404, 405), in which form the answer
 * is wanted (406), whether the route exists at the version (406). Who is let in finds all that was written
 * before, on whatever replica.
 */
export class Admission {
  /** Filled as the routes are registered. */
  readonly routes = new RouteTable();
  private readonly tokens: TokenCache;
  private readonly rate: RateLimit;

  constructor(
    keystone: Pick<Keystone, 'validate'>,
    private readonly settings: EdgeSettings,
    private readonly freshness: Pick<FreshReads, 'ready'>,
  ) {
    this.tokens = new TokenCache((token) => keystone.validate(token), settings.tokens);
    this.rate = new RateLimit(settings.rate);
  }

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const path = pathOf(request);
    const facts = request.is404 ? {} : (request.routeOptions.config.edge ?? {});
    const caller = publicPaths.has(path) || facts.isPublic ? null : await this.judge(request);
    this.negotiated(request, path);
    if (request.is404) throw this.unrouted(path);
    this.checkRoute(request, facts);
    if (isVersioned(path)) this.announce(request, reply);
    if (caller === null) return;
    await this.freshness.ready();
    request.edge.context = caller(request);
  }

  private async judge(
    request: FastifyRequest,
  ): Promise<(negotiated: FastifyRequest) => RequestContext> {
    const token = text(request.headers['x-auth-token']) ?? '';
    const validated = await authenticate(token, this.tokens, this.settings.authUri);
    if (!isWithinAccessRules(validated.token, { method: request.method, path: pathOf(request) }))
      throw new Unauthenticated(this.settings.authUri);
    this.rate.take(validated.token.project?.id ?? validated.token.user.id);
    return ({ edge }) => new RequestContext(edge.facts, validated, token);
  }

  private negotiated({ headers, edge }: FastifyRequest, path: string): void {
    if (!isVersioned(path)) return;
    const header = text(headers['openstack-api-version']);
    const microversion = negotiate(header, this.settings.maxMicroversion);
    edge.facts = { ...edge.facts, microversion };
  }

  private unrouted(path: string): Error {
    const allowed = this.routes.allowed(path);
    return allowed === null
      ? new NoRoute(404)
      : new NoRoute(405, '', { Allow: allowed.join(', ') });
  }

  private checkRoute({ headers, edge }: FastifyRequest, facts: RouteFacts): void {
    if (!accepts(headers.accept, facts.produces ?? json)) throw new NoRoute(406);
    const refusal = refusedBy({ api: '', ...facts }, edge.facts.microversion);
    if (refusal !== null) throw refusal;
  }

  private announce({ edge }: FastifyRequest, reply: FastifyReply): void {
    const version = edge.facts.microversion.toString();
    addHeaders(reply, versionHeaders(version, this.settings.maxMicroversion));
  }
}
