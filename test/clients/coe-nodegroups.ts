import { describe, expect, it } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import type { Fields } from '../journey/openstack-client.js';
import { SETTLING, type CoeScene } from './coe-scene.js';
import { ADDRESS, LABELS, UUID } from './shapes.js';

/** `coe nodegroup …` */
export const nodegroupCommands = (scene: CoeScene): void => {
  const nodegroup = (name: string): Promise<Fields> =>
    scene.demo.show('coe', 'nodegroup', 'show', 'k1', name);

  describe('nodegroup', () => {
    it('create adds one', async () => {
      const said = await scene.demo.coe(
        ...['nodegroup', 'create', 'k1', 'gpu', '--flavor', 'm1.medium', '--role', 'gpu'],
        ...['--node-count', '1', '--min-nodes', '1', '--max-nodes', '2'],
        ...['--labels', 'card=big', '--merge-labels', '--docker-volume-size', '7'],
      );
      expect(said).toMatch(/^Request to create nodegroup [0-9a-f-]{36} accepted\n$/);
      expect(await scene.demo.refusal('nodegroup', 'create', 'k1', 'big', '--min-nodes', '3')).toBe(
        'min_node_count for big is invalid ' +
          '(min_node_count (3) should be less or equal to node_count (1)) (HTTP 409)',
      );
    });

    it('list lists them, of all roles or of one', async () => {
      const gpu = {
        uuid: expect.stringMatching(UUID),
        name: 'gpu',
        flavor_id: 'm1.medium',
        image_id: 'fedora-coreos',
        node_count: 1,
        status: expect.stringMatching(/^CREATE_/),
        role: 'gpu',
      };
      expect(await scene.demo.list('coe', 'nodegroup', 'list', 'k1')).toEqual([
        expect.objectContaining({ name: 'default-master', role: 'master', node_count: 1 }),
        expect.objectContaining({ name: 'default-worker', role: 'worker', node_count: 1 }),
        gpu,
      ]);
      expect(await scene.demo.list('coe', 'nodegroup', 'list', 'k1', '--role', 'gpu')).toEqual([
        gpu,
      ]);
    });

    it('show tells all about one', async () => {
      const { uuid: clusterId } = await scene.cluster();
      await scene.settled('clusters/k1/nodegroups/gpu', 'CREATE_COMPLETE');
      expect(await nodegroup('gpu')).toEqual({
        uuid: expect.stringMatching(UUID),
        name: 'gpu',
        cluster_id: clusterId,
        project_id: scene.projectId,
        docker_volume_size: 7,
        labels: { ...LABELS, extra: 'yes', card: 'big' },
        labels_overridden: {},
        labels_skipped: {},
        labels_added: { card: 'big' },
        flavor_id: 'm1.medium',
        image_id: 'fedora-coreos',
        node_addresses: [expect.stringMatching(ADDRESS)],
        node_count: 1,
        role: 'gpu',
        max_node_count: 2,
        min_node_count: 1,
        is_default: false,
        stack_id: expect.stringMatching(UUID),
        status: 'CREATE_COMPLETE',
        status_reason: null,
      });
      await scene.settled('clusters/k1', 'UPDATE_COMPLETE');
    });

    it('update changes its bounds, which resize keeps to', async () => {
      const resize = ['cluster', 'resize', 'k1', '3', '--nodegroup', 'gpu'];
      expect(await scene.demo.refusal(...resize)).toBe(
        'Resizing gpu outside the allowed range: min_node_count = 1, max_node_count = 2 (HTTP 400)',
      );
      expect(
        await scene.demo.coe('nodegroup', 'update', 'k1', 'gpu', 'replace', 'max_node_count=3'),
      ).toBe('Request to update nodegroup gpu has been accepted.\n');
      expect(await nodegroup('gpu')).toMatchObject({
        status: 'CREATE_COMPLETE',
        max_node_count: 3,
      });
      await scene.demo.coe(...resize);
      await scene.settled('clusters/k1/nodegroups/gpu', 'UPDATE_COMPLETE');
      expect(await nodegroup('gpu')).toMatchObject({
        node_count: 3,
        max_node_count: 3,
      });
      await scene.settled('clusters/k1', 'UPDATE_COMPLETE');
      expect(
        await scene.demo.refusal('nodegroup', 'update', 'k1', 'gpu', 'replace', 'name=cpu'),
      ).toBe("'/name' is an internal attribute and can not be updated (HTTP 400)");
    });

    it('delete takes it away; the default ones stay', async () => {
      expect(await scene.demo.coe('nodegroup', 'delete', 'k1', 'gpu')).toBe(
        'Request to delete nodegroup gpu has been accepted.\n',
      );
      await eventually(async () => {
        expect(await scene.demo.refusal('nodegroup', 'show', 'k1', 'gpu')).toBe(
          'Nodegroup gpu could not be found (HTTP 404)',
        );
      }, SETTLING);
      expect(await scene.demo.refusal('nodegroup', 'delete', 'k1', 'default-worker')).toBe(
        'Deleting a default nodegroup is not supported (HTTP 400)',
      );
    });
  });
};
