/** Status of a cluster or of a node group, as clients of Magnum know it. */
export type ClusterStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_FAILED'
  | 'CREATE_COMPLETE'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_FAILED'
  | 'UPDATE_COMPLETE'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_FAILED'
  | 'DELETE_COMPLETE'
  | 'RESUME_COMPLETE'
  | 'RESUME_FAILED'
  | 'RESTORE_COMPLETE'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_FAILED'
  | 'ROLLBACK_COMPLETE'
  | 'SNAPSHOT_COMPLETE'
  | 'CHECK_COMPLETE'
  | 'ADOPT_COMPLETE';

/** `null`: never looked at. */
export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

/** A settled cluster that any operation may start from. */
export const isReady = (status: ClusterStatus): boolean =>
  status.endsWith('_COMPLETE') && status !== 'DELETE_COMPLETE';

export const isFailed = (status: ClusterStatus): boolean => status.endsWith('_FAILED');

export const isInProgress = (status: ClusterStatus): boolean => status.endsWith('_IN_PROGRESS');
