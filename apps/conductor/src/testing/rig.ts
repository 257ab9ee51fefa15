import { handle, type Handler } from '@jeroboam/eventing/handle';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { Metadata } from '@jeroboam/eventing/message';
import { master, nodegroup, spec, template } from '@jeroboam/domain/cluster/cluster.examples';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent, ClusterSpec } from '@jeroboam/domain/cluster/events';
import { isPresent, type ClusterState, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { project, type ProjectCommand, type ProjectState } from '@jeroboam/domain/project/decider';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import { fakeCloud, type FakeCloud } from '@jeroboam/openstack/fake-cloud';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { claims } from '@jeroboam/read-models/claims';
import { clusters } from '@jeroboam/read-models/clusters';
import type { Lifecycle } from '../cluster-lifecycle/lifecycle.js';
import { composeLifecycle } from '../compose.js';
import { pause, type Pause } from '../pause.js';
import { FakeAuthority } from './fake-authority.js';
import { SetClock } from './set-clock.js';

export const SETTINGS = {
  installation: {
    authUrl: 'http://keystone/v3',
    magnumUrl: 'http://magnum/v1',
    verifyCa: true,
    caPem: null,
    affinityPolicy: 'soft-anti-affinity',
    postInstallManifestUrl: null,
    volumes: { bootSize: 0, bootType: null, dockerType: null, etcdType: null },
  },
  secretKey: 'key',
  clusterUserTrust: false,
  regionName: null,
  pollIntervalMs: 1000,
  generateKey: () => Promise.resolve({ publicKey: 'public', privateKey: 'private' }),
};

/** All of a cluster's stack when it is complete. */
export const OUTPUTS = {
  api_address: '172.24.0.9',
  kube_masters: ['172.24.0.10'],
  kube_minions: ['172.24.0.11'],
  kube_minions_private: ['10.0.0.11'],
  kube_minion_servers: ['server-1'],
};

export type Around = Partial<Pick<Rig, 'clock' | 'store' | 'cloud' | 'authority'>>;

/** Nobody waits for the end of steps in a test, nor do steps run out of time. */
const soonIfShort: Pause = (ms, signal) => pause(ms < 10_000 ? 20 : ms, signal);

/** A conductor over an empty log and a cloud in memory; time passes when it is told to. */
export class Rig {
  readonly clock: SetClock;
  readonly store: InMemoryEventStore;
  readonly authority: FakeAuthority;
  readonly cloud: FakeCloud;
  readonly rows: SqliteRowStore;
  readonly lifecycle: Lifecycle;
  readonly readModel: ReadModel;
  readonly send: Handler<ClusterState, ClusterCommand, ClusterEvent>;
  private readonly claim: Handler<ProjectState, ProjectCommand, ProjectEvent>;
  private commands = 0;

  /** @param around what this conductor shares with its predecessor */
  constructor(file: string, around: Around = {}) {
    const clock = around.clock ?? new SetClock();
    const store = around.store ?? new InMemoryEventStore(() => clock.now());
    const cloud = around.cloud ?? fakeCloud();
    const rows = SqliteRowStore.open(file);
    this.authority = around.authority ?? new FakeAuthority();
    this.clock = clock;
    this.store = store;
    this.cloud = cloud;
    this.rows = rows;
    this.send = handle(store, 'cluster', cluster);
    this.claim = handle(store, 'project', project);
    const log = new SilentLog();
    const views = [clusters, claims];
    this.readModel = new ReadModel({
      name: 'rig',
      store,
      rows,
      views,
      log,
      metrics: new Metrics('rig'),
    });
    this.lifecycle = composeLifecycle(SETTINGS, {
      store,
      rows,
      commits: this.readModel,
      cloud,
      requester: this.authority,
      ownership: { has: () => true, onChange: () => () => undefined },
      clock,
      log,
      pause: soonIfShort,
    });
  }

  async start(): Promise<void> {
    await this.readModel.start();
    this.lifecycle.listen();
  }

  async stop(): Promise<void> {
    await this.lifecycle.beforeApplicationShutdown();
    await this.readModel.close();
    this.rows.close();
  }

  get projectId(): string {
    return this.cloud.keystone.directory.projectNamed('demo')?.id ?? '';
  }

  async command(command: ClusterCommand, id = 'c1'): Promise<void> {
    await this.send(id, command, this.metadata());
  }

  /** Asks for cluster `c1` as user demo does. */
  async request(changes: Partial<ClusterSpec> = {}): Promise<void> {
    const at = this.clock.now();
    const claimed = { clusterId: 'c1', defaultLimit: 9, at };
    await this.claim(this.projectId, { type: 'ClaimCluster', data: claimed }, this.metadata());
    const data = {
      ...this.begun('op-create'),
      cluster: this.spec(changes),
      nodegroups: [master, nodegroup()],
      trustId: await this.lend(),
    };
    await this.command({ type: 'RequestCluster', data });
  }

  spec(changes: Partial<ClusterSpec> = {}): ClusterSpec {
    const own = { projectId: this.projectId, keypair: null };
    return { ...spec, ...own, template: { ...template, keypairId: null }, ...changes };
  }

  /** An hour to go. */
  begun(operationId: string) {
    const at = this.clock.now();
    return { operationId, at, deadline: new Date(Date.parse(at) + 3_600_000).toISOString() };
  }

  /** A trust from demo to the service account. */
  async lend(): Promise<string> {
    const { keystone } = this.cloud;
    const session = await this.demo();
    const { userId, roles } = await session.access();
    const { userId: trusteeUserId } = await keystone.serviceAccount();
    const { projectId } = this;
    const request = {
      trustorUserId: userId,
      trusteeUserId,
      projectId,
      roles,
      redelegationCount: 2,
    };
    return (await keystone.createTrust(session, request)).id;
  }

  async demo() {
    const { keystone } = this.cloud;
    const token = keystone.signIn('demo', 'demo');
    const validated = await keystone.validate(token);
    if (!validated) throw new Error('the token is not valid');
    return keystone.userSession(token, validated);
  }

  /** Throws when it is not there. */
  cluster(): PresentCluster {
    const state = this.state();
    if (!isPresent(state)) throw new Error(`the cluster is ${state.status}`);
    return state;
  }

  state(): ClusterState {
    return this.store
      .all()
      .filter(({ stream }) => stream === 'cluster-c1')
      .reduce<ClusterState>(
        (state, event) => cluster.evolve(state, event as Parameters<typeof cluster.evolve>[1]),
        cluster.initialState,
      );
  }

  /** Types of the cluster's events. */
  events(): readonly string[] {
    return this.store
      .all()
      .filter(({ stream }) => stream.startsWith('cluster-'))
      .map(({ type }) => type);
  }

  /** How many places under the quota are taken. */
  claims(): number {
    return this.store
      .all()
      .filter(({ stream }) => stream.startsWith('project-'))
      .reduce(
        (state, event) => project.evolve(state, event as ProjectEvent & typeof event),
        project.initialState,
      ).claims.size;
  }

  trustees() {
    return [...this.cloud.keystone.directory.users.values()].filter(
      ({ domainName }) => domainName === 'jeroboam',
    );
  }

  private metadata(): Metadata {
    this.commands += 1;
    const commandId = `command-${this.commands}`;
    return { correlationId: commandId, causationId: commandId, commandId, actor: null };
  }
}
