import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isDict } from './body/containers.js';
import { inputsOf } from './decorators.js';
import { unknownArgument } from './errors/faults.js';

/** A handler that takes no query, or no body, refuses one. */
@Injectable()
export class UnclaimedInputsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const prototype = context.getClass().prototype as object;
    const inputs = inputsOf(prototype, context.getHandler().name);
    if (inputs.query === undefined) refuseMembers(query);
    if (inputs.body === undefined && inputs.patch === undefined) refuseMembers(body);
    return true;
  }
}

const refuseMembers = (value: unknown): void => {
  const [first] = isDict(value) ? Object.keys(value) : [];
  if (first !== undefined) throw unknownArgument(first);
};
