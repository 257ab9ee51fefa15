import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sandbox, at } from '../testing/sandbox.js';
import { HOT, Stacks } from './testing/stacks.js';

const TEMPLATE = {
  heat_template_version: HOT,
  parameters: {
    p: {
      type: 'number',
      default: 3,
      description: 'd',
      hidden: true,
      constraints: [{ range: { min: 1 } }],
    },
  },
  resources: { a: { type: 'OS::Heat::RandomString', metadata: { k: 'v' } } },
  outputs: { o: { value: { get_attr: ['a', 'value'] }, description: 'dd' } },
};

describe('the orchestration API', () => {
  let sandbox: Sandbox;
  let demo: Stacks;
  let path: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await Stacks.in(sandbox);
    path = await demo.made('one', { template: TEMPLATE, tags: 'x,y' });
    await demo.made('two', { template: TEMPLATE });
  });
  afterAll(() => sandbox.close());

  const listed = async (stacks: Stacks, query: string): Promise<unknown[]> => {
    const { body } = await stacks.call('GET', `/stacks${query}`);
    return (at(body, 'stacks') as { stack_name: string }[]).map((one) => one.stack_name);
  };

  it('lists, newest first, and filters', async () => {
    expect(await listed(demo, '')).toEqual(['two', 'one']);
    expect(await listed(demo, '?name=one')).toEqual(['one']);
    expect(await listed(demo, '?name=one&name=two')).toEqual(['two', 'one']);
    expect(await listed(demo, '?status=CREATE_COMPLETE')).toEqual(['two', 'one']);
    expect(await listed(demo, '?status=CREATE_FAILED')).toEqual([]);
    expect(await listed(demo, '?tags=x,y')).toEqual(['one']);
    expect(await listed(demo, '?sort_keys=stack_name&sort_dir=asc')).toEqual(['one', 'two']);
    expect(await listed(demo, '?limit=1')).toEqual(['two']);
    const marker = (await demo.show(path)).id;
    expect(await listed(demo, `?sort_keys=stack_name&marker=${marker}`)).toEqual(['two']);
  });

  it('lists all projects for administrators only', async () => {
    const admin = await Stacks.in(sandbox, 'admin');
    expect(await listed(admin, '?global_tenant=True')).toEqual(['two', 'one']);
    const refused = await demo.call('GET', '/stacks?global_tenant=True');
    expect([refused.status, demo.message(refused)]).toEqual([
      403,
      'You are not authorized to use stacks:global_index.',
    ]);
  });

  it('hides a project from others', async () => {
    const other = await Stacks.in(sandbox, 'alt_demo');
    expect(await listed(other, '')).toEqual([]);
    const missing = await other.call('GET', path);
    expect([missing.status, other.message(missing)]).toEqual([
      404,
      'The Stack (one) could not be found.',
    ]);
    const foreign = await sandbox.call('GET', `/orchestration/v1/${demo.project}/stacks`, {
      token: other.token,
    });
    expect([foreign.status, at(foreign.body, 'error', 'type')]).toEqual([403, 'HTTPForbidden']);
  });

  it('redirects from a name or an id to both', async () => {
    const { id } = await demo.show(path);
    const to = `http://cloud.test:9512/orchestration/v1/${demo.project}${path}`;
    for (const key of ['one', id]) {
      const answer = await demo.call('GET', `/stacks/${key}`);
      expect([answer.status, answer.headers.location]).toEqual([302, to]);
    }
    const resources = await demo.call('GET', '/stacks/one/resources?nested_depth=1');
    expect(resources.headers.location).toBe(`${to}/resources?nested_depth=1`);
  });

  it('refuses a second stack of a name', async () => {
    const answer = await demo.call('POST', '/stacks', { stack_name: 'one', template: TEMPLATE });
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      code: 409,
      title: 'Conflict',
      explanation: 'There was a conflict when trying to complete your request.',
      error: { type: 'StackExists', traceback: null, message: 'The Stack (one) already exists.' },
    });
  });

  it('shows a resource, its attributes and metadata', async () => {
    const { body } = await demo.call('GET', `${path}/resources/a`);
    expect(at(body, 'resource')).toMatchObject({
      resource_name: 'a',
      resource_type: 'OS::Heat::RandomString',
      resource_status: 'CREATE_COMPLETE',
      attributes: { value: expect.stringMatching(/^[a-zA-Z0-9]{32}$/) },
    });
    expect((await demo.call('GET', `${path}/resources/a/metadata`)).body).toEqual({
      metadata: { k: 'v' },
    });
    const missing = await demo.call('GET', `${path}/resources/zz`);
    expect(demo.message(missing)).toBe('The Resource (zz) could not be found in Stack one.');
  });

  it('shows outputs, template, files and environment', async () => {
    expect((await demo.call('GET', `${path}/outputs`)).body).toEqual({
      outputs: [{ output_key: 'o', description: 'dd' }],
    });
    expect(
      at((await demo.call('GET', `${path}/outputs/o`)).body, 'output', 'output_value'),
    ).toHaveLength(32);
    const missing = await demo.call('GET', `${path}/outputs/zz`);
    expect([missing.status, demo.message(missing)]).toEqual([
      404,
      'Specified output key zz not found.',
    ]);
    expect((await demo.call('GET', `${path}/template`)).body).toEqual(TEMPLATE);
    expect((await demo.call('GET', `${path}/files`)).body).toEqual({});
    expect(at((await demo.call('GET', `${path}/environment`)).body, 'parameters')).toEqual({});
  });

  it('shows one event with its type', async () => {
    const { body } = await demo.call('GET', `${path}/resources/a/events?limit=1`);
    const id = String(at(body, 'events', 0, 'id'));
    const event = await demo.call('GET', `${path}/resources/a/events/${id}`);
    expect(at(event.body, 'event')).toMatchObject({
      resource_type: 'OS::Heat::RandomString',
      resource_status: 'CREATE_COMPLETE',
    });
  });

  it('validates a template and describes its parameters', async () => {
    const { status, body } = await demo.call('POST', '/validate', { template: TEMPLATE });
    expect(status).toBe(200);
    expect(at(body, 'Parameters')).toEqual({
      p: { Type: 'Number', Description: 'd', NoEcho: 'true', Label: 'p', Default: 3, MinValue: 1 },
    });
  });

  it('knows its resource types', async () => {
    const { body } = await demo.call('GET', '/resource_types');
    expect(at(body, 'resource_types')).toEqual(
      expect.arrayContaining(['OS::Heat::ResourceGroup', 'OS::Nova::Server']),
    );
    const server = await demo.call('GET', '/resource_types/OS::Nova::Server');
    expect(at(server.body, 'properties', 'flavor')).toMatchObject({
      type: 'string',
      required: true,
      update_allowed: true,
    });
    const missing = await demo.call('GET', '/resource_types/OS::Foo');
    expect(demo.message(missing)).toBe('The Resource Type (OS::Foo) could not be found.');
  });

  it('shows a deleted stack by its id only, and refuses to change it', async () => {
    const gone = await demo.made('gone', { template: TEMPLATE });
    await demo.call('DELETE', gone);
    expect((await demo.settled(gone)).status).toBe('DELETE_COMPLETE');
    expect((await demo.call('GET', '/stacks/gone')).status).toBe(404);
    expect(await listed(demo, '?name=gone')).toEqual([]);
    expect(await listed(demo, '?name=gone&show_deleted=true')).toEqual(['gone']);
    expect((await demo.call('DELETE', gone)).status).toBe(404);
    const patched = await demo.call('PATCH', gone, {});
    expect([patched.status, demo.message(patched)]).toEqual([
      400,
      'Updating a stack when it is deleting is not supported.',
    ]);
  });
});
