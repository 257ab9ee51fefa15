import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';

/** Sends a request over NATS and gives its reply. */
export interface Requester {
  request(
    subject: string,
    payload: unknown,
    options?: { readonly timeoutMs?: number },
  ): Promise<unknown>;
}

/** Making keys takes seconds where the machine is busy. */
const TIMEOUT_MS = 60_000;

/** The certificate authority of each cluster, asked over NATS. All calls may be repeated. */
export class Authorities {
  constructor(private readonly requester: Requester) {}

  async ensure({ spec }: PresentCluster): Promise<void> {
    await this.ask('ensure', { clusterId: spec.uuid, clusterName: spec.name });
  }

  async prepareRotation({ spec }: PresentCluster): Promise<void> {
    await this.ask('prepare-rotation', { clusterId: spec.uuid, clusterName: spec.name });
  }

  async commitRotation({ spec }: PresentCluster): Promise<void> {
    await this.ask('commit-rotation', { clusterId: spec.uuid });
  }

  async abandonRotation({ spec }: PresentCluster): Promise<void> {
    await this.ask('abandon-rotation', { clusterId: spec.uuid });
  }

  async destroy({ spec }: PresentCluster): Promise<void> {
    await this.ask('destroy', { clusterId: spec.uuid });
  }

  private async ask<Verb extends keyof AuthorityRequests>(
    verb: Verb,
    payload: AuthorityRequests[Verb]['request'],
  ): Promise<void> {
    await this.requester.request(`jeroboam.authority.${verb}`, payload, { timeoutMs: TIMEOUT_MS });
  }
}
