import type { Document } from '../documents.js';

export interface Secret extends Document {
  readonly name: string | null;
  readonly project_id: string;
  readonly creator_id: string;
  readonly secret_type: string;
  readonly algorithm: string | null;
  readonly bit_length: number | null;
  readonly mode: string | null;
  readonly expiration: string | null;
  readonly content_type: string | null;
  /** Base64. Absent until a payload is put. */
  readonly payload: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly acl: Acl | null;
  readonly created: string;
  readonly updated: string;
}

export interface Acl {
  readonly users: readonly string[];
  readonly 'project-access': boolean;
  readonly created: string;
  readonly updated: string;
}

export interface Consumer {
  readonly name: string;
  readonly URL: string;
}

export interface SecretContainer extends Document {
  readonly name: string | null;
  readonly project_id: string;
  readonly creator_id: string;
  readonly type: string;
  /** Secret ids by the name they have in the container. */
  readonly secrets: readonly { readonly name: string; readonly secret_id: string }[];
  readonly consumers: readonly Consumer[];
  readonly created: string;
  readonly updated: string;
}
