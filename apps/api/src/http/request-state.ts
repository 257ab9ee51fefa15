import type { RequestContext, RequestFacts } from './auth/request-context.js';
import type { BodyLimits } from './body/field-type.js';

/** What the edge learns of a request on its way to the handler. */
export interface RequestState {
  facts: RequestFacts;
  /** `null` on public paths, and until the token has been judged. */
  context: RequestContext | null;
  readonly limits: BodyLimits;
  /** As sent; the router does not get to see it. */
  readonly contentType: string | undefined;
  readonly startedAtMs: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    edge: RequestState;
  }
  interface FastifyContextConfig {
    /** What decorators say of the route. */
    edge?: RouteFacts;
  }
}

import type { VersionRange } from './microversion/microversion.js';

/** What the edge must know of a route before its handler runs. */
export interface RouteFacts extends VersionRange {
  /** Name of the operation in refusals of the version; the handler's name when not given. */
  readonly api?: string;
  /** Needs no token. */
  readonly isPublic?: boolean;
  /** Media types of the answer; JSON when not given. */
  readonly produces?: readonly string[];
}
