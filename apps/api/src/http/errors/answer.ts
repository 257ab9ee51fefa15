import { HttpException } from '@nestjs/common';
import { Refused, type RefusalCode } from '@jeroboam/eventing/decider';
import { StoreUnavailable, VersionConflict } from '@jeroboam/eventing/event-store';
import { CloudRefused, CloudUnavailable, type CloudService } from '@jeroboam/openstack/http/errors';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import { PreconditionFailed } from '../../revisions/entity-tag.js';
import { AnsweredFault, Fault, NoRoute, type Answer } from './faults.js';

const refusals: Readonly<Record<RefusalCode, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'quota-exceeded': 403,
  'key-reused': 422,
};

const ofFramework = (error: HttpException): AnsweredFault => {
  const status = error.getStatus();
  if (status === 404 || status === 405 || status === 406) return new NoRoute(status);
  if (status === 413) return new Fault(413, 'Request is too large.');
  return new Fault(status, error.message);
};

/** Names of the clients in refusals: projects, not types of services. */
const clients: Readonly<Record<CloudService, string>> = {
  identity: 'keystone',
  orchestration: 'heat',
  'key-manager': 'barbican',
  compute: 'nova',
  image: 'glance',
  network: 'neutron',
  volume: 'cinder',
  'load-balancer': 'octavia',
};

const again = { 'retry-after': '1' };

/** Other services stand in the way. What a handler expects of them, it handles itself. */
const ofOthers = (error: unknown): Fault | null => {
  if (error instanceof StoreUnavailable)
    return new Fault(503, 'The event store is temporarily unavailable.', again);
  if (error instanceof ServiceUnavailable)
    return new Fault(503, `The service ${error.service} is temporarily unavailable.`, again);
  if (error instanceof CloudUnavailable)
    return new Fault(503, `The ${error.service} service is temporarily unavailable.`, again);
  if (error instanceof CloudRefused)
    return new Fault(403, `${clients[error.service]} connection failed. ${error.message}`);
  return null;
};

const expected = (error: unknown): AnsweredFault | null => {
  if (error instanceof AnsweredFault) return error;
  if (error instanceof PreconditionFailed) return new Fault(412, error.message);
  if (error instanceof Refused) return new Fault(refusals[error.code], error.message);
  if (error instanceof VersionConflict)
    return new Fault(
      409,
      'The resource was changed by other requests meanwhile. Please try again.',
    );
  if (error instanceof HttpException) return ofFramework(error);
  return ofOthers(error);
};

/** The answer to anything thrown. A bug is 500 with the id of the request and nothing of its inside. */
export const toAnswer = (error: unknown, requestId: string): Answer =>
  (
    expected(error) ?? new Fault(500, `Unexpected error, see the server's log for ${requestId}.`)
  ).answer();

/** True when whoever runs the service should look at it. */
export const isBug = (error: unknown): boolean => expected(error) === null;
