import type { EventStore } from '@jeroboam/eventing/event-store';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import type { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import type { CallersCloud } from './cloud/caller-cloud.js';
import type { Trusts } from './cloud/trusts.js';
import type { Policy } from './http/policy/policy.js';
import type { Reads } from './reads/reads.js';
import type { Aggregates } from './writing/aggregates.js';
import type { Step } from './writing/step.js';

/** What an operator decides about the resources. */
export interface ResourceSettings {
  /** Largest page, and the size of one when no limit is given. */
  readonly maxLimit: number;
  readonly maxClustersPerProject: number;
  /** Of kubernetes templates; `all` among the allowed: no restriction. */
  readonly networkDrivers: { readonly allowed: readonly string[]; readonly default: string };
  /** GB of nodes' boot volumes where no label says; 0: none. */
  readonly bootVolumeSize: number;
  /** Driver of templates that name none, nor their image. */
  readonly defaultDriver: string | null;
  /** Names of drivers that nothing new is made with; what they have built goes on. */
  readonly disabledDrivers: readonly string[];
  /** Days for which the certificate of a kubeconfig is good. */
  readonly kubeconfigTermDays: number;
  /** Silence after which a conductor is shown as down. */
  readonly serviceDownMs: number;
}

/** What the controllers of resources work with. */
export interface ResourceParts {
  readonly policy: Policy;
  readonly reads: Reads;
  readonly aggregates: Aggregates;
  /** What happened, for whoever asks about the past. */
  readonly store: Pick<EventStore, 'read'>;
  /** Each check of a request goes through it, so that a dry run can tell of them. */
  readonly step: Step;
  readonly cloud: CallersCloud;
  readonly trusts: Pick<Trusts, 'demandLendable' | 'lend' | 'takeBack' | 'replacementFor'>;
  readonly keystone: Pick<Keystone, 'projectExists'>;
  readonly requester: Pick<NatsRequester, 'request'>;
  readonly conductors: Pick<HeartbeatTracker, 'members'>;
  readonly clock: Clock;
  readonly settings: ResourceSettings;
}

/** Names {@link ResourceParts} to Nest. */
export const resourceParts = Symbol('ResourceParts');
