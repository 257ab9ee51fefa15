import { Refused } from '@jeroboam/eventing/decider';
import { fakeCloud, type FakeCloud } from '@jeroboam/openstack/fake-cloud';
import { FakeHeat, type FakeStack, type Outcome } from '@jeroboam/openstack/heat/fake';
import type {
  Stack,
  StackChange,
  StackFilter,
  StackRef,
  StackSummary,
} from '@jeroboam/openstack/heat/port';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Requester } from '../src/cloud/authorities.js';
import type { Chance } from './chance.js';
import type { Timeline } from './timeline.js';

interface Plan {
  readonly endsAt: number;
  readonly outcome: Outcome;
}

/** How stacks fare. */
export interface Fortune {
  failing: number;
  hanging: number;
  /** Longest an action takes, in ms. */
  takesMs: number;
}

const OUTPUTS = {
  api_address: '172.24.0.9',
  api_private_address: '10.0.0.9',
  kube_masters: ['172.24.0.10'],
  kube_minions: ['172.24.0.11'],
  kube_minions_private: ['10.0.0.11'],
  kube_minion_servers: ['server-1'],
  worker_security_group: 'sg-1',
  cluster_network: 'net-1',
  cluster_subnet: 'sub-1',
};

/** A cloud whose stacks take their time and may fail or hang, all by the seed. */
export class Sky {
  readonly fortune: Fortune = { failing: 0.15, hanging: 0.05, takesMs: 300_000 };
  readonly cloud: FakeCloud;
  /** Authorities by cluster. */
  readonly authorities = new Map<string, 'established' | 'destroyed'>();
  private readonly plans = new Map<string, Plan>();

  constructor(
    private readonly timeline: Timeline,
    private readonly chance: Chance,
  ) {
    const heat = new TimedHeat(timeline, (stack) => this.finishes(stack));
    this.cloud = { ...fakeCloud(), heat };
  }

  /** The certificate authority, as it is asked over NATS. */
  readonly requester: Requester = {
    request: (subject, payload) => {
      const { clusterId } = payload as { readonly clusterId: string };
      const verb = subject.split('.').at(-1);
      if (verb === 'destroy') this.authorities.set(clusterId, 'destroyed');
      if (verb === 'ensure') {
        if (this.authorities.get(clusterId) === 'destroyed') throw new Refused('not-found', 'gone');
        this.authorities.set(clusterId, 'established');
      }
      return Promise.resolve({});
    },
  };

  /** Stacks that are not deleted. */
  living(): readonly FakeStack[] {
    return [...this.cloud.heat.stacks.values()].filter(
      ({ status }) => status !== 'DELETE_COMPLETE',
    );
  }

  private finishes(stack: FakeStack): Outcome | null {
    const key = `${stack.id} ${stack.events[0]?.id ?? ''}`;
    const plan = this.plans.get(key) ?? this.plan();
    this.plans.set(key, plan);
    return this.timeline.nowMs >= plan.endsAt ? plan.outcome : null;
  }

  private plan(): Plan {
    const { failing, hanging, takesMs } = this.fortune;
    const endsAt = this.timeline.nowMs + this.chance.between(1000, takesMs);
    if (this.chance.is(hanging)) return { endsAt: Number.POSITIVE_INFINITY, outcome: {} };
    if (!this.chance.is(failing)) return { endsAt, outcome: { outputs: OUTPUTS } };
    const reason = 'ResourceInError: No valid host was found';
    return { endsAt, outcome: { status: 'FAILED', reason } };
  }
}

/** Heat whose updates bear the time of the simulation. */
class TimedHeat extends FakeHeat {
  private readonly updates = new Map<string, string>();
  private count = 0;

  constructor(
    private readonly timeline: Timeline,
    finishes: (stack: FakeStack) => Outcome | null,
  ) {
    super(finishes);
  }

  override async updateStack(as: Session, ref: StackRef, change: StackChange): Promise<void> {
    await super.updateStack(as, ref, change);
    this.count += 1;
    this.updates.set(
      typeof ref === 'string' ? ref : ref.id,
      `${this.timeline.now()} ${this.count}`,
    );
  }

  override async showStack(as: Session, ref: StackRef): Promise<Stack> {
    return this.timed(await super.showStack(as, ref));
  }

  override async listStacks(as: Session, filter?: StackFilter): Promise<readonly StackSummary[]> {
    return (await super.listStacks(as, filter)).map((stack) => this.timed(stack));
  }

  private timed<T extends StackSummary>(stack: T): T {
    return { ...stack, updatedAt: this.updates.get(stack.id) ?? null };
  }
}
