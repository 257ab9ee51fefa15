import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  type CloudUnderTest,
  eventually,
  failureOf,
  sessionOf,
} from '../contract/cloud-under-test.js';
import { NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

export const octaviaContract = (open: () => CloudUnderTest): void => {
  describe('Octavia', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    it('is there', async () => {
      expect(await open().octavia.available(demo)).toBe(true);
    });

    it('finds a load balancer by its description, and deletes it', async () => {
      const { octavia, arrange } = open();
      const cluster = randomUUID();
      const id = await arrange.loadBalancer(demo, {
        name: `contract-${cluster}`,
        description: `Kubernetes external service default/web from cluster ${cluster}`,
      });
      const filter = { descriptionIncludes: cluster };
      const [found] = await octavia.listLoadBalancers(demo, filter);
      expect(found).toMatchObject({ id, name: `contract-${cluster}` });
      expect(found!.vipAddress).toMatch(/^[\d.]+$/);
      expect(await octavia.listLoadBalancers(demo, { name: found!.name })).toHaveLength(1);
      expect(await octavia.listLoadBalancers(demo, { ids: [randomUUID()] })).toEqual([]);
      const other = await sessionOf(open(), 'alt_demo', 'alt_demo');
      expect(await octavia.listLoadBalancers(other, filter)).toEqual([]);

      await eventually(
        async () => await octavia.getLoadBalancer(demo, id),
        ({ provisioningStatus }) => provisioningStatus === 'ACTIVE',
      );
      await octavia.deleteLoadBalancer(demo, id);
      await eventually(
        async () => await octavia.listLoadBalancers(demo, filter),
        (left) => left.length === 0,
      );
      expect(await failureOf(octavia.getLoadBalancer(demo, id))).toBeInstanceOf(NotFound);
      await octavia.deleteLoadBalancer(demo, id);
    });
  });
};
