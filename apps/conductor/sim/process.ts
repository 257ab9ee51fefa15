import {
  EventStore,
  StoreUnavailable,
  type Batch,
  type Subscription,
} from '@jeroboam/eventing/event-store';
import type { Cloud } from '@jeroboam/openstack/cloud';
import { CloudUnavailable, type CloudService } from '@jeroboam/openstack/http/errors';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { ownerOf } from '@jeroboam/platform/membership/rendezvous';
import { claims } from '@jeroboam/read-models/claims';
import { clusters } from '@jeroboam/read-models/clusters';
import type { Lifecycle } from '../src/cluster-lifecycle/lifecycle.js';
import { composeLifecycle } from '../src/compose.js';
import { CadfReactor } from '../src/notifications/cadf.reactor.js';
import type { Chance } from './chance.js';
import { Line } from './line.js';
import type { Members } from './members.js';
import type { Mailbox } from './mailbox.js';
import type { Sky } from './sky.js';
import type { Timeline } from './timeline.js';

export const POLL_MS = 2000;
const SWEEP_MS = 15_000;
/** Of the client of the store. */
const PATIENCE_MS = 15_000;
/** How far a read model may lag behind the log. */
const LAG_MS = 1500;

/** What all processes share. */
export interface Shared {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly store: EventStore;
  readonly sky: Sky;
  readonly members: Members;
  readonly mailbox: Mailbox;
}

/** One conductor, from its start to its death. */
export class Process {
  readonly line: Line;
  private readonly rows = SqliteRowStore.open(':memory:');
  private readonly readModel: ReadModel;
  private readonly lifecycle: Lifecycle;
  private readonly notifications: CadfReactor;

  constructor(
    readonly id: string,
    private readonly shared: Shared,
  ) {
    const { timeline, chance, sky, members, mailbox } = shared;
    const log = new SilentLog();
    this.line = new Line(timeline, chance);
    const store = new DistantStore(this.line, shared);
    const views = [clusters, claims];
    const metrics = new Metrics('sim');
    this.readModel = new ReadModel({ name: id, store, rows: this.rows, views, log, metrics });
    const pause = (ms: number, signal: AbortSignal) =>
      Promise.race([timeline.pause(ms), aborted(signal)]);
    const ownership = {
      has: (key: string) => ownerOf(key, members.seenBy(id)) === id,
      onChange: (listener: () => void) => members.onChange(listener),
    };
    this.lifecycle = composeLifecycle(SETTINGS, {
      store,
      rows: this.rows,
      commits: this.readModel,
      cloud: distantCloud(this.line, sky.cloud),
      requester: this.line.to(overNats(members, sky.requester), noAnswer),
      ownership,
      clock: timeline,
      log,
      pause,
    });
    this.notifications = new CadfReactor({
      store,
      outlet: this.line.to(overNats(members, mailbox), noAnswer),
      ownership,
      clock: timeline,
      log,
      pause,
    });
  }

  get alive(): boolean {
    return !this.line.isCut();
  }

  start(): void {
    const { timeline } = this.shared;
    void this.readModel.start().then(() => {
      if (!this.alive) return;
      this.lifecycle.listen();
      this.notifications.onApplicationBootstrap();
      timeline.every(POLL_MS, () => this.whileAlive(() => this.lifecycle.poll()));
      timeline.every(SWEEP_MS, () => this.whileAlive(() => this.lifecycle.sweep()));
    });
  }

  /** As by kill -9. */
  kill(): void {
    this.line.sever();
  }

  /** For the end of a simulation: nothing of it may go on. */
  async end(): Promise<void> {
    this.kill();
    void this.notifications.beforeApplicationShutdown();
    void this.lifecycle.beforeApplicationShutdown();
    await this.readModel.close();
    this.rows.close();
  }

  private whileAlive(work: () => Promise<void>): boolean {
    if (this.alive) void work();
    return this.alive;
  }
}

const SETTINGS = {
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
  pollIntervalMs: POLL_MS,
  generateKey: () => Promise.resolve({ publicKey: 'public', privateKey: 'private' }),
};

const noAnswer = (): Error => new ServiceUnavailable('NATS');

/** The service, as long as NATS is not cut. */
const overNats = <Service extends object>(members: Members, service: Service): Service =>
  new Proxy(service, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (!members.connected) throw noAnswer();
        return Reflect.apply(member, target, args);
      };
    },
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

const distantCloud = (line: Line, cloud: Cloud): Cloud => {
  const unavailable = (service: CloudService) => () =>
    new CloudUnavailable(`The ${service} service did not answer: timeout`, {
      service,
      status: null,
      requestId: null,
    });
  return {
    ...cloud,
    keystone: line.to(cloud.keystone, unavailable('identity')),
    heat: line.to(cloud.heat, unavailable('orchestration')),
    neutron: line.to(cloud.neutron, unavailable('network')),
    octavia: line.to(cloud.octavia, unavailable('load-balancer')),
  };
};

/** The log at the other end of the line; what is new arrives late. */
class DistantStore extends EventStore {
  private readonly distant: EventStore;

  constructor(
    private readonly line: Line,
    private readonly shared: Shared,
  ) {
    super();
    this.distant = line.to(shared.store, () => new StoreUnavailable('no answer'), PATIENCE_MS);
  }

  override append(...args: Parameters<EventStore['append']>) {
    return this.distant.append(...args);
  }

  override read(...args: Parameters<EventStore['read']>) {
    return this.distant.read(...args);
  }

  override head() {
    return this.distant.head();
  }

  override lookAhead(...args: Parameters<EventStore['lookAhead']>) {
    return this.distant.lookAhead(...args);
  }

  override async *subscribe(subscription: Subscription): AsyncIterable<Batch> {
    const { timeline, chance, store } = this.shared;
    for await (const batch of store.subscribe(subscription)) {
      if (batch.events.length > 0) await timeline.pause(chance.between(1, LAG_MS));
      if (this.line.isCut()) return;
      yield batch;
    }
  }
}
