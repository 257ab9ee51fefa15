import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { Ambiguous, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

export const neutronContract = (open: () => CloudUnderTest): void => {
  describe('Neutron', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    it('finds the external network by name and by id', async () => {
      const byName = await open().neutron.findNetwork(demo, 'public', { external: true });
      expect(byName).toMatchObject({ name: 'public', external: true });
      expect(await open().neutron.findNetwork(demo, byName.id)).toEqual(byName);
    });

    it('does not take a network of the other kind', async () => {
      const { neutron } = open();
      const internal = await neutron.findNetwork(demo, 'private-demo', { external: false });
      expect(internal.external).toBe(false);
      for (const [name, external] of [
        ['private-demo', true],
        [internal.id, true],
        ['public', false],
      ] as const) {
        expect(await failureOf(neutron.findNetwork(demo, name, { external }))).toBeInstanceOf(
          NotFound,
        );
      }
    });

    it.each(['nope', '..', '', 'a/b', 'ünï code'])('finds no network %j', async (name) => {
      expect(await failureOf(open().neutron.findNetwork(demo, name))).toBeInstanceOf(NotFound);
      expect(await failureOf(open().neutron.findSubnet(demo, name))).toBeInstanceOf(NotFound);
    });

    it('does not show the network of another project', async () => {
      const other = await sessionOf(open(), 'alt_demo', 'alt_demo');
      expect(await failureOf(open().neutron.findNetwork(other, 'private-demo'))).toBeInstanceOf(
        NotFound,
      );
    });

    it('tells of two networks with one name', async () => {
      const name = `contract-${randomUUID()}`;
      const id = await open().arrange.network(demo, name);
      await open().arrange.network(demo, name);
      expect(await failureOf(open().neutron.findNetwork(demo, name))).toBeInstanceOf(Ambiguous);
      expect((await open().neutron.findNetwork(demo, id)).name).toBe(name);
    });

    it('finds a subnet with its addresses', async () => {
      const network = await open().neutron.findNetwork(demo, 'private-demo');
      const subnet = await open().neutron.findSubnet(demo, network.subnetIds[0]!);
      expect(subnet).toMatchObject({ networkId: network.id, ipVersion: 4 });
      expect(subnet.cidr).toMatch(/^10\.\d+\.\d+\.0\/24$/);
      expect(await open().neutron.findSubnet(demo, subnet.name)).toEqual(subnet);
    });

    it('lists and deletes floating addresses', async () => {
      const { neutron, arrange } = open();
      const id = await arrange.floatingIp(demo);
      const found = (await neutron.listFloatingIps(demo)).find((ip) => ip.id === id);
      expect(found).toMatchObject({ portId: null, fixedAddress: null });
      const address = found!.address;
      expect(await neutron.listFloatingIps(demo, { address })).toEqual([found]);
      expect(await neutron.listFloatingIps(demo, { portId: randomUUID() })).toEqual([]);
      await neutron.deleteFloatingIp(demo, id);
      expect(await neutron.listFloatingIps(demo, { address })).toEqual([]);
      await neutron.deleteFloatingIp(demo, id);
    });

    it('lists no port of a device that is not there', async () => {
      expect(await open().neutron.listPorts(demo, { deviceId: randomUUID() })).toEqual([]);
    });
  });
};
