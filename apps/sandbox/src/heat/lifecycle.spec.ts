import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Sandbox, at } from '../testing/sandbox.js';
import { HOT, Stacks } from './testing/stacks.js';

const NODE = JSON.stringify({
  heat_template_version: HOT,
  parameters: { name: { type: 'string' }, flavor: { type: 'string', default: 'm1.small' } },
  resources: {
    server: {
      type: 'OS::Nova::Server',
      properties: {
        name: { get_param: 'name' },
        flavor: { get_param: 'flavor' },
        image: 'ubuntu',
        networks: [{ network: 'private-demo' }],
      },
    },
  },
  outputs: {
    'OS::stack_id': { value: { get_resource: 'server' } },
    ip: { value: { get_attr: ['server', 'networks', 'private-demo', 0] } },
    name: { value: { get_attr: ['server', 'name'] } },
  },
});

const GROUP = {
  heat_template_version: HOT,
  parameters: {
    count: { type: 'number', default: 2 },
    gone: { type: 'comma_delimited_list', default: '' },
    flavor: { type: 'string', default: 'm1.small' },
    secret: { type: 'string', default: 'x', hidden: true },
  },
  resources: {
    nodes: {
      type: 'OS::Heat::ResourceGroup',
      properties: {
        count: { get_param: 'count' },
        removal_policies: [{ resource_list: { get_param: 'gone' } }],
        resource_def: {
          type: 'node.yaml',
          properties: { name: 'n-%index%', flavor: { get_param: 'flavor' } },
        },
      },
    },
  },
  outputs: {
    names: { value: { get_attr: ['nodes', 'name'] } },
    refs: { value: { get_attr: ['nodes', 'refs_map'] } },
    first: { value: { get_attr: ['nodes', 'resource.0.name'] } },
    by_name: { value: { get_attr: ['nodes', 'attributes', 'name'] } },
  },
};

const template = (resources: object, more: object = {}): object => ({
  template: { heat_template_version: HOT, resources, ...more },
});

