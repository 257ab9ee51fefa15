import { Refused, type Decider } from '@jeroboam/eventing/decider';
import type { Message } from '@jeroboam/eventing/message';
import { Claims } from './claims.js';
import type { ProjectEvent, QuotaResource } from './events.js';

interface QuotaTarget {
  readonly projectId: string;
  readonly resource: QuotaResource;
  readonly at: string;
}

export type ProjectCommand =
  | Message<'CreateQuota', QuotaTarget & { readonly hardLimit: number }>
  | Message<'ChangeQuota', QuotaTarget & { readonly hardLimit: number }>
  | Message<'RemoveQuota', QuotaTarget>
  | Message<
      'ClaimCluster',
      {
        readonly clusterId: string;
        /** Limit for projects without a quota of their own. */
        readonly defaultLimit: number;
        readonly at: string;
      }
    >
  | Message<'ReleaseClaim', { readonly clusterId: string; readonly at: string }>;

export interface ProjectState {
  /** `null`: the default counts. */
  readonly quota: { readonly hardLimit: number; readonly setAt: string } | null;
  /** Clusters that exist or are being requested. */
  readonly claims: Claims;
}

/** Rules of a project's quota: no number of concurrent requests can exceed it. */
export const project: Decider<ProjectState, ProjectCommand, ProjectEvent> = {
  initialState: { quota: null, claims: Claims.none },
  decide(command, state) {
    switch (command.type) {
      case 'CreateQuota':
        return createQuota(command.data, state);
      case 'ChangeQuota':
        return changeQuota(command.data, state);
      case 'RemoveQuota':
        return removeQuota(command.data, state);
      case 'ClaimCluster':
        return claim(command.data, state);
      case 'ReleaseClaim':
        return state.claims.has(command.data.clusterId)
          ? [{ type: 'ClaimReleased', data: command.data }]
          : [];
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'QuotaSet':
        return { ...state, quota: { hardLimit: event.data.hardLimit, setAt: event.data.at } };
      case 'QuotaRemoved':
        return { ...state, quota: null };
      case 'ClusterClaimed':
        return { ...state, claims: state.claims.with(event.data.clusterId) };
      case 'ClaimReleased':
        return { ...state, claims: state.claims.without(event.data.clusterId) };
      default:
        return state;
    }
  },
};

type DataOf<Type extends ProjectCommand['type']> = Extract<ProjectCommand, { type: Type }>['data'];

const createQuota = (
  { projectId, resource, hardLimit, at }: DataOf<'CreateQuota'>,
  { quota }: ProjectState,
): readonly ProjectEvent[] => {
  if (quota?.hardLimit === hardLimit && quota.setAt === at) return [];
  if (quota) {
    throw new Refused(
      'conflict',
      `Quota for project ${projectId} already exists for resource ${resource}.`,
    );
  }
  return [{ type: 'QuotaSet', data: { resource, hardLimit, at } }];
};

const changeQuota = (
  data: DataOf<'ChangeQuota'>,
  { quota }: ProjectState,
): readonly ProjectEvent[] => {
  if (!quota) throw noQuota(data);
  const { resource, hardLimit, at } = data;
  return quota.hardLimit === hardLimit
    ? []
    : [{ type: 'QuotaSet', data: { resource, hardLimit, at } }];
};

/** Removing is refused where there is nothing to remove, so a repetition is met by the command's id. */
const removeQuota = (
  data: DataOf<'RemoveQuota'>,
  { quota }: ProjectState,
): readonly ProjectEvent[] => {
  if (!quota) throw noQuota(data);
  return [{ type: 'QuotaRemoved', data: { resource: data.resource, at: data.at } }];
};

const noQuota = ({ projectId, resource }: QuotaTarget): Refused =>
  new Refused(
    'not-found',
    `Quota could not be found: project_id ${projectId} resource ${resource}.`,
  );

const claim = (
  { clusterId, defaultLimit, at }: DataOf<'ClaimCluster'>,
  { quota, claims }: ProjectState,
): readonly ProjectEvent[] => {
  if (claims.has(clusterId)) return [];
  const limit = quota?.hardLimit ?? defaultLimit;
  if (claims.size >= limit) {
    throw new Refused(
      'quota-exceeded',
      `Resource limit exceeded: You have reached the maximum clusters per project, ${limit}. ` +
        'You may delete a cluster to make room for a new one.',
    );
  }
  return [{ type: 'ClusterClaimed', data: { clusterId, at } }];
};
