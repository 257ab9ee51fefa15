import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StackInput } from '@jeroboam/drivers/driver';
import { DRIVERS } from '@jeroboam/drivers/registry';
import { sampleCluster, sampleInput, sampleNodegroups } from '@jeroboam/drivers/sample-input';
import { Sandbox, at } from '../testing/sandbox.js';
import { Stacks } from './testing/stacks.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxqk4u2a3m2xkqVHkFzIh0Zb2rF0w5m4VJ6l2m4T7nQ demo';

describe.each(DRIVERS.map((driver) => [driver.name, driver] as const))(
  'the stack of %s',
  (name, driver) => {
    let sandbox: Sandbox;
    let stacks: Stacks;
    beforeAll(async () => {
      sandbox = new Sandbox();
      stacks = await Stacks.in(sandbox);
      // The first look makes the project's default group.
      await sandbox.call('GET', '/network/v2.0/security-groups', { token: stacks.token });
      await sandbox.call('POST', '/compute/v2.1/os-keypairs', {
        token: stacks.token,
        body: { keypair: { name: 'testkey', public_key: KEY } },
      });
    });
    afterAll(() => sandbox.close());

    const input = (masterLb: boolean): StackInput => ({
      ...sampleInput,
      cluster: {
        ...sampleCluster,
        driver: name,
        masterLbEnabled: masterLb,
        template: { ...sampleCluster.template, masterLbEnabled: masterLb, dockerVolumeSize: 5 },
        dockerVolumeSize: 5,
      },
      nodegroups: sampleNodegroups.map((group) => ({
        ...group,
        imageId: 'fedora-coreos',
        dockerVolumeSize: 5,
      })),
      cloud: {
        ...sampleInput.cloud,
        externalNetworkId: sandbox.cloud.neutron.network('public').id,
        volumeType: 'sandbox',
      },
    });

    const counts = async (): Promise<unknown> =>
      (await sandbox.call('GET', '/sandbox/inventory', { token: stacks.token })).body;

    it.each([false, true])(
      'is made, scaled and taken away (load balancer: %s)',
      async (masterLb) => {
        const before = await counts();
        const request = driver.stack(input(masterLb));
        const path = await stacks.create(request.name, {
          template: request.template,
          files: request.files,
          parameters: request.parameters,
          timeout_mins: request.timeoutMinutes,
          disable_rollback: true,
        });
        const made = await stacks.settled(path);
        expect([made.status, made.reason]).toEqual([
          'CREATE_COMPLETE',
          'Stack CREATE completed successfully',
        ]);
        const facts = driver.facts(made, sampleNodegroups);
        expect(facts).toMatchObject({ nodegroups: {} });

        const change = driver.resize({ nodeCount: 3, nodesToRemove: [], stack: made });
        expect((await stacks.call('PATCH', path, { parameters: change })).status).toBe(202);
        const scaled = await stacks.settled(path);
        expect(scaled).toMatchObject({ status: 'UPDATE_COMPLETE' });
        const { body } = await sandbox.call('GET', '/compute/v2.1/servers', {
          token: stacks.token,
        });
        expect(at(body, 'servers', 'length')).toBe(4);

        expect((await stacks.call('DELETE', path)).status).toBe(204);
        expect(await stacks.settled(path)).toMatchObject({ status: 'DELETE_COMPLETE' });
        expect(await counts()).toEqual(before);
      },
    );
  },
);
