import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Sandbox, at } from '../testing/sandbox.js';
import { HOT, Stacks } from './testing/stacks.js';

const TEMPLATE = {
  heat_template_version: HOT,
  parameters: { count: { type: 'number', default: 2 } },
  resources: {
    net: { type: 'OS::Neutron::Net' },
    sub: {
      type: 'OS::Neutron::Subnet',
      properties: { network: { get_resource: 'net' }, cidr: '10.0.0.0/24' },
    },
    servers: {
      type: 'OS::Heat::ResourceGroup',
      depends_on: 'sub',
      properties: {
        count: { get_param: 'count' },
        resource_def: {
          type: 'OS::Nova::Server',
          properties: {
            name: 's-%index%',
            flavor: 'm1.small',
            image: 'ubuntu',
            networks: [{ network: { get_resource: 'net' } }],
          },
        },
      },
    },
  },
  outputs: { addresses: { value: { get_attr: ['servers', 'first_address'] } } },
};

describe('a process that ends in the middle', () => {
  let folder: string;
  const open: Sandbox[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heat-'));
  });
  afterEach(async () => {
    for (const sandbox of open.splice(0)) await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  const start = async (): Promise<Stacks> => {
    const sandbox = new Sandbox(join(folder, 'state.sqlite'));
    open.push(sandbox);
    return Stacks.in(sandbox);
  };
  const restart = async (): Promise<Stacks> => {
    await open.pop()?.close();
    return start();
  };
  const serverCount = async ({ sandbox, token }: Stacks): Promise<unknown> =>
    at((await sandbox.call('GET', '/compute/v2.1/servers', { token })).body, 'servers', 'length');
  const hang = ({ sandbox }: Stacks, path: string): void => {
    sandbox.cloud.faults.add({
      service: 'heat-resource',
      path,
      action: 'hang',
      status: 500,
      delayMs: 0,
      times: null,
    });
  };

  it.each(['/net:', '/servers:', '/servers/1:'])(
    'goes on with a creation that stood at %s',
    async (point) => {
      const first = await start();
      hang(first, point);
      const path = await first.create('resumed', { template: TEMPLATE });
      const second = await restart();
      expect((await second.settled(path)).status).toBe('CREATE_COMPLETE');
      expect(await serverCount(second)).toBe(2);
      expect((await second.show(path)).outputs).toMatchObject({
        addresses: ['10.0.0.2', '10.0.0.3'],
      });
    },
  );

  it('goes on with an update, and with a deletion', async () => {
    const first = await start();
    const path = await first.made('resumed', { template: TEMPLATE });
    hang(first, '/servers/2:');
    await first.call('PATCH', path, { parameters: { count: 3 } });
    const second = await restart();
    expect((await second.settled(path)).status).toBe('UPDATE_COMPLETE');
    expect(await serverCount(second)).toBe(3);

    hang(second, '/net:');
    await second.call('DELETE', path);
    const third = await restart();
    expect((await third.settled(path)).status).toBe('DELETE_COMPLETE');
    expect(await serverCount(third)).toBe(0);
  });
});
