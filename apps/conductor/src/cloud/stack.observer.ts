import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Cloud } from '@jeroboam/openstack/cloud';
import { CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { seenOf } from './seen-of.js';
import { stackIdsOf } from './stack-ids.js';
import type { Trustees } from './trustees.js';
import type { Seen, SeenStack } from '../cluster-lifecycle/workflow/situation.js';

/** Policy may change; asking for what it refuses costs a call. */
const REFUSAL_HOLDS_MS = 600_000;
/** Ids of one call: they travel in the URL. */
const IDS_PER_CALL = 50;

/** What a look has shown. */
export interface Sight {
  readonly seen: Seen;
  /** Asked for and not listed: it is gone, or nobody could tell. Each needs a look of its own. */
  readonly missing: readonly string[];
}

/** Looks at many stacks with few calls: one for all where Heat's policy lets us, else one a project. */
export class StackObserver {
  private refusedUntilMs = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Stacks of these clusters. Projects whose stacks cannot be listed now are left out. */
  async look(clusters: readonly PresentCluster[]): Promise<Sight> {
    const sights = (await this.globally(clusters)) ?? (await this.byProject(clusters));
    return {
      seen: new Map(sights.flatMap(({ seen }) => [...seen])),
      missing: sights.flatMap(({ missing }) => missing),
    };
  }

  private async globally(clusters: readonly PresentCluster[]): Promise<readonly Sight[] | null> {
    if (Date.parse(this.clock.now()) < this.refusedUntilMs) return null;
    const ids = clusters.flatMap(stackIdsOf);
    try {
      return [await this.listed(this.cloud.keystone.service(), ids, true)];
    } catch (error) {
      if (!(error instanceof CloudRefused)) throw error;
      this.refusedUntilMs = Date.parse(this.clock.now()) + REFUSAL_HOLDS_MS;
      return null;
    }
  }

  /** One project that does not answer hides none of the others. */
  private async byProject(clusters: readonly PresentCluster[]): Promise<readonly Sight[]> {
    const projects = Map.groupBy(clusters, ({ spec }) => spec.projectId);
    const looks = [...projects].map(async ([projectId, own]) => {
      try {
        return [await this.ofProject(own)];
      } catch (error) {
        this.log.warn('stacks of a project could not be looked at', { projectId, err: error });
        return [];
      }
    });
    return (await Promise.all(looks)).flat();
  }

  /** Any trust on the project will do; one may have lost its user meanwhile. */
  private async ofProject(clusters: readonly PresentCluster[]): Promise<Sight> {
    const ids = clusters.flatMap(stackIdsOf);
    for (const cluster of clusters) {
      try {
        return await this.listed(await this.trustees.projectSessionFor(cluster), ids, false);
      } catch (error) {
        if (!(error instanceof CloudRefused || error instanceof NotFound)) throw error;
        this.log.warn('a trust does not hold', { clusterId: cluster.spec.uuid, err: error });
      }
    }
    return { seen: new Map(), missing: ids };
  }

  private async listed(as: Session, ids: readonly string[], global: boolean): Promise<Sight> {
    const pages = chunks(ids).map((part) => this.cloud.heat.listStacks(as, { global, ids: part }));
    const seen = new Map<string, SeenStack>();
    for (const stack of (await Promise.all(pages)).flat()) seen.set(stack.id, seenOf(stack));
    return { seen, missing: ids.filter((id) => !seen.has(id)) };
  }
}

const chunks = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / IDS_PER_CALL) }, (_, index) =>
    ids.slice(index * IDS_PER_CALL, (index + 1) * IDS_PER_CALL),
  );
