import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Handler } from '@jeroboam/eventing/handle';
import type { RowReader } from '@jeroboam/eventing/row-store';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import type { ClusterState, PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { clustersInStatus } from '@jeroboam/read-models/clusters';
import { Slots } from '@jeroboam/platform/concurrency/slots';
import type { Ownership } from '../ownership.js';
import { serviceMetadata } from '../service-metadata.js';
import type { ClientCertificates } from './client-certificates.js';
import { KubernetesApi } from './kubernetes-api.js';
import {
  inaccessible,
  isReachable,
  isWatchedByOthers,
  verdictOf,
  type Verdict,
} from './verdict.js';

const SETTLED = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_FAILED', 'DELETE_FAILED'];
const LOOKS_AT_ONCE = 8;

export interface HealthParts {
  readonly rows: RowReader;
  readonly send: Handler<ClusterState, ClusterCommand, ClusterEvent>;
  readonly certificates: ClientCertificates;
  readonly ownership: Pick<Ownership, 'has'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Below 1 nobody is looked at. */
  readonly intervalSeconds: number;
}

/** Asks the API of each settled Kubernetes cluster how it is, and records it when it has changed. */
export class HealthWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly slots = new Slots(LOOKS_AT_ONCE);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly parts: HealthParts) {}

  onApplicationBootstrap(): void {
    const { intervalSeconds } = this.parts;
    if (intervalSeconds < 1) return;
    this.timer = setInterval(() => void this.look(), intervalSeconds * 1000);
  }

  /** Every look has its own limit of seconds. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.round;
  }

  /** One round at a time. */
  look(): Promise<void> {
    this.round ??= this.lookAtAll().finally(() => {
      this.round = null;
    });
    return this.round;
  }

  private async lookAtAll(): Promise<void> {
    const clusters = this.mine();
    this.parts.certificates.keepOnly(clusters.map(({ spec }) => spec.uuid));
    await Promise.all(clusters.map((each) => this.slots.run(() => this.lookAt(each))));
  }

  private mine(): readonly PresentCluster[] {
    const { rows, ownership } = this.parts;
    return clustersInStatus(rows, SETTLED)
      .map(({ row }) => row)
      .filter(
        ({ spec, apiAddress }) =>
          spec.template.coe === 'kubernetes' &&
          apiAddress !== null &&
          !isWatchedByOthers(spec) &&
          ownership.has(spec.uuid),
      );
  }

  private async lookAt(cluster: PresentCluster): Promise<void> {
    if (this.stopped) return;
    try {
      await this.record(cluster, await this.verdict(cluster));
    } catch (error) {
      const fields = { clusterId: cluster.spec.uuid, err: error };
      this.parts.log.warn('health of a cluster could not be found out', fields);
    }
  }

  private async verdict(cluster: PresentCluster): Promise<Verdict> {
    const { spec, apiAddress } = cluster;
    if (!isReachable(spec)) return inaccessible(cluster);
    const { certificates } = this.parts;
    const isOpen = spec.template.tlsDisabled;
    const api = new KubernetesApi(apiAddress ?? '', isOpen ? null : await certificates.of(cluster));
    try {
      const healthz = await api.get('/healthz');
      const nodes = healthz.kind === 'answered' ? await api.get('/api/v1/nodes') : healthz;
      const verdict = verdictOf(cluster, healthz, nodes);
      if (verdict.status === 'UNHEALTHY') certificates.drop(spec.uuid);
      return verdict;
    } finally {
      await api.close();
    }
  }

  private async record(cluster: PresentCluster, { status, reason }: Verdict): Promise<void> {
    if (isSame(cluster, { status, reason })) return;
    const { send, clock } = this.parts;
    const { uuid } = cluster.spec;
    const at = clock.now();
    const command = { type: 'RecordHealth', data: { status, reason, at } } as const;
    await send(uuid, command, serviceMetadata(uuid, `health/${uuid}/${at}`));
  }
}

const isSame = ({ healthStatus, healthReason }: PresentCluster, verdict: Verdict): boolean =>
  healthStatus === verdict.status &&
  JSON.stringify(healthReason) === JSON.stringify(verdict.reason);
