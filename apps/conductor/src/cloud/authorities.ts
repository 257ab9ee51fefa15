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

  /** The authority's certificate, PEM. */
  async ca({ spec }: PresentCluster): Promise<string> {
    return (await this.ask('ca', { clusterId: spec.uuid, authority: 'kubernetes' })).pem;
  }

  /** A certificate for a CSR, both PEM. */
  async sign({ spec }: PresentCluster, csr: string, termDays: number): Promise<string> {
    const { uuid: clusterId, name: clusterName } = spec;
    const request = { clusterId, clusterName, authority: 'kubernetes', csr, termDays } as const;
    return (await this.ask('sign', request)).pem;
  }

  private async ask<Verb extends keyof AuthorityRequests>(
    verb: Verb,
    payload: AuthorityRequests[Verb]['request'],
  ): Promise<AuthorityRequests[Verb]['reply']> {
    const subject = `jeroboam.authority.${verb}`;
    const reply = await this.requester.request(subject, payload, { timeoutMs: TIMEOUT_MS });
    // What is answered is declared where both sides see it.
    return reply as AuthorityRequests[Verb]['reply'];
  }
}
