import { randomUUID } from 'node:crypto';
import type { BlockStorage, Owner, Settings } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { text } from '../http/fields.js';
import { badRequest, notFound } from '../nova/errors.js';
import { bareMicros } from '../time.js';
import type { Volume, VolumeRequest, VolumeType } from './types.js';

/** What a volume takes to make, in milliseconds before the settings' factor. */
const CREATE_MS = 500;

/** Cinder: volumes without a byte behind them. */
export class Cinder implements BlockStorage {
  readonly types: Collection<VolumeType>;
  readonly volumes: Collection<Volume>;

  constructor(
    documents: Documents,
    private readonly settings: Settings,
  ) {
    this.types = documents.collection('volume_type');
    this.volumes = documents.collection('volume');
  }

  type(idOrName: string): VolumeType {
    const found = this.types.get(idOrName) ?? this.types.where('name', idOrName)[0];
    if (!found) throw notFound(`Volume type ${idOrName} could not be found.`);
    return found;
  }

  createVolume(owner: Owner, request: VolumeRequest): Volume {
    if (!Number.isInteger(request.size) || request.size < 1)
      throw badRequest(`Volume size '${request.size}' must be an integer and greater than 0`);
    return this.volumes.put({
      id: randomUUID(),
      name: text(request, 'name', null),
      description: text(request, 'description', null),
      project_id: owner.projectId,
      user_id: owner.userId,
      size: request.size,
      volume_type: this.#typeName(request),
      availability_zone: text(request, 'availability_zone', 'nova'),
      metadata: request.metadata ?? {},
      image_id: text(request, 'imageRef', null),
      attachments: [],
      created_at: bareMicros(),
      ready_at: Date.now() + CREATE_MS * this.settings.speed,
      status: 'available',
    });
  }

  volume(id: string): Volume {
    const row = this.volumes.get(id);
    if (!row) throw notFound(`Volume ${id} could not be found.`);
    return this.live(row);
  }

  /** The volume as it is now. */
  live(row: Volume): Volume {
    if (row.attachments.length > 0) return { ...row, status: 'in-use' };
    return Date.now() < row.ready_at ? { ...row, status: 'creating' } : row;
  }

  extendVolume(id: string, sizeGib: number): Volume {
    const volume = this.volume(id);
    if (sizeGib <= volume.size)
      throw badRequest(
        `Invalid input received: New size for extend must be greater than current size. (current: ${volume.size}, extended: ${sizeGib}).`,
      );
    return this.volumes.patch(this.#row(id), { size: sizeGib });
  }

  deleteVolume(id: string): void {
    const volume = this.volume(id);
    if (volume.status !== 'available' && volume.status !== 'error')
      throw badRequest(
        `Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
      );
    this.volumes.delete(id);
  }

  /** Puts it on a server. */
  attach(id: string, serverId: string): Volume {
    const volume = this.volume(id);
    if (volume.attachments.length > 0)
      throw badRequest(
        `Invalid volume: volume ${id} is already attached to instances: ${volume.attachments[0]?.server_id ?? ''}`,
      );
    const attachment = {
      server_id: serverId,
      attachment_id: randomUUID(),
      volume_id: id,
      device: '/dev/vdb',
      attached_at: bareMicros(),
    };
    return this.live(this.volumes.patch(this.#row(id), { attachments: [attachment] }));
  }

  /** Takes it off its server; one that is gone already is off it. */
  detach(id: string): void {
    const row = this.volumes.get(id);
    if (row) this.volumes.patch(row, { attachments: [] });
  }

  #typeName({ volume_type }: VolumeRequest): string {
    return volume_type ? this.type(volume_type).name : (this.types.all()[0]?.name ?? '');
  }

  #row(id: string): Volume {
    const row = this.volumes.get(id);
    if (!row) throw notFound(`Volume ${id} could not be found.`);
    return row;
  }
}
