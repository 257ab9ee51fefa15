import type { Document } from '../documents.js';

interface Balanced extends Document {
  readonly name: string;
  readonly description: string;
  readonly project_id: string;
  readonly admin_state_up: boolean;
  /** ACTIVE, or PENDING_CREATE while the load balancer is being made. */
  readonly provisioning_status: string;
  readonly operating_status: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly tags: readonly string[];
}

export interface LoadBalancer extends Balanced {
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string;
  readonly vip_network_id: string;
  readonly provider: string;
  readonly flavor_id: string | null;
  readonly availability_zone: string | null;
  /** Epoch milliseconds; before it the load balancer is PENDING_CREATE. */
  readonly ready_at: number;
}

export interface Listener extends Balanced {
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly protocol_port: number;
  readonly default_pool_id: string | null;
  readonly connection_limit: number;
  readonly allowed_cidrs: readonly string[] | null;
}

export interface Pool extends Balanced {
  readonly loadbalancer_id: string;
  readonly listener_id: string | null;
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly session_persistence: Readonly<Record<string, unknown>> | null;
}

export interface Member extends Balanced {
  readonly pool_id: string;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id: string | null;
  readonly weight: number;
}

export interface HealthMonitor extends Balanced {
  readonly pool_id: string;
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
}

export interface LoadBalancerRequest {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly vip_subnet_id?: string | undefined;
  readonly vip_network_id?: string | undefined;
  readonly vip_address?: string | undefined;
  readonly provider?: string | undefined;
  readonly flavor_id?: string | undefined;
  readonly availability_zone?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface ListenerRequest {
  readonly name?: string | undefined;
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly protocol_port: number;
  readonly default_pool_id?: string | undefined;
  readonly connection_limit?: number | undefined;
  readonly allowed_cidrs?: readonly string[] | undefined;
}

/** One of `loadbalancer_id` and `listener_id` is needed. */
export interface PoolRequest {
  readonly name?: string | undefined;
  readonly loadbalancer_id?: string | undefined;
  readonly listener_id?: string | undefined;
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly session_persistence?: Readonly<Record<string, unknown>> | undefined;
}

export interface MemberRequest {
  readonly name?: string | undefined;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id?: string | undefined;
  readonly weight?: number | undefined;
}

export interface HealthMonitorRequest {
  readonly name?: string | undefined;
  readonly pool_id: string;
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
}
