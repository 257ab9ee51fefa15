import type { Document } from '../documents.js';

export interface Image extends Document {
  readonly name: string | null;
  readonly owner: string;
  readonly status: string;
  readonly visibility: string;
  readonly protected: boolean;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  /** GiB. */
  readonly min_disk: number;
  /** MiB. */
  readonly min_ram: number;
  /** Bytes; null until there is data. */
  readonly size: number | null;
  readonly checksum: string | null;
  readonly os_hash_algo: string | null;
  readonly os_hash_value: string | null;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  /** Further properties, `os_distro` among them, stand beside the others on the wire. */
  readonly properties: Readonly<Record<string, string>>;
}
