import {
  Ambiguous,
  CloudError,
  CloudRefused,
  CloudUnavailable,
  NotFound,
} from '@jeroboam/openstack/http/errors';
import { Fault } from '../http/errors/faults.js';

/** What is said when something named in a request is not to be had. `%` is its name. */
export interface Wording {
  /** Client of the service, as messages name it. */
  readonly client: string;
  readonly missing: string;
  readonly missingStatus?: number;
  readonly ambiguous?: string;
  readonly refused?: string;
}

/** An answer for the user to what another service said. */
export class LookupFault extends Fault {
  constructor(
    status: number,
    message: string,
    override readonly cause: unknown,
  ) {
    super(status, message);
  }
}

const filled = (text: string, name: string): string => text.replace('%', () => name);

/** The answer to a failure of a service that was asked on behalf of the user. */
export const cloudFault = (error: unknown, client: string): unknown => {
  if (error instanceof CloudUnavailable)
    return new LookupFault(503, `The ${error.service} service is temporarily unavailable.`, error);
  if (error instanceof CloudRefused)
    return new LookupFault(403, `${client} connection failed. ${error.message}`, error);
  return error instanceof CloudError ? new LookupFault(400, error.message, error) : error;
};

/** As {@link cloudFault}, of a look-up: 400 or 404, 409 and 403 in the words of the thing looked for. */
export const lookupFault = (error: unknown, name: string, wording: Wording): unknown => {
  if (error instanceof NotFound)
    return new Fault(wording.missingStatus ?? 400, filled(wording.missing, name));
  if (error instanceof Ambiguous && wording.ambiguous !== undefined)
    return new Fault(409, filled(wording.ambiguous, name));
  if (error instanceof CloudRefused && error.status === 403 && wording.refused !== undefined)
    return new Fault(403, filled(wording.refused, name));
  return cloudFault(error, wording.client);
};
