import { createHash, randomUUID } from 'node:crypto';
import type { Images, Owner, TokenContext } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { seconds } from '../time.js';
import { conflict, forbidden, unknownImage } from './errors.js';
import type { Image } from './types.js';

export type ImageWish = Partial<Omit<Image, 'created_at' | 'updated_at' | 'owner' | 'status'>>;

/** Images. Of their data only size and digests are kept. */
export class Glance implements Images {
  readonly images: Collection<Image>;

  constructor(documents: Documents) {
    this.images = documents.collection('image');
  }

  image(idOrName: string): Image {
    const found = this.images.get(idOrName) ?? this.images.where('name', idOrName)[0];
    if (!found) throw unknownImage(idOrName);
    return found;
  }

  /** The image when this caller may see it. */
  visible(id: string, caller: TokenContext): Image {
    const found = this.images.get(id);
    if (!found || !maySee(found, caller)) throw unknownImage(id);
    return found;
  }

  /** The image when this caller may change it. */
  own(id: string, caller: TokenContext): Image {
    const found = this.visible(id, caller);
    if (found.owner !== caller.projectId && !caller.isAdmin)
      throw forbidden('You are not authorized to complete this action.');
    return found;
  }

  create(owner: Owner, wish: ImageWish): Image {
    if (wish.id !== undefined && this.images.get(wish.id))
      throw conflict(`Image ID ${wish.id} already exists!`);
    const now = seconds();
    return this.images.put({
      id: randomUUID(),
      name: null,
      visibility: 'shared',
      protected: false,
      disk_format: null,
      container_format: null,
      min_disk: 0,
      min_ram: 0,
      size: null,
      checksum: null,
      os_hash_algo: null,
      os_hash_value: null,
      tags: [],
      properties: {},
      ...wish,
      owner: owner.projectId,
      status: 'queued',
      created_at: now,
      updated_at: now,
    });
  }

  upload(image: Image, data: Buffer): Image {
    if (image.status !== 'queued')
      throw conflict(`Image status transition from ${image.status} to saving is not allowed`);
    return this.images.patch(image, {
      status: 'active',
      size: data.length,
      checksum: createHash('md5').update(data).digest('hex'),
      os_hash_algo: 'sha512',
      os_hash_value: createHash('sha512').update(data).digest('hex'),
      updated_at: seconds(),
    });
  }

  delete(image: Image): void {
    if (image.protected) throw forbidden(`Image ${image.id} is protected and cannot be deleted.`);
    this.images.delete(image.id);
  }
}

export const maySee = (image: Image, caller: TokenContext): boolean =>
  caller.isAdmin ||
  image.owner === caller.projectId ||
  image.visibility === 'public' ||
  image.visibility === 'community';
