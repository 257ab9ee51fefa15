import { readFile } from 'node:fs/promises';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle } from '@jeroboam/eventing/handle';
import type { RowReader } from '@jeroboam/eventing/row-store';
import { cluster } from '@jeroboam/domain/cluster/decider';
import { project } from '@jeroboam/domain/project/decider';
import type { Installation } from '@jeroboam/drivers/driver';
import type { Cloud } from '@jeroboam/openstack/cloud';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { ClaimSweeper } from './claims/claim-sweeper.js';
import { Authorities, type Requester } from './cluster-lifecycle/authorities.js';
import { ClusterEffects } from './cluster-lifecycle/cluster.effects.js';
import { Lifecycle, type Commits } from './cluster-lifecycle/lifecycle.js';
import { ServiceLoadBalancers } from './cluster-lifecycle/load-balancers.js';
import { Reconciler } from './cluster-lifecycle/reconciler.js';
import { StackInputs } from './cluster-lifecycle/stack-inputs.js';
import { StackObserver } from './cluster-lifecycle/stack.observer.js';
import { Stacks } from './cluster-lifecycle/stacks.js';
import { Trustees } from './cluster-lifecycle/trustees.js';
import type { Config } from './config.js';
import type { Ownership } from './ownership.js';

/** What of the settings the life of clusters depends on. */
export interface LifecycleSettings {
  readonly installation: Installation;
  readonly secretKey: string;
  readonly clusterUserTrust: boolean;
  readonly regionName: string | null;
  readonly pollIntervalMs: number;
}

/** The world around the conductor: real in `serve.ts`, made up in specs. */
export interface World {
  readonly store: EventStore;
  readonly rows: RowReader;
  readonly commits: Commits;
  readonly cloud: Cloud;
  readonly requester: Requester;
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly log: Log;
}

/** All that keeps clusters moving. */
export const composeLifecycle = (settings: LifecycleSettings, world: World): Lifecycle => {
  const { cloud, clock, log, rows, store } = world;
  const trustees = new Trustees(cloud.keystone, settings.secretKey, settings.clusterUserTrust);
  const inputs = new StackInputs(cloud, trustees, settings.installation, settings.regionName);
  const sweeper = new ClaimSweeper(rows, handle(store, 'project', project), clock);
  const effects = new ClusterEffects({
    trustees,
    authorities: new Authorities(world.requester),
    stacks: new Stacks(cloud, trustees, inputs),
    loadBalancers: new ServiceLoadBalancers(cloud, trustees),
    clock,
  });
  const reconciler = new Reconciler({
    effects,
    send: handle(store, 'cluster', cluster),
    releaseClaim: (projectId, clusterId) => sweeper.release(projectId, clusterId),
    clock,
    log,
  });
  return new Lifecycle({
    rows,
    commits: world.commits,
    reconciler,
    observer: new StackObserver(cloud, trustees, clock, log),
    sweeper,
    ownership: world.ownership,
    log,
    pollIntervalMs: settings.pollIntervalMs,
  });
};

/** Throws when the file of the CA cannot be read. */
export const lifecycleSettings = async (config: Config): Promise<LifecycleSettings> => ({
  installation: {
    authUrl: withVersion(config.nodeAuthUrl ?? config.account.authUrl),
    magnumUrl: config.magnumUrl,
    verifyCa: config.verifyCa,
    caPem: config.nodeCaFile === null ? null : await readFile(config.nodeCaFile, 'utf8'),
    affinityPolicy: config.affinityPolicy,
    postInstallManifestUrl: config.postInstallManifestUrl,
  },
  secretKey: config.secretKey.reveal(),
  clusterUserTrust: config.clusterUserTrust,
  regionName: config.account.regionName,
  pollIntervalMs: config.pollIntervalMs,
});

const withVersion = (authUrl: string): string =>
  authUrl.endsWith('/v3') ? authUrl : `${authUrl}/v3`;