describe('a stack', () => {
  let sandbox: Sandbox;
  let stacks: Stacks;
  beforeEach(async () => {
    sandbox = new Sandbox();
    stacks = await Stacks.in(sandbox);
  });
  afterEach(() => sandbox.close());

  const group = (parameters: object = {}): object => ({
    template: GROUP,
    files: { 'node.yaml': NODE },
    parameters,
  });
  const servers = async (): Promise<string[]> => {
    const { body } = await sandbox.call('GET', '/compute/v2.1/servers', { token: stacks.token });
    return (at(body, 'servers') as { name: string }[]).map(({ name }) => name).sort();
  };
  const patch = async (path: string, parameters: object): Promise<string> => {
    const { status } = await stacks.call('PATCH', path, { parameters });
    if (status !== 202) throw new Error(String(status));
    return (await stacks.settled(path)).status;
  };
  const fault = (rule: object): void => {
    sandbox.cloud.faults.add({
      service: '*',
      action: 'fail',
      status: 500,
      delayMs: 0,
      times: null,
      ...rule,
    });
  };

  it('makes the things of the cloud, in the order they need each other', async () => {
    const path = await stacks.made('made', group());
    expect(await servers()).toEqual(['n-0', 'n-1']);
    const { outputs, parameters } = await stacks.show(path);
    expect(outputs).toMatchObject({
      names: ['n-0', 'n-1'],
      first: 'n-0',
      by_name: { 0: 'n-0', 1: 'n-1' },
    });
    expect(parameters).toMatchObject({ count: '2', secret: '******', 'OS::stack_name': 'made' });
    const nested = await stacks.resources(path, 2);
    expect(nested.map((one) => [one.resource_name, one.resource_status])).toEqual([
      ['nodes', 'CREATE_COMPLETE'],
      ['0', 'CREATE_COMPLETE'],
      ['1', 'CREATE_COMPLETE'],
      ['server', 'CREATE_COMPLETE'],
      ['server', 'CREATE_COMPLETE'],
    ]);
  });

  it('tells its story in events, the newest first', async () => {
    const path = await stacks.made('told', template({ a: { type: 'OS::Heat::RandomString' } }));
    const { body } = await stacks.call('GET', `${path}/events`);
    const events = at(body, 'events') as Record<string, unknown>[];
    expect(
      events.map((one) => [one.resource_name, one.resource_status, one.resource_status_reason]),
    ).toEqual([
      ['told', 'CREATE_COMPLETE', 'Stack CREATE completed successfully'],
      ['a', 'CREATE_COMPLETE', 'state changed'],
      ['a', 'CREATE_IN_PROGRESS', 'state changed'],
      ['told', 'CREATE_IN_PROGRESS', 'Stack CREATE started'],
    ]);
  });

  it('grows and shrinks a group, from the end unless told otherwise', async () => {
    const path = await stacks.made('scaled', group());
    expect(await patch(path, { count: 4 })).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-1', 'n-2', 'n-3']);
    expect(await patch(path, { count: 3 })).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-1', 'n-2']);

    const { outputs } = await stacks.show(path);
    const second = String(at(outputs, 'refs', '1'));
    expect(await patch(path, { count: 2, gone: second })).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-2']);
    expect(await patch(path, { count: 3, gone: '' })).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-2', 'n-3']);
  });

  it('changes in place what can be changed, and makes the rest anew', async () => {
    const server = (more: object): object =>
      template({
        s: {
          type: 'OS::Nova::Server',
          properties: {
            flavor: 'm1.small',
            image: 'ubuntu',
            networks: [{ network: 'private-demo' }],
            ...more,
          },
        },
      });
    const path = await stacks.made('changed', server({ name: 'one' }));
    const id = async (): Promise<unknown> =>
      (await stacks.resources(path))[0]?.physical_resource_id;
    const first = await id();
    await stacks.call('PUT', path, server({ name: 'two', flavor: 'm1.medium' }));
    expect(await stacks.settled(path)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect([await id(), await servers()]).toEqual([first, ['two']]);
    await stacks.call('PUT', path, server({ name: 'two', availability_zone: 'nova' }));
    await stacks.settled(path);
    expect(await id()).not.toBe(first);
    expect(await servers()).toEqual(['two']);
  });

  it('adds what a template has gained and deletes what it has lost', async () => {
    const random = { type: 'OS::Heat::RandomString' };
    const path = await stacks.made('edited', template({ a: random, b: random }));
    await stacks.call('PUT', path, template({ b: random, c: random }));
    expect(await stacks.settled(path)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await stacks.statuses(path)).toEqual({ b: 'CREATE_COMPLETE', c: 'CREATE_COMPLETE' });
  });

  it('leaves out what a condition leaves out', async () => {
    const path = await stacks.made('conditional', {
      ...template(
        {
          a: { type: 'OS::Heat::RandomString', condition: 'wanted' },
          b: {
            type: 'OS::Heat::Value',
            depends_on: 'a',
            properties: { value: { if: ['wanted', { get_resource: 'a' }, 'none'] } },
          },
        },
        {
          parameters: { wanted: { type: 'boolean', default: false } },
          conditions: { wanted: { get_param: 'wanted' } },
          outputs: {
            o: { value: { get_attr: ['b', 'value'] } },
            p: { value: 1, condition: 'wanted' },
          },
        },
      ),
    });
    expect(await stacks.names(path)).toEqual(['b']);
    expect((await stacks.show(path)).outputs).toEqual({ o: 'none' });
  });

  it('fails with the resource that failed, and names it', async () => {
    fault({ service: 'nova', method: 'POST', path: '^/servers$', times: 1 });
    const path = await stacks.create('failed', group({ count: 1 }));
    const words =
      'Went to status ERROR due to "Message: No valid host was found. There are not enough hosts available., Code: 500"';
    expect(await stacks.settled(path)).toMatchObject({
      status: 'CREATE_FAILED',
      reason: `Resource CREATE failed: ResourceInError: resources.nodes.resources[0].resources.server: ${words}`,
    });
    const all = await stacks.resources(path, 2);
    expect(all.map((one) => one.resource_status_reason)).toEqual([
      `ResourceInError: resources.nodes.resources[0].resources.server: ${words}`,
      `ResourceInError: resources[0].resources.server: ${words}`,
      `ResourceInError: resources.server: ${words}`,
    ]);
    expect(await patch(path, {})).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0']);
  });

  it('fails by the flavor or the name of one server', async () => {
    fault({ service: 'heat-resource', method: 'CREATE', path: 'name=n-1&flavor=m1.small$' });
    const path = await stacks.create('picked', group());
    const { reason } = await stacks.settled(path);
    expect(reason).toMatch(
      /^Resource CREATE failed: ResourceInError: resources.nodes.resources\[1\]/,
    );
  });

  it('undoes a failed create when asked to', async () => {
    fault({ service: 'heat-resource', path: '/b:' });
    const random = { type: 'OS::Heat::RandomString' };
    const resources = { a: random, b: { ...random, depends_on: 'a' } };
    const path = await stacks.create('undone', { ...template(resources), disable_rollback: false });
    expect(await stacks.settled(path)).toMatchObject({
      status: 'ROLLBACK_COMPLETE',
      reason: 'Stack ROLLBACK completed successfully',
    });
    expect(await stacks.resources(path)).toEqual([]);
  });

  it('goes back to what it was when an update fails', async () => {
    const body = { ...group(), disable_rollback: false };
    const path = await stacks.made('back', body);
    fault({ service: 'heat-resource', path: 'name=n-2' });
    expect(await patch(path, { count: 3 })).toBe('ROLLBACK_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-1']);
    expect((await stacks.show(path)).parameters).toMatchObject({ count: '2' });
  });

  it('is given up when its time is over', async () => {
    fault({ service: 'heat-resource', action: 'hang', path: '/a:' });
    const path = await stacks.create('late', {
      ...template({ a: { type: 'OS::Heat::RandomString' } }),
      timeout_mins: 0,
    });
    expect(await stacks.settled(path)).toMatchObject({
      status: 'CREATE_FAILED',
      reason: 'Timed out',
    });
  });

  it('can be deleted in the middle of its creation', async () => {
    fault({ service: 'heat-resource', action: 'hang', path: '/nodes/1/server:' });
    const path = await stacks.create('cut', group());
    expect(at((await stacks.call('GET', path)).body, 'stack', 'stack_status')).toBe(
      'CREATE_IN_PROGRESS',
    );
    expect((await stacks.call('DELETE', path)).status).toBe(204);
    expect(await stacks.settled(path)).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(await servers()).toEqual([]);
  });

  it('takes an update on top of a creation', async () => {
    const path = await stacks.create('busy', group({ count: 1 }));
    expect(await patch(path, { count: 3 })).toBe('UPDATE_COMPLETE');
    expect(await servers()).toEqual(['n-0', 'n-1', 'n-2']);
  });

  it('is suspended, resumed and checked, one at a time', async () => {
    const path = await stacks.made('walked', group());
    for (const [action, status] of [
      ['suspend', 'SUSPEND_COMPLETE'],
      ['resume', 'RESUME_COMPLETE'],
      ['check', 'CHECK_COMPLETE'],
    ] as const) {
      expect((await stacks.call('POST', `${path}/actions`, { [action]: null })).status).toBe(200);
      const busy = await stacks.call('POST', `${path}/actions`, { check: null });
      expect([busy.status, at(busy.body, 'error', 'type')]).toEqual([409, 'ActionInProgress']);
      expect(await stacks.settled(path)).toMatchObject({ status });
    }
  });
});
