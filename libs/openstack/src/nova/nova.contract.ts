import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtMNg7Zp1kKPAzUSSPNuvSWbzPXWhRCAbjdmCcJxvKV contract';

export const novaContract = (open: () => CloudUnderTest): void => {
  describe('Nova', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    it('finds a flavor by name and by id', async () => {
      const byName = await open().nova.findFlavor(demo, 'm1.small');
      expect(byName).toMatchObject({ name: 'm1.small', vcpus: 1, ramMib: 2048, diskGib: 20 });
      expect(await open().nova.findFlavor(demo, byName.id)).toEqual(byName);
    });

    it.each(['nope', '..', '', 'a/b', 'ünï code'])('finds no flavor %j', async (name) => {
      expect(await failureOf(open().nova.findFlavor(demo, name))).toBeInstanceOf(NotFound);
    });

    it('gives a key pair of its own user only', async () => {
      const name = `contract-${randomUUID()}`;
      await open().arrange.keypair(demo, name, PUBLIC_KEY);
      const found = await open().nova.getKeypair(demo, name);
      expect(found).toMatchObject({ name, publicKey: PUBLIC_KEY, type: 'ssh' });
      expect(found.fingerprint).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2})+$/);
      const other = await sessionOf(open(), 'alt_demo', 'alt_demo');
      expect(await failureOf(open().nova.getKeypair(other, name))).toBeInstanceOf(NotFound);
    });

    it('finds no key pair that is not there', async () => {
      expect(await failureOf(open().nova.getKeypair(demo, 'nope'))).toBeInstanceOf(NotFound);
      expect(await failureOf(open().nova.getKeypair(demo, '..'))).toBeInstanceOf(NotFound);
    });

    it('lists servers of the project by id and by metadata', async () => {
      const role = `contract-${randomUUID()}`;
      const id = await open().arrange.server(demo, { name: 'contract-server', role });
      const [found, ...others] = await open().nova.listServers(demo, { metadata: { role } });
      expect(others).toEqual([]);
      expect(found).toMatchObject({ id, name: 'contract-server', metadata: { role } });
      expect(await open().nova.listServers(demo, { ids: [id] })).toHaveLength(1);
      expect(await open().nova.listServers(demo, { ids: [] })).toEqual([]);
      const other = await sessionOf(open(), 'alt_demo', 'alt_demo');
      expect(await open().nova.listServers(other, { ids: [id] })).toEqual([]);
    });
  });
};
