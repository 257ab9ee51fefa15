import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Installation, SERVICES } from './installation.js';
import { whatExists, type Leftovers } from './leftovers.js';
import { notificationsOf } from './notifications.js';
import { OpenstackClient } from './openstack-client.js';

const BASE_PORT = 17_611;
const SETTLE_TIMEOUT_MS = 90_000;

jest.setTimeout(2 * SETTLE_TIMEOUT_MS);

describe('a service that dies while a cluster is made', () => {
  let installation: Installation;
  let folder: TempFolder;
  let admin: OpenstackClient;
  let demo: OpenstackClient;
  let service: OpenstackClient;
  let before: Leftovers;

  beforeAll(async () => {
    folder = tempFolder('crash-');
    installation = await Installation.start({ home: folder.path, basePort: BASE_PORT });
    const authUrl = `${installation.sandboxUrl}/identity/v3`;
    const as = (user: string, project: string) =>
      new OpenstackClient({ authUrl, user, project, password: 'sandbox' });
    [admin, demo, service] = [as('admin', 'admin'), as('demo', 'demo'), as('jeroboam', 'service')];
    await demo.text('keypair', 'create', 'testkey');
    await demo.text(
      ...['coe', 'cluster', 'template', 'create', 'swarm-template', '--coe', 'swarm'],
      ...['--image', 'Fedora-Atomic-26-20170723.0.x86_64', '--keypair', 'testkey'],
      ...['--external-network', 'public', '--flavor', 'm1.small', '--docker-volume-size', '5'],
    );
    before = await whatExists(admin, demo, service);
  });

  afterAll(async () => {
    await installation.stop();
    folder.remove();
  });

  it.each([...SERVICES, 'sandbox' as const])(
    'leaves one cluster, whole, when it is %s; and nothing once that is deleted',
    async (victim) => {
      const name = `survives-${victim}`;
      await demo.text('coe', 'cluster', 'create', name, '--cluster-template', 'swarm-template');
      await installation.crash(victim);
      await eventually(
        async () => {
          expect(await demo.show('coe', 'cluster', 'show', name)).toMatchObject({
            status: 'CREATE_COMPLETE',
            node_addresses: [expect.any(String)],
          });
        },
        { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 500 },
      );
      const stacks = await demo.list('stack', 'list');
      expect(stacks.map((row) => row['Stack Status'])).toEqual(['CREATE_COMPLETE']);
      await demo.text('coe', 'cluster', 'delete', name);
      await eventually(
        async () => {
          expect(await demo.list('coe', 'cluster', 'list')).toEqual([]);
          expect(await whatExists(admin, demo, service)).toEqual(before);
        },
        { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 500 },
      );
    },
  );

  it('is told of once each', async () => {
    const told = await notificationsOf(installation.natsUrl);
    const count = SERVICES.length + 1;
    expect(
      told.filter(({ action, outcome }) => `${action} ${outcome}` === 'create success'),
    ).toHaveLength(count);
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
  });
});
