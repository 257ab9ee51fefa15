import type { VersionText } from './microversion.js';

/**
 * What the versions changed: the one table of it, into which everything looks that depends on a
 * version. Statistics (1.4), rotation of authorities (1.5), quotas (1.6), and labels and taints of
 * node groups (1.14) have a version in the history too, but were never kept from older ones.
 */
export const SINCE = {
  /** Bays are answered by their uuid, before they are there. */
  acceptedBays: '1.2',
  /** `?rollback` of a change. */
  rollback: '1.3',
  /** `…/actions/resize`, and `…/actions/upgrade`, though that only to be refused. */
  actions: '1.7',
  upgrade: '1.8',
  nodegroups: '1.9',
  /** A cluster without workers. */
  noWorkers: '1.10',
  /** Who makes a cluster is told 404 of an unknown template, and was told 400. */
  unknownTemplateIs404: '1.10',
  /** Rotation of a cluster's credential. */
  credentials: '1.12',
  /** `cluster_id` of a cluster, in place of `stack_id`. */
  clusterId: '1.13',
} as const satisfies Readonly<Record<string, VersionText>>;

/** The last version with what the next one took away. */
export const UNTIL = {
  /** Bays, and baymodels. */
  bays: '1.10',
  stackId: '1.12',
  /** Of a member that the class has from its parent, and the resource in no version. */
  never: '1.0',
} as const satisfies Readonly<Record<string, VersionText>>;

/** The last version there is. */
export const HIGHEST: VersionText = '1.14';

/** The last one offered, unless an operator wants another. */
export const HIGHEST_OFFERED: VersionText = '1.12';
