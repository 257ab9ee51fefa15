import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  type CloudUnderTest,
  eventually,
  failureOf,
  sessionOf,
} from '../contract/cloud-under-test.js';
import { BadRequest, CloudRefused, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';
import { StackExists, StackNotFound } from './errors.js';
import type { Stack, StackRef } from './port.js';

const WORD = `
heat_template_version: 2018-08-31
parameters:
  length: { type: number, default: 4 }
  options: { type: json, default: {} }
resources:
  word:
    type: OS::Heat::RandomString
    properties: { length: { get_param: length } }
  group:
    type: OS::Heat::ResourceGroup
    properties:
      count: 1
      resource_def: { type: member.yaml }
outputs:
  word: { value: { get_attr: [word, value] } }
`;

const MEMBER = `
heat_template_version: 2018-08-31
resources:
  inner: { type: OS::Heat::RandomString }
`;

const test = (properties: string): string => `
heat_template_version: 2018-08-31
resources:
  group:
    type: OS::Heat::ResourceGroup
    properties:
      count: 1
      resource_def:
        type: OS::Heat::TestResource
        properties: { ${properties} }
`;

export const heatContract = (open: () => CloudUnderTest): void => {
  describe('Heat', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    const word = (name: string) => ({
      name,
      template: WORD,
      files: { 'member.yaml': MEMBER },
      parameters: { length: 7, options: { a: 'b' } },
      timeoutMinutes: 5,
      tags: ['jeroboam', 'contract'],
    });
    const settled = async (stack: StackRef, status: string, as = demo): Promise<Stack> => {
      const seen = await eventually(
        async () => await open().heat.showStack(as, stack),
        (shown) => !shown.status.endsWith('_IN_PROGRESS'),
      );
      expect(seen).toMatchObject({ status });
      return seen;
    };
    const gone = async (id: string, as = demo): Promise<void> => {
      await open().heat.deleteStack(as, id);
      await settled(id, 'DELETE_COMPLETE', as);
    };

    it('takes a stack through its life', async () => {
      const { heat } = open();
      const name = `contract-${randomUUID()}`;
      const id = await heat.createStack(demo, word(name));
      const created = await settled(id, 'CREATE_COMPLETE');
      expect(created).toMatchObject({
        id,
        name,
        projectId: (await demo.access()).projectId,
        timeoutMinutes: 5,
        tags: ['jeroboam', 'contract'],
      });
      expect(created.parameters).toMatchObject({ length: '7' });
      expect(JSON.parse(created.parameters['options']!)).toEqual({ a: 'b' });
      expect(created.outputs['word']).toMatch(/^\w{7}$/);
      expect(Date.parse(created.createdAt)).toBeGreaterThan(Date.now() - 600_000);
      expect(await heat.showStack(demo, name)).toEqual(created);
      expect(await heat.showStack(demo, { name, id })).toEqual(created);

      await heat.updateStack(demo, { name, id }, { parameters: { length: 9 } });
      const updated = await settled({ name, id }, 'UPDATE_COMPLETE');
      expect(updated.outputs['word']).toMatch(/^\w{9}$/);
      expect(JSON.parse(updated.parameters['options']!)).toEqual({ a: 'b' });
      expect(updated.updatedAt).not.toBeNull();

      await gone(id);
      expect(await failureOf(heat.showStack(demo, name))).toBeInstanceOf(StackNotFound);
      await heat.deleteStack(demo, name);
      await heat.deleteStack(demo, id);
      await heat.deleteStack(demo, { name, id });
    });

    it('lists stacks by name, id and status', async () => {
      const { heat } = open();
      const name = `contract-${randomUUID()}`;
      const id = await heat.createStack(demo, word(name));
      await settled(id, 'CREATE_COMPLETE');
      const [row] = await heat.listStacks(demo, { ids: [id, randomUUID()] });
      expect(row).toMatchObject({ id, name, status: 'CREATE_COMPLETE' });
      const names = { names: [name] };
      expect(await heat.listStacks(demo, names)).toHaveLength(1);
      const inProgress = ['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'];
      expect(await heat.listStacks(demo, { ...names, statuses: inProgress })).toEqual([]);
      const complete = ['CREATE_COMPLETE'];
      expect(await heat.listStacks(demo, { ...names, statuses: complete })).toHaveLength(1);
      expect(await heat.listStacks(demo, { ids: [] })).toEqual([]);
      expect((await heat.listStacks(demo)).map((stack) => stack.id)).toContain(id);
      const other = await sessionOf(open(), 'alt_demo', 'alt_demo');
      expect(await heat.listStacks(other, { ids: [id] })).toEqual([]);
      expect(await failureOf(heat.showStack(other, id))).toBeInstanceOf(StackNotFound);
      await gone(id);
      expect(await heat.listStacks(demo, { ids: [id] })).toEqual([]);
      const [deleted] = await heat.listStacks(demo, { ids: [id], deleted: true });
      expect(deleted).toMatchObject({ id, status: 'DELETE_COMPLETE' });
    });

    it('has one stack of a name', async () => {
      const { heat } = open();
      const name = `contract-${randomUUID()}`;
      const id = await heat.createStack(demo, word(name));
      expect(await failureOf(heat.createStack(demo, word(name)))).toBeInstanceOf(StackExists);
      await settled(id, 'CREATE_COMPLETE');
      await gone(id);
    });

    it('deletes a stack in the middle of its making, and does not update it then', async () => {
      const { heat } = open();
      const name = `contract-${randomUUID()}`;
      const template = test('action_wait_secs: { create: 20, delete: 3 }');
      const id = await heat.createStack(demo, { name, template });
      const [row] = await heat.listStacks(demo, { ids: [id], statuses: ['CREATE_IN_PROGRESS'] });
      expect(row).toMatchObject({ name, status: 'CREATE_IN_PROGRESS' });
      await heat.deleteStack(demo, id);
      const update = await failureOf(heat.updateStack(demo, id, { parameters: {} }));
      expect(update).toBeInstanceOf(BadRequest);
      await gone(id);
    });

    it('names the resource that failed, the deepest first', async () => {
      const { heat } = open();
      const name = `contract-${randomUUID()}`;
      const id = await heat.createStack(demo, { name, template: test('fail: true') });
      const failed = await settled(id, 'CREATE_FAILED');
      expect(failed.reason).toMatch(/failed/i);
      const [cause, above] = await heat.listResources(demo, id, 3);
      expect(cause).toMatchObject({
        name: '0',
        path: ['group'],
        type: 'OS::Heat::TestResource',
        status: 'CREATE_FAILED',
      });
      expect(above).toMatchObject({ name: 'group', path: [], status: 'CREATE_FAILED' });
      expect(await heat.listResources(demo, id)).toHaveLength(1);
      const [newest] = await heat.listEvents(demo, { name, id });
      expect(newest).toMatchObject({ resourceName: name, status: 'CREATE_FAILED' });
      await gone(id);
    });

    it('works for the service account under a trust', async () => {
      const { heat, keystone } = open();
      const { userId, projectId, roles } = await demo.access();
      const trust = await keystone.createTrust(demo, {
        trustorUserId: userId,
        trusteeUserId: (await keystone.serviceAccount()).userId,
        projectId: projectId!,
        roles,
        redelegationCount: 2,
      });
      const borrowed = keystone.trustSession(trust.id);
      const name = `contract-${randomUUID()}`;
      const id = await heat.createStack(borrowed, word(name));
      await settled(id, 'CREATE_COMPLETE', borrowed);
      expect((await heat.showStack(demo, id)).name).toBe(name);
      await gone(id, borrowed);
      await keystone.deleteTrust(borrowed, trust.id);
      const again = keystone.trustSession(trust.id);
      for (const call of [heat.listStacks(again), heat.deleteStack(again, id)]) {
        const failure = await failureOf(call);
        expect(failure).toBeInstanceOf(NotFound);
        expect(failure).not.toBeInstanceOf(StackNotFound);
      }
    });

    it('does not take a template that is none', async () => {
      const name = `contract-${randomUUID()}`;
      const failure = await failureOf(
        open().heat.createStack(demo, { name, template: 'no_template: true' }),
      );
      expect(failure).toBeInstanceOf(BadRequest);
      expect(await open().heat.listStacks(demo, { names: [name] })).toEqual([]);
    });

    it('finds no stack that is not there', async () => {
      const { heat } = open();
      expect(await failureOf(heat.showStack(demo, 'nope'))).toBeInstanceOf(StackNotFound);
      const update = heat.updateStack(demo, randomUUID(), { parameters: {} });
      expect(await failureOf(update)).toBeInstanceOf(StackNotFound);
      expect(await failureOf(heat.listResources(demo, 'nope'))).toBeInstanceOf(StackNotFound);
    });

    it('does not list all projects for a user', async () => {
      const failure = failureOf(open().heat.listStacks(demo, { global: true }));
      expect(await failure).toBeInstanceOf(CloudRefused);
    });
  });
};
