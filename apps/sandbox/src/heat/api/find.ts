import type { FastifyRequest } from 'fastify';
import { param } from '../../query.js';
import type { Records, Stack } from '../engine/records.js';
import { HeatError, notFound } from '../heat-error.js';

const visible = (request: FastifyRequest, stack: Stack): boolean =>
  stack.projectId === param(request, 'project');

/**
 * The stack of `/stacks/<name>/<id>`; a deleted one too, as long as it is kept.
 * @throws HeatError 404
 */
export const stackOf = (request: FastifyRequest, records: Records): Stack => {
  const name = param(request, 'name');
  const stack = records.anyStack(param(request, 'id'));
  if (stack?.name !== name || !visible(request, stack)) throw notFound('Stack', name);
  return stack;
};

/** By name, one that is not deleted; else by id. @throws HeatError 404 */
export const stackByNameOrId = (request: FastifyRequest, records: Records): Stack => {
  const key = param(request, 'name');
  const named = records.stacks.where('name', key).find((stack) => visible(request, stack));
  const found = named ?? records.anyStack(key);
  if (!found || !visible(request, found)) throw notFound('Stack', key);
  return found;
};

/**
 * Everything below the project is for those who hold a token for it; administrators may look into
 * the others.
 * @throws HeatError 403
 */
export const requireProject = (request: FastifyRequest): void => {
  const { caller } = request;
  if (caller.projectId !== param(request, 'project')) {
    throw new HeatError(403, 'HTTPForbidden', 'Access was denied to this resource.');
  }
};
