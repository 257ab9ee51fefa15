import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Conflict } from '@jeroboam/openstack/http/errors';
import type { LoadBalancer } from '@jeroboam/openstack/octavia/port';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Rig } from '../testing/rig.js';
import { ServiceLoadBalancers } from './load-balancers.js';
import { Trustees } from './trustees.js';

let folder: TempFolder;
let rig: Rig;
let balancers: ServiceLoadBalancers;

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.request();
  balancers = new ServiceLoadBalancers(rig.cloud, new Trustees(rig.cloud.keystone, 'key', false));
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

const add = (id: string, changes: Partial<LoadBalancer> = {}): void => {
  rig.cloud.octavia.loadBalancers.set(id, {
    id,
    name: id,
    description: 'Kubernetes external service web from cluster c1',
    provisioningStatus: 'ACTIVE',
    operatingStatus: 'ONLINE',
    vipAddress: '10.0.0.5',
    vipPortId: null,
    vipSubnetId: null,
    projectId: rig.projectId,
    tags: [],
    ...changes,
  });
};

describe('load balancers of services', () => {
  it('go, and no others', async () => {
    add('lb1');
    add('of-another', { description: 'Kubernetes external service web from cluster c2' });
    add('by-hand', { description: 'in front of c1' });
    expect(await balancers.dismiss(rig.cluster())).toEqual(['lb1 (ACTIVE)']);
    expect([...rig.cloud.octavia.loadBalancers.keys()]).toEqual(['of-another', 'by-hand']);
    expect(await balancers.dismiss(rig.cluster())).toEqual([]);
  });

  it('that are going or changing are waited for', async () => {
    add('going', { provisioningStatus: 'PENDING_DELETE' });
    add('changing', { provisioningStatus: 'PENDING_UPDATE' });
    rig.cloud.octavia.deleteLoadBalancer = () =>
      Promise.reject(
        new Conflict('immutable', { service: 'load-balancer', status: 409, requestId: null }),
      );
    expect(await balancers.dismiss(rig.cluster())).toEqual([
      'going (PENDING_DELETE)',
      'changing (PENDING_UPDATE)',
    ]);
  });

  it('are none in a cloud without the service', async () => {
    add('lb1');
    rig.cloud.octavia.installed = false;
    expect(await balancers.dismiss(rig.cluster())).toEqual([]);
  });
});
