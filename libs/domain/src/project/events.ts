import type { Message } from '@jeroboam/eventing/message';

/** What a quota can limit. */
export type QuotaResource = 'Cluster';

/** What happened to a project's quota and to the claims on it. Stream `project-<id>`. */
export type ProjectEvent =
  | Message<
      'QuotaSet',
      { readonly resource: QuotaResource; readonly hardLimit: number; readonly at: string }
    >
  | Message<'QuotaRemoved', { readonly resource: QuotaResource; readonly at: string }>
  | Message<'ClusterClaimed', { readonly clusterId: string; readonly at: string }>
  | Message<'ClaimReleased', { readonly clusterId: string; readonly at: string }>;
