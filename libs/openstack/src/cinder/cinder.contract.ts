import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

export const cinderContract = (open: () => CloudUnderTest): void => {
  describe('Cinder', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    it('is there', async () => {
      expect(await open().cinder.available(demo)).toBe(true);
    });

    it('lists volume types and finds each by name and id', async () => {
      const { cinder } = open();
      const [first] = await cinder.listVolumeTypes(demo);
      expect(first!.name).not.toBe('');
      expect(await cinder.findVolumeType(demo, first!.id)).toEqual(first);
      expect(await cinder.findVolumeType(demo, first!.name)).toEqual(first);
    });

    it.each(['nope', '..', '', 'default'])('finds no type %j', async (name) => {
      expect(await failureOf(open().cinder.findVolumeType(demo, name))).toBeInstanceOf(NotFound);
    });

    it('has a default among its types', async () => {
      const { cinder } = open();
      const found = await cinder.defaultVolumeType(demo);
      const names = (await cinder.listVolumeTypes(demo)).map(({ name }) => name);
      expect(names).toContain(found!.name);
    });
  });
};
