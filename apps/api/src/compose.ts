import type { EventStore } from '@jeroboam/eventing/event-store';
import type { AnyView } from '@jeroboam/eventing/projector';
import type { RowReader } from '@jeroboam/eventing/row-store';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import type { Metrics } from '@jeroboam/platform/metrics/metrics';
import type { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import type { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { clusterIds } from '@jeroboam/read-models/cluster-ids';
import { clusterTemplates } from '@jeroboam/read-models/cluster-templates';
import { clusters } from '@jeroboam/read-models/clusters';
import { conductors } from '@jeroboam/read-models/conductors';
import { quotas } from '@jeroboam/read-models/quotas';
import { CallersCloud, type AskedServices } from './cloud/caller-cloud.js';
import { LookupCache, type LookupCacheSettings } from './cloud/lookup-cache.js';
import { Trusts } from './cloud/trusts.js';
import type { Policy } from './http/policy/policy.js';
import { Reads } from './reads/reads.js';
import type { ResourceParts, ResourceSettings } from './resource-parts.js';
import { aggregatesOf } from './writing/aggregates.js';
import { unrecorded } from './writing/step.js';

/** How long an answer waits for its own event to be readable, in ms. */
const SHOWN_WITHIN_MS = 5000;

/** What the API reads. */
export const VIEWS: readonly AnyView[] = [
  clusters,
  clusterIds,
  clusterTemplates,
  quotas,
  conductors,
];

/** The world around the API: real in `serve.ts`, made up in specs. */
export interface World extends Pick<ResourceParts, 'requester' | 'conductors'> {
  readonly store: EventStore;
  readonly rows: RowReader;
  readonly model: Pick<ReadModel, 'waitFor'>;
  readonly freshness: Pick<FreshReads, 'ready'>;
  readonly cloud: AskedServices & { readonly keystone: Keystone };
  readonly policy: Policy;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface ComposeSettings extends ResourceSettings {
  readonly lookups: LookupCacheSettings;
}

/** Puts together what the resources work with. */
export const composeResources = (settings: ComposeSettings, world: World): ResourceParts => {
  const { cloud, clock, freshness, log, metrics, model, policy, rows, store } = world;
  return {
    policy,
    reads: new Reads(rows, freshness),
    aggregates: aggregatesOf({
      store,
      metrics,
      shown: async (position) => {
        await model.waitFor(position, SHOWN_WITHIN_MS);
      },
    }),
    cloud: new CallersCloud(cloud, new LookupCache(settings.lookups)),
    trusts: new Trusts(cloud.keystone, log),
    keystone: cloud.keystone,
    requester: world.requester,
    conductors: world.conductors,
    store,
    step: unrecorded,
    clock,
    settings,
  };
};
