import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Cloud } from '@jeroboam/openstack/cloud';
import type { StackSummary } from '@jeroboam/openstack/heat/port';
import { CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { seen } from './cluster.effects.js';
import { stackIdsOf } from './stack-ids.js';
import type { Trustees } from './trustees.js';
import type { SeenStack } from './workflow.js';

/** Policy may change; asking for what it refuses costs a call. */
const REFUSAL_HOLDS_MS = 600_000;
/** Ids of one call: they travel in the URL. */
const IDS_PER_CALL = 50;

/** Looks at many stacks with few calls: one for all where Heat's policy lets us, else one a project. */
export class StackObserver {
  private refusedUntilMs = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Stacks of these clusters, by id. One that Heat does not list is left out. */
  async look(clusters: readonly PresentCluster[]): Promise<ReadonlyMap<string, SeenStack>> {
    const stacks = (await this.globally(clusters)) ?? (await this.byProject(clusters));
    return new Map(stacks.map((stack) => [stack.id, seen(stack)]));
  }

  private async globally(
    clusters: readonly PresentCluster[],
  ): Promise<readonly StackSummary[] | null> {
    if (Date.parse(this.clock.now()) < this.refusedUntilMs) return null;
    const service = this.cloud.keystone.service();
    try {
      const pages = chunks(clusters.flatMap(stackIdsOf)).map((ids) =>
        this.cloud.heat.listStacks(service, { global: true, ids }),
      );
      return (await Promise.all(pages)).flat();
    } catch (error) {
      if (!(error instanceof CloudRefused)) throw error;
      this.refusedUntilMs = Date.parse(this.clock.now()) + REFUSAL_HOLDS_MS;
      return null;
    }
  }

  private async byProject(clusters: readonly PresentCluster[]): Promise<readonly StackSummary[]> {
    const projects = Map.groupBy(clusters, ({ spec }) => spec.projectId);
    const lists = await Promise.all([...projects.values()].map((own) => this.ofProject(own)));
    return lists.flat();
  }

  /** Any trust on the project will do; one may have lost its user meanwhile. */
  private async ofProject(clusters: readonly PresentCluster[]): Promise<readonly StackSummary[]> {
    const ids = clusters.flatMap(stackIdsOf);
    for (const cluster of clusters) {
      try {
        const as = this.trustees.sessionFor(cluster);
        const pages = chunks(ids).map((part) => this.cloud.heat.listStacks(as, { ids: part }));
        return (await Promise.all(pages)).flat();
      } catch (error) {
        if (!(error instanceof CloudRefused || error instanceof NotFound)) throw error;
        this.log.warn('a trust does not hold', { clusterId: cluster.spec.uuid, err: error });
      }
    }
    return [];
  }
}

const chunks = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / IDS_PER_CALL) }, (_, index) =>
    ids.slice(index * IDS_PER_CALL, (index + 1) * IDS_PER_CALL),
  );
