import type { Session } from '../http/session.js';

export interface VolumeType {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
}

/** Block storage. Errors of every call but `available`: CloudUnavailable (also: no such service in the catalog), CloudRefused, BadRequest. */
export abstract class Cinder {
  /** Whether the catalog has the service. Errors: those of getting a token. */
  abstract available(as: Session): Promise<boolean>;
  /** All types the session may use. */
  abstract listVolumeTypes(as: Session): Promise<readonly VolumeType[]>;
  /** By id, else by name. NotFound; Ambiguous when two share the name. */
  abstract findVolumeType(as: Session, nameOrId: string): Promise<VolumeType>;
  /** What Cinder gives to a volume made without a type; `null` when it has no default. */
  abstract defaultVolumeType(as: Session): Promise<VolumeType | null>;
}
