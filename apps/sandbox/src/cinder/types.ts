import type { Document } from '../documents.js';

export interface VolumeType extends Document {
  readonly name: string;
  readonly description: string | null;
  readonly is_public: boolean;
  readonly extra_specs: Readonly<Record<string, string>>;
}

export interface VolumeAttachment {
  readonly server_id: string;
  readonly attachment_id: string;
  readonly volume_id: string;
  readonly device: string;
  readonly attached_at: string;
}

export interface Volume extends Document {
  readonly name: string | null;
  readonly description: string | null;
  readonly project_id: string;
  readonly user_id: string;
  /** GiB. */
  readonly size: number;
  readonly volume_type: string;
  readonly availability_zone: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly image_id: string | null;
  readonly attachments: readonly VolumeAttachment[];
  readonly created_at: string;
  /** Epoch milliseconds; before it the volume is `creating`. */
  readonly ready_at: number;
  /** What to show now: creating, available, in-use, error. */
  readonly status: string;
}

export interface VolumeRequest {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly size: number;
  /** Id or name. */
  readonly volume_type?: string | null;
  readonly availability_zone?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly imageRef?: string | null;
}
