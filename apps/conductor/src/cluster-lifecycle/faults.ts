import { Refused } from '@jeroboam/eventing/decider';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { DriverFault } from '@jeroboam/drivers/driver';
import { Ambiguous, BadRequest, CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { FailureCause } from '../cloud/stacks.js';
import type { Effect } from './workflow/situation.js';

/** Trying again would end the same way: the request itself is at fault, or whom we act for. */
export const isFinal = (error: unknown): error is Error =>
  [DriverFault, BadRequest, CloudRefused, NotFound, Ambiguous, Refused].some(
    (kind) => error instanceof kind,
  );

/** The trust we act with is not there any more. */
export const isTrustLost = (error: unknown): boolean =>
  error instanceof NotFound && error.service === 'identity';

/** For the user: what could not be done, and why. */
export const explain = (effect: Effect, error: Error, { spec }: PresentCluster): string => {
  switch (effect.kind) {
    case 'ensure-trustee':
      return `Failed to create trustee or trust for Cluster: ${spec.uuid}. ${error.message}`;
    case 'ensure-authorities':
      return `Failed to create certificates for Cluster: ${spec.uuid}. ${error.message}`;
    default:
      return effect.operation.kind === 'delete' && isOfTrust(error)
        ? `${error.message} Delete the cluster again to renew the trust it is managed with.`
        : error.message;
  }
};

const isOfTrust = (error: Error): boolean => isTrustLost(error) || error instanceof CloudRefused;

/** Node groups to which the resource that failed belongs. */
export const faultsOf = (
  cluster: PresentCluster,
  { path, text }: FailureCause,
): Record<string, string> => {
  const isMaster = path.some((name) => name.includes('master'));
  const isWorker = path.some((name) => /minion|worker|node/.test(name));
  if (isMaster === isWorker) return {};
  const hit = cluster.nodegroups.filter(({ role }) => (role === 'master') === isMaster);
  return Object.fromEntries(hit.map(({ uuid }) => [uuid, text]));
};
