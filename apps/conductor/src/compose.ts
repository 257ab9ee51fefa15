import { readFile } from 'node:fs/promises';
import type { EventStore, Recorded } from '@jeroboam/eventing/event-store';
import { fold } from '@jeroboam/eventing/decider';
import { handle } from '@jeroboam/eventing/handle';
import type { RowReader } from '@jeroboam/eventing/row-store';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { isPresent } from '@jeroboam/domain/cluster/state';
import type { Installation } from '@jeroboam/drivers/driver';
import type { Cloud } from '@jeroboam/openstack/cloud';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { ClaimSweeper } from './claims/claim-sweeper.js';
import { Authorities, type Requester } from './cloud/authorities.js';
import { ClusterEffects } from './cluster-lifecycle/cluster.effects.js';
import { Lifecycle, type Commits } from './cluster-lifecycle/lifecycle.js';
import { ServiceLoadBalancers } from './cloud/load-balancers.js';
import { Reconciler } from './cluster-lifecycle/reconciler.js';
import { StackInputs, type KeyPair } from './cloud/stack-inputs.js';
import { StackObserver } from './cloud/stack.observer.js';
import { Stacks } from './cloud/stacks.js';
import { Trustees } from './cloud/trustees.js';
import { ClientCertificates } from './health/client-certificates.js';
import { HealthWatch } from './health/health-watch.js';
import type { Config } from './config.js';
import type { Ownership } from './ownership.js';
import { pause, type Pause } from './pause.js';

/** What of the settings the life of clusters depends on. */
export interface LifecycleSettings {
  readonly installation: Installation;
  readonly secretKey: string;
  readonly clusterUserTrust: boolean;
  readonly regionName: string | null;
  readonly pollIntervalMs: number;
  /** How keys of service accounts are made; as it should be when not given. */
  readonly generateKey?: () => Promise<KeyPair>;
}

/** The world around the conductor: real in `serve.ts`, made up in specs. */
export interface World {
  readonly store: EventStore;
  readonly rows: RowReader;
  readonly commits: Commits;
  readonly cloud: Cloud;
  readonly requester: Requester;
  readonly ownership: Pick<Ownership, 'has' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The real one when not given. */
  readonly pause?: Pause;
}

/** All that keeps clusters moving. */
export const composeLifecycle = (settings: LifecycleSettings, world: World): Lifecycle => {
  const { cloud, clock, log, rows, store } = world;
  const sweeper = new ClaimSweeper(rows, store, clock);
  const reconciler = new Reconciler({
    effects: effectsOf(settings, world),
    send: handle(store, 'cluster', cluster),
    releaseClaim: (projectId, clusterId) => sweeper.release(projectId, clusterId),
    clock,
    log,
    pause: world.pause ?? pause,
  });
  return new Lifecycle({
    rows,
    commits: world.commits,
    reconciler,
    observer: new StackObserver(cloud, trusteesOf(settings, cloud), clock, log),
    sweeper,
    ownership: world.ownership,
    log,
    pollIntervalMs: settings.pollIntervalMs,
    pause: world.pause ?? pause,
  });
};

/** What asks the clusters themselves. */
export const composeHealthWatch = (world: World, intervalSeconds: number): HealthWatch => {
  const { rows, ownership, clock, log, store, requester } = world;
  const certificates = new ClientCertificates(new Authorities(requester), clock);
  const send = handle(store, 'cluster', cluster);
  return new HealthWatch({ rows, send, certificates, ownership, clock, log, intervalSeconds });
};

/** What effects need of the world. */
type Reach = Pick<World, 'store' | 'cloud' | 'requester' | 'clock' | 'log'>;

/** All that can be done for a cluster. */
export const effectsOf = (
  settings: Omit<LifecycleSettings, 'pollIntervalMs'>,
  { cloud, clock, log, store, requester }: Reach,
): ClusterEffects => {
  const { installation, regionName, generateKey } = settings;
  const trustees = trusteesOf(settings, cloud);
  const inputs = new StackInputs(cloud, trustees, installation, regionName, generateKey);
  return new ClusterEffects({
    trustees,
    authorities: new Authorities(requester),
    stacks: new Stacks(cloud, trustees, inputs),
    loadBalancers: new ServiceLoadBalancers(cloud, trustees),
    clock,
    log,
    isInHand: (clusterId, operationId) => isInHand(store, clusterId, operationId),
  });
};

const trusteesOf = (
  { secretKey, clusterUserTrust }: Pick<LifecycleSettings, 'secretKey' | 'clusterUserTrust'>,
  { keystone }: Cloud,
): Trustees => new Trustees(keystone, secretKey, clusterUserTrust);

const isInHand = async (
  store: EventStore,
  clusterId: string,
  operationId: string,
): Promise<boolean> => {
  const events = await store.read(`cluster-${clusterId}`);
  // What stands in a stream of this category was written through its decider.
  const state = fold(
    cluster,
    events as readonly Recorded<ClusterEvent>[] as readonly ClusterEvent[],
  );
  return isPresent(state) && state.operations.some(({ id }) => id === operationId);
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
    volumes: config.volumes,
  },
  secretKey: config.secretKey.reveal(),
  clusterUserTrust: config.clusterUserTrust,
  regionName: config.account.regionName,
  pollIntervalMs: config.pollIntervalMs,
});

const withVersion = (authUrl: string): string =>
  authUrl.endsWith('/v3') ? authUrl : `${authUrl}/v3`;
