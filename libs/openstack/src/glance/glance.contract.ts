import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { Ambiguous, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

export const glanceContract = (open: () => CloudUnderTest): void => {
  describe('Glance', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    it('finds an image by name and by id', async () => {
      const byName = await open().glance.findImage(demo, 'fedora-coreos');
      expect(byName).toMatchObject({
        name: 'fedora-coreos',
        osDistro: 'fedora-coreos',
        status: 'active',
        visibility: 'public',
        minDiskGib: 0,
      });
      expect(byName.sizeBytes).toBeGreaterThan(0);
      expect(byName.properties['os_distro']).toBe('fedora-coreos');
      expect(await open().glance.findImage(demo, byName.id)).toEqual(byName);
    });

    it.each(['nope', '..', '', 'a/b', 'ünï code', 'a,b'])('finds no image %j', async (name) => {
      expect(await failureOf(open().glance.findImage(demo, name))).toBeInstanceOf(NotFound);
    });

    it('tells of two images with one name, and of one without a distribution', async () => {
      const name = `contract-${randomUUID()}`;
      const id = await open().arrange.image(demo, { name, osDistro: null });
      expect((await open().glance.findImage(demo, name)).osDistro).toBeNull();
      await open().arrange.image(demo, { name, osDistro: 'ubuntu' });
      expect(await failureOf(open().glance.findImage(demo, name))).toBeInstanceOf(Ambiguous);
      expect((await open().glance.findImage(demo, id)).id).toBe(id);
    });
  });
};
