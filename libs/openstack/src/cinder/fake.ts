import { CloudUnavailable } from '../http/errors.js';
import { byIdOrName } from '../http/lookup.js';
import type { Session } from '../http/session.js';
import { Cinder, type VolumeType } from './port.js';

/** Volume types in memory; the first is the default. */
export class FakeCinder extends Cinder {
  /** False: a cloud without the service. */
  installed = true;
  readonly volumeTypes: VolumeType[] = [];

  override async available(as: Session): Promise<boolean> {
    await as.access();
    return this.installed;
  }

  override async listVolumeTypes(as: Session): Promise<readonly VolumeType[]> {
    if (await this.available(as)) return this.volumeTypes;
    const context = { service: 'volume', status: null, requestId: null } as const;
    throw new CloudUnavailable('The catalog has no endpoint of type block-storage', context);
  }

  override async findVolumeType(as: Session, nameOrId: string): Promise<VolumeType> {
    const context = { service: 'volume', status: 404, requestId: null } as const;
    const what = 'Volume type';
    return byIdOrName(await this.listVolumeTypes(as), { what, nameOrId, context });
  }

  override async defaultVolumeType(as: Session): Promise<VolumeType | null> {
    const [first] = await this.listVolumeTypes(as);
    return first ?? null;
  }
}
