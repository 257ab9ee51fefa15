import type { Document } from '../documents.js';

export interface Flavor extends Document {
  readonly name: string;
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB. */
  readonly disk: number;
  readonly ephemeral: number;
  readonly swap: number;
  readonly is_public: boolean;
  readonly extra_specs: Readonly<Record<string, string>>;
}

export interface Keypair extends Document {
  readonly user_id: string;
  readonly name: string;
  readonly public_key: string;
  readonly fingerprint: string;
  readonly created_at: string;
}

export type ServerStatus = 'BUILD' | 'ACTIVE' | 'ERROR' | 'RESIZE' | 'VERIFY_RESIZE' | 'SHUTOFF';

export interface Server extends Document {
  readonly name: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly flavor_id: string;
  readonly image_id: string;
  readonly key_name: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly availability_zone: string;
  readonly security_groups: readonly string[];
  readonly user_data: string | null;
  readonly config_drive: boolean;
  readonly port_ids: readonly string[];
  /** Ports the server made itself and takes along when it goes. */
  readonly own_port_ids: readonly string[];
  readonly volume_ids: readonly string[];
  readonly server_group_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Epoch milliseconds; before it the server is in BUILD. */
  readonly ready_at: number;
  /** ACTIVE unless something else was set. */
  readonly status: ServerStatus;
  readonly fault: string | null;
}

/** Body of `POST /servers`, as far as it is understood. */
export interface ServerRequest {
  readonly name: string;
  /** Id or name. */
  readonly flavorRef: string;
  /** Id or name. Absent when booted from a volume. */
  readonly imageRef?: string;
  readonly key_name?: string | null;
  /** Absent or empty: the project's only network. */
  readonly networks?:
    | 'auto'
    | 'none'
    | readonly { readonly uuid?: string; readonly port?: string; readonly fixed_ip?: string }[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly user_data?: string | null;
  readonly config_drive?: boolean;
  /** By name or id. */
  readonly security_groups?: readonly { readonly name: string }[];
  readonly availability_zone?: string;
  readonly block_device_mapping_v2?: readonly Readonly<Record<string, unknown>>[];
  /** Server group id, from the scheduler hint `group`. */
  readonly server_group_id?: string;
}

export interface ServerGroup extends Document {
  readonly name: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly policies: readonly string[];
}
