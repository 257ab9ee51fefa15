import { Refused } from '@jeroboam/eventing/decider';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import type { Requester } from '../cloud/authorities.js';

/** Answers as the certificate authority does, but for the certificates. */
export class FakeAuthority implements Requester {
  readonly clusters = new Map<string, 'established' | 'destroyed'>();
  /** Verbs, in the order they came. */
  readonly asked: string[] = [];
  available = true;

  async request(subject: string, payload: unknown): Promise<unknown> {
    const verb = subject.split('.').at(-1) ?? '';
    const { clusterId } = payload as { readonly clusterId: string };
    this.asked.push(verb);
    if (!this.available) throw new ServiceUnavailable('authority');
    if (verb === 'ensure') this.establish(clusterId);
    if (verb === 'destroy') this.clusters.set(clusterId, 'destroyed');
    return await Promise.resolve({});
  }

  private establish(clusterId: string): void {
    if (this.clusters.get(clusterId) === 'destroyed') {
      throw new Refused('not-found', "The cluster's certificate authority has been destroyed.");
    }
    this.clusters.set(clusterId, 'established');
  }
}
