import type { Session } from '../http/session.js';

export interface Image {
  readonly id: string;
  readonly name: string | null;
  /** `active`, `queued`, `deactivated` … */
  readonly status: string;
  readonly visibility: string;
  readonly minDiskGib: number;
  readonly minRamMib: number;
  /** Bytes; `null` until uploaded. */
  readonly sizeBytes: number | null;
  /** Property `os_distro` as it stands there; `null` when the image has none. */
  readonly osDistro: string | null;
  /** All other text properties, `magnum_driver` among them. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Images. Errors of every call: CloudUnavailable, CloudRefused (403: not authorized for the image), BadRequest. */
export abstract class Glance {
  /** By id, else by name, among those the session may see. NotFound; Ambiguous when two share the name. */
  abstract findImage(as: Session, nameOrId: string): Promise<Image>;
}
