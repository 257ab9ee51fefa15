import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyRequest } from 'fastify';
import type { RequestContext, RequestFacts } from './auth/request-context.js';
import type { DtoClass } from './body/field-type.js';
import { typeBody, typeQuery, type Query, type Typing } from './body/typing.js';
import type { VersionText } from './microversion/microversion.js';
import { parsePatch, type PatchRules } from './patch/patch-document.js';
import type { RouteFacts } from './request-state.js';

const requestOf = (context: ExecutionContext): FastifyRequest =>
  context.switchToHttp().getRequest<FastifyRequest>();

const routeFacts =
  (facts: RouteFacts): MethodDecorator =>
  (_target, key, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value as object;
    const known = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as
      { edge: RouteFacts } | undefined;
    const edge = { api: String(key), ...known?.edge, ...facts };
    Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { edge }, handler);
  };

/** Facts the decorators below left on a handler. */
export const routeFactsOf = (handler: object): RouteFacts =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as { edge: RouteFacts } | undefined)
    ?.edge ?? {};

/** Below this version the route is 406, which names `api` (the handler's name unless given). */
export const Since = (since: VersionText, api?: string): MethodDecorator =>
  routeFacts(api === undefined ? { since } : { since, api });

/** Above this version the route is not there: 404. */
export const Until = (until: VersionText): MethodDecorator => routeFacts({ until });

/** Served without a token. */
export const Public = (): MethodDecorator => routeFacts({ isPublic: true });

/** Media types of the answer, when it is not JSON. */
export const Produces = (...produces: readonly string[]): MethodDecorator =>
  routeFacts({ produces });

/** What a handler takes from the request beside its path. */
export interface Inputs {
  /** The body, typed by a class. */
  readonly body?: { readonly name: string; readonly dto: () => DtoClass };
  /** The body, a JSON patch. */
  readonly patch?: PatchRules;
  readonly query?: () => DtoClass;
}

const inputsKey = 'jeroboam:inputs';
type Key = string | symbol;

/** Inputs of a controller's method. */
export const inputsOf = (controller: object, method: Key): Inputs =>
  (Reflect.getMetadata(inputsKey, controller, method) as Inputs | undefined) ?? {};

const addInput = (target: object, method: Key, input: Inputs): void => {
  Reflect.defineMetadata(inputsKey, { ...inputsOf(target, method), ...input }, target, method);
};

/** The class a parameter is declared with, which decides how it is read. */
const declaredClass = (target: object, method: Key, index: number): DtoClass => {
  const types = Reflect.getMetadata('design:paramtypes', target, method) as unknown[] | undefined;
  const type = types?.[index];
  if (typeof type === 'function' && type !== Object) return type as DtoClass;
  throw new TypeError(
    `${String(method)}: parameter ${index} must be declared with a class of fields`,
  );
};

const typingOf = ({ edge }: FastifyRequest): Typing => ({
  microversion: edge.facts.microversion,
  limits: edge.limits,
});

const parameter = (read: (request: FastifyRequest) => unknown): ParameterDecorator =>
  createParamDecorator((_data: unknown, context) => read(requestOf(context)))();

/** The body, read as the parameter's class says. `name` is the argument's in messages. */
export const Argument =
  (name: string): ParameterDecorator =>
  (target, method = '', index) => {
    const dto = (): DtoClass => declaredClass(target, method, index);
    addInput(target, method, { body: { name, dto } });
    parameter((request) => typeBody(dto(), { name, body: request.body }, typingOf(request)))(
      target,
      method,
      index,
    );
  };

/** The query, read as the parameter's class says. A handler without it takes no query at all. */
export const Arguments =
  (): ParameterDecorator =>
  (target, method = '', index) => {
    const query = (): DtoClass => declaredClass(target, method, index);
    addInput(target, method, { query });
    parameter((request) => typeQuery(query(), request.query as Query, typingOf(request)))(
      target,
      method,
      index,
    );
  };

/** The body as a JSON patch that obeys the rules: a `PatchDocument`. */
export const Patches =
  (rules: PatchRules): ParameterDecorator =>
  (target, method = '', index) => {
    addInput(target, method, { patch: rules });
    parameter((request) => parsePatch(request.body, rules))(target, method, index);
  };

const callerOf = ({ edge, url }: FastifyRequest): RequestContext => {
  if (edge.context === null) throw new Error(`${url} is public: nobody is known to have sent it`);
  return edge.context;
};

/** Who asks: a `RequestContext`. */
export const Caller = (): ParameterDecorator => parameter(callerOf);

/** How the request came, on public routes too: `RequestFacts`. */
export const Facts = (): ParameterDecorator => parameter(({ edge }): RequestFacts => edge.facts);

/** Version and bounds for typing later on, as `applyPatch` needs them: `Typing`. */
export const TypingOf = (): ParameterDecorator => parameter(typingOf);
