import type { AuditRow } from './audit.js';
import type { ClusterUsage } from './usage.js';

/**
 * What is asked of the stats service over NATS: subject `jeroboam.stats.<query>`. A reply shows
 * whatever was written before the request, on any replica. Refusals: `invalid`.
 */
export interface StatsRequests {
  /** Clusters and their nodes, masters included; of all projects when `projectId` is `null`. */
  counts: {
    request: { readonly projectId: string | null };
    reply: { readonly clusters: number; readonly nodes: number };
  };
  /** Clusters a project may have, and those that it has or is about to have. */
  quota: {
    request: {
      readonly projectId: string;
      /** For projects without a quota of their own. */
      readonly defaultLimit: number;
    };
    reply: { readonly hardLimit: number; readonly used: number };
  };
  /** Node-seconds a cluster; deleted clusters too. At most {@link MAX_USAGE_ROWS}. */
  usage: {
    request: {
      readonly projectId: string | null;
      /** ISO-8601, included. */
      readonly from: string;
      /** ISO-8601, not included. What lies in the future is not counted. */
      readonly to: string;
      /** Where the last page ended. */
      readonly afterClusterId?: string | null;
      readonly limit?: number;
    };
    reply: {
      readonly clusters: readonly ClusterUsage[];
      /** `afterClusterId` of the next page; `null`: this was the last. */
      readonly next: string | null;
    };
  };
  /** Events in the order of the log. At most {@link MAX_AUDIT_ROWS}. */
  audit: {
    request: {
      readonly projectId?: string | null;
      readonly resourceId?: string | null;
      readonly userId?: string | null;
      /** ISO-8601, included. */
      readonly from?: string | null;
      /** ISO-8601, not included. */
      readonly to?: string | null;
      /** Position of the last row that is known, decimal. */
      readonly afterPosition?: string | null;
      readonly limit?: number;
    };
    reply: {
      readonly events: readonly AuditRow[];
      /** `afterPosition` of the next page; `null`: this was the last. */
      readonly next: string | null;
    };
  };
}

/** So that a reply fits into a message of NATS, which is a mebibyte. */
export const MAX_AUDIT_ROWS = 200;
export const MAX_USAGE_ROWS = 500;
