import { byIdOrName } from '../http/lookup.js';
import type { Session } from '../http/session.js';
import { Glance, type Image } from './port.js';

/** Images in memory, seen by everybody. */
export class FakeGlance extends Glance {
  readonly images: Image[] = [];

  override async findImage(as: Session, nameOrId: string): Promise<Image> {
    await as.access();
    const context = { service: 'image', status: 404, requestId: null } as const;
    return byIdOrName(this.images, { what: 'Image', nameOrId, context });
  }
}
