import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { VersionConflict } from '@jeroboam/eventing/event-store';
import { newId } from '@jeroboam/platform/ids/ids';
import { currentContext } from '@jeroboam/platform/logging/log-context';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import type { Cause } from '../authority/authority-log.js';
import { ClusterAuthorities } from '../authority/cluster-authorities.js';
import { SecretStoreUnavailable } from '../secrets/secret-store.js';
import { toRequest, type RequestOf, type Verb } from './requests.js';

const SUBJECT = 'jeroboam.authority';

/** Each request: read it, do it, and say `unavailable` of what may go well later. */
@Controller()
export class AuthorityController {
  constructor(private readonly authorities: ClusterAuthorities) {}

  @MessagePattern(`${SUBJECT}.ensure`)
  ensure(@Payload() message: unknown) {
    return answer('ensure', message, (request, cause) => this.authorities.ensure(request, cause));
  }

  @MessagePattern(`${SUBJECT}.ca`)
  ca(@Payload() message: unknown) {
    return answer('ca', message, (request) => this.authorities.ca(request));
  }

  @MessagePattern(`${SUBJECT}.sign`)
  sign(@Payload() message: unknown) {
    return answer('sign', message, (request, cause) => this.authorities.sign(request, cause));
  }

  @MessagePattern(`${SUBJECT}.prepare-rotation`)
  prepareRotation(@Payload() message: unknown) {
    return answer('prepare-rotation', message, (request, cause) =>
      this.authorities.prepareRotation(request, cause),
    );
  }

  @MessagePattern(`${SUBJECT}.commit-rotation`)
  commitRotation(@Payload() message: unknown) {
    return answer('commit-rotation', message, (request, cause) =>
      this.authorities.commitRotation(request, cause),
    );
  }

  @MessagePattern(`${SUBJECT}.abandon-rotation`)
  abandonRotation(@Payload() message: unknown) {
    return answer('abandon-rotation', message, (request, cause) =>
      this.authorities.abandonRotation(request, cause),
    );
  }

  @MessagePattern(`${SUBJECT}.destroy`)
  destroy(@Payload() message: unknown) {
    return answer('destroy', message, (request, cause) => this.authorities.destroy(request, cause));
  }
}

type Reply<V extends Verb> = Promise<AuthorityRequests[V]['reply']>;

const answer = async <V extends Verb>(
  verb: V,
  message: unknown,
  work: (request: RequestOf<V>, cause: Cause) => Reply<V>,
): Reply<V> => {
  try {
    return await work(toRequest(verb, message), causeOfWork());
  } catch (error) {
    if (error instanceof SecretStoreUnavailable) {
      throw new ServiceUnavailable('secret store', { cause: error });
    }
    if (error instanceof VersionConflict) throw new ServiceUnavailable('log', { cause: error });
    throw error;
  }
};

/** The request that came with the message; who made it stands with the events of the cluster. */
const causeOfWork = (): Cause => {
  const { requestId, traceparent } = currentContext();
  const correlationId = requestId ?? newId();
  return {
    correlationId,
    causationId: correlationId,
    actor: {
      kind: 'service',
      userId: null,
      userName: 'cert-authority',
      projectId: null,
      roles: [],
      requestId: requestId ?? null,
      address: null,
    },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
