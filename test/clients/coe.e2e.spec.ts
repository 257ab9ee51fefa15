import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { clusterCommands } from './coe-clusters.js';
import { nodegroupCommands } from './coe-nodegroups.js';
import { operatorCommands } from './coe-operators.js';
import { CoeScene, SETTLING } from './coe-scene.js';
import { templateCommands } from './coe-templates.js';

jest.setTimeout(2 * SETTLING.timeoutMs);

/** One story, told in order: each part goes on with what those before it made. */
describe('openstack coe, as the distribution ships it', () => {
  const scene = new CoeScene();
  beforeAll(() => scene.start());
  afterAll(() => scene.stop());

  templateCommands(scene);
  clusterCommands(scene);
  nodegroupCommands(scene);
  operatorCommands(scene);

  describe('at the end', () => {
    it('cluster delete takes it away', async () => {
      expect(await scene.demo.coe('cluster', 'delete', 'k1')).toBe(
        'Request to delete cluster k1 has been accepted.\n',
      );
      await eventually(async () => {
        expect(await scene.demo.list('coe', 'cluster', 'list')).toEqual([]);
      }, SETTLING);
      expect(await scene.demo.refusal('cluster', 'delete', 'k1')).toBe(
        'Cluster k1 could not be found (HTTP 404)',
      );
      expect(await scene.demo.list('server', 'list')).toEqual([]);
    });

    it('no command of the client is left untried', async () => {
      const lines = [...scene.given];
      const commands = await scene.demo.commands();
      expect(commands).toContain('coe cluster create');
      const tried = (command: string) => lines.some((line) => line.startsWith(`${command} `));
      expect(commands.filter((command) => !tried(command))).toEqual([]);
    });
  });
});
