import type { ClusterSpec } from '@jeroboam/domain/cluster/events';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { HealthStatus } from '@jeroboam/domain/cluster/status';
import { isTrue } from '@jeroboam/drivers/parameters';
import type { Answer } from './kubernetes-api.js';

export interface Verdict {
  readonly status: HealthStatus;
  readonly reason: Readonly<Record<string, string>>;
}

/** Longest text of a foreign answer that is kept. */
const MAX_WORDS = 500;

/** Whether somebody else tells of the cluster's health. */
export const isWatchedByOthers = ({ labels }: ClusterSpec): boolean =>
  isTrue(labels['auto_healing_enabled']) &&
  labels['auto_healing_controller'] === 'magnum-auto-healer';

/** Whether the API has an address that can be reached from outside of the cluster's network. */
export const isReachable = ({
  masterLbEnabled,
  floatingIpEnabled,
  labels,
}: ClusterSpec): boolean => {
  const ofBalancer = labels['master_lb_floating_ip_enabled'];
  return masterLbEnabled && ofBalancer !== undefined ? isTrue(ofBalancer) : floatingIpEnabled;
};

export const inaccessible = ({ spec }: PresentCluster, code?: string): Verdict => {
  const why = code === undefined ? '.' : `: ${code}.`;
  return { status: 'UNKNOWN', reason: { api: `The cluster ${spec.name} is not accessible${why}` } };
};

/** From the answers of `/healthz` and `/api/v1/nodes`. */
export const verdictOf = (cluster: PresentCluster, healthz: Answer, nodes: Answer): Verdict => {
  const api = wordsOf(healthz);
  if (healthz.kind === 'unreached') return inaccessible(cluster, healthz.code);
  if (api !== 'ok') return { status: 'UNHEALTHY', reason: { api } };
  const ready = readiness(nodes);
  if (ready === null) return { status: 'UNHEALTHY', reason: { api: wordsOf(nodes) } };
  const isHealthy = Object.values(ready).every((value) => value === 'True');
  return { status: isHealthy ? 'HEALTHY' : 'UNHEALTHY', reason: { ...ready, api } };
};

const wordsOf = (answer: Answer): string => {
  if (answer.kind === 'unreached') return answer.code;
  if (answer.kind === 'failed') return answer.reason;
  const { status, body } = answer;
  return body.trim().slice(0, MAX_WORDS) || `HTTP ${status}`;
};

/** `<node>.Ready` of each node; `null` when the answer is no list of nodes. */
const readiness = (nodes: Answer): Record<string, string> | null => {
  if (nodes.kind !== 'answered' || nodes.status !== 200) return null;
  try {
    const { items } = JSON.parse(nodes.body) as { readonly items: readonly Node[] };
    return Object.fromEntries(items.map((node) => [`${node.metadata.name}.Ready`, readyOf(node)]));
  } catch {
    return null; // whatever answers there is no Kubernetes
  }
};

/** What is used of Kubernetes' own form. */
interface Node {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

const readyOf = ({ status }: Node): string => {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? 'True' : 'False';
};
