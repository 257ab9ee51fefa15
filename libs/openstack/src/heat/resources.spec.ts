import { describe, expect, it } from '@jest/globals';
import { failedFirst } from './resources.js';
import { listQueries, resourcesFrom, secretValues } from './wire.js';

const row = (name: string, stackId: string, extra: object = {}) => ({
  resource_name: name,
  resource_type: 'T',
  resource_status: 'CREATE_COMPLETE',
  resource_status_reason: '',
  physical_resource_id: `${name}-id`,
  updated_time: '2026-01-02T03:04:05Z',
  links: [{ rel: 'stack', href: `http://h/v1/p/stacks/s/${stackId}` }],
  ...extra,
});
const failed = (reason: string) => ({
  resource_status: 'CREATE_FAILED',
  resource_status_reason: reason,
});

describe('resources of a stack', () => {
  it('names the groups each lies in', () => {
    const resources = resourcesFrom([
      row('masters', 'top'),
      row('0', 'masters-id'),
      row('server', '0-id', { physical_resource_id: '' }),
    ]);
    expect(resources.map(({ name, path }) => [...path, name].join('/'))).toEqual([
      'masters',
      'masters/0',
      'masters/0/server',
    ]);
    expect(resources[2]).toMatchObject({ physicalId: null, updatedAt: '2026-01-02T03:04:05.000Z' });
  });

  it('begins with the cause of a failure', () => {
    const order = failedFirst(
      resourcesFrom([
        row('network', 'top'),
        row('masters', 'top', failed('ResourceInError: resources.masters')),
        row('other', 'masters-id', failed('CREATE aborted')),
        row('server', 'masters-id', failed('No valid host was found')),
      ]),
    );
    expect(order.map(({ name }) => name)).toEqual(['server', 'masters', 'other', 'network']);
  });
});

describe('listQueries', () => {
  it('asks nothing for an empty filter', () => {
    expect(listQueries({ ids: [] })).toEqual([]);
    expect(listQueries({ ids: ['a'], statuses: [] })).toEqual([]);
  });

  it('asks for many ids in parts', () => {
    const ids = Array.from({ length: 161 }, (_, index) => String(index));
    expect(listQueries({ ids }).map(({ id }) => id?.length)).toEqual([80, 80, 1]);
  });

  it('takes a status apart', () => {
    expect(listQueries({ statuses: ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS'] })).toMatchObject([
      { action: ['CREATE', 'UPDATE'], status: ['IN_PROGRESS'] },
    ]);
  });
});

describe('secretValues', () => {
  it('picks the values nobody should read', () => {
    const parameters = { trustee_password: 'a', ssh_key_name: 'b', auth_token: 'c', count: 3 };
    expect(secretValues(parameters)).toEqual(['a', 'c']);
  });
});
