import type { Document } from '../documents.js';

export interface Domain extends Document {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
}

export interface Project extends Document {
  readonly name: string;
  readonly domain_id: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly parent_id: string;
}

export interface User extends Document {
  readonly name: string;
  readonly domain_id: string;
  readonly enabled: boolean;
  readonly email: string | null;
  readonly description: string | null;
  readonly default_project_id: string | null;
  /** `salt:scrypt`, hex. Never shown. */
  readonly password_hash: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Role extends Document {
  readonly name: string;
  readonly domain_id: string | null;
  readonly description: string | null;
}

/** A role of a user on one target: `project:<id>`, `domain:<id>` or `system`. */
export interface Assignment extends Document {
  readonly user_id: string;
  readonly role_id: string;
  readonly target: string;
}

export interface Service extends Document {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly enabled: boolean;
}

export interface Endpoint extends Document {
  readonly service_id: string;
  readonly interface: string;
  readonly region_id: string;
  /** May hold `$(base_url)s`, `$(container_infra_url)s` and `$(project_id)s`. */
  readonly url: string;
  readonly enabled: boolean;
}

export interface Trust extends Document {
  readonly trustor_user_id: string;
  readonly trustee_user_id: string;
  readonly project_id: string;
  readonly impersonation: boolean;
  readonly role_ids: readonly string[];
  readonly expires_at: string | null;
  readonly remaining_uses: number | null;
  /** How many further trusts may follow one another; 0 is none. */
  readonly redelegation_count: number;
  readonly redelegated_trust_id: string | null;
}

export interface ApplicationCredential extends Document {
  readonly user_id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly secret_hash: string;
  readonly role_ids: readonly string[];
  readonly expires_at: string | null;
  readonly unrestricted: boolean;
  /** The only requests it is good for; missing or `null` for all. Services see to that. */
  readonly access_rules?: readonly AccessRule[] | null;
}

export interface AccessRule {
  readonly id: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

export type Scope =
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'domain'; readonly domainId: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly trustId: string };

export interface Token extends Document {
  /** Whose rights it carries: the trustor under an impersonating trust. */
  readonly user_id: string;
  readonly methods: readonly string[];
  readonly scope: Scope;
  readonly application_credential_id: string | null;
  readonly audit_ids: readonly string[];
  readonly issued_at: string;
  readonly expires_at: string;
}
