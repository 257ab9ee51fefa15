import { describe, expect, it } from '@jest/globals';
import type { CoeScene } from './coe-scene.js';
import { TIME } from './shapes.js';

/** `coe service …`, `coe stats …`, `coe quotas …` */
export const operatorCommands = (scene: CoeScene): void => {
  describe('for operators', () => {
    const NOT_FOUND = 'Quota could not be found';

    it('service list shows the conductor', async () => {
      expect(await scene.admin.list('coe', 'service', 'list')).toEqual([
        {
          id: 1,
          host: expect.stringMatching(/./),
          binary: 'magnum-conductor',
          state: 'up',
          disabled: false,
          disabled_reason: null,
          created_at: expect.stringMatching(TIME),
          updated_at: expect.stringMatching(TIME),
        },
      ]);
      expect(await scene.demo.refusal('service', 'list')).toBe(
        "Policy doesn't allow magnum-service:get_all to be performed (HTTP 403)",
      );
    });

    it('stats list counts what a project has', async () => {
      const counted = { Property: 'Value', clusters: '1', nodes: '2' };
      expect(await scene.demo.table('coe', 'stats', 'list', scene.projectId)).toEqual(counted);
      expect(await scene.admin.table('coe', 'stats', 'list', scene.projectId)).toEqual(counted);
      expect(await scene.demo.refusal('stats', 'list', 'another')).toBe(
        'Not authorized (HTTP 403)',
      );
    });

    it('quotas create, list, show, update and delete', async () => {
      const quota = ['--project-id', scene.projectId, '--resource', 'Cluster'];
      const shown = (hardLimit: string) => ({
        Property: 'Value',
        id: expect.stringMatching(/^\d+$/),
        hard_limit: hardLimit,
        project_id: scene.projectId,
        resource: 'Cluster',
        created_at: expect.stringMatching(TIME),
        updated_at: '-',
      });
      const create = ['coe', 'quotas', 'create', ...quota, '--hard-limit', '1'];
      expect(await scene.admin.table(...create)).toEqual(shown('1'));
      expect(await scene.admin.text(...create)).toContain(
        `Quota for project ${scene.projectId} already exists for resource Cluster (HTTP 409)`,
      );
      expect(await scene.admin.table('coe', 'quotas', 'list', '--all-tenants')).toEqual({
        project_id: expect.stringMatching(/^resource +\| hard_limit$/),
        [scene.projectId]: expect.stringMatching(/^Cluster +\| 1$/),
      });
      expect(await scene.demo.table('coe', 'quotas', 'show', ...quota)).toEqual(shown('1'));
      expect(await scene.demo.refusal('cluster', 'create', 'k2', '--cluster-template', 'k8s')).toBe(
        'Resource limit exceeded: You have reached the maximum clusters per project, 1 (HTTP 403)',
      );
      expect(
        await scene.admin.table('coe', 'quotas', 'update', ...quota, '--hard-limit', '2'),
      ).toEqual({
        ...shown('2'),
        updated_at: expect.stringMatching(TIME),
      });
      expect(await scene.admin.coe('quotas', 'delete', ...quota)).toBe(
        `Request to delete quota for project id ${scene.projectId} and resource Cluster has been accepted.\n`,
      );
      expect(await scene.admin.coe('quotas', 'delete', ...quota)).toContain(NOT_FOUND);
      expect(await scene.demo.coe('quotas', 'create', ...quota)).toContain(
        "Policy doesn't allow quota:create to be performed (HTTP 403)",
      );
    });
  });
};
