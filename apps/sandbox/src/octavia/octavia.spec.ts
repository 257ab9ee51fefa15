import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox, type Answer } from '../testing/sandbox.js';

const LBAAS = '/load-balancer/v2.0/lbaas';

describe('load balancers', () => {
  let sandbox: Sandbox;
  let demo: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
  });
  afterAll(() => sandbox.close());

  const post = (path: string, body: object): Promise<Answer> =>
    sandbox.call('POST', LBAAS + path, { token: demo, body });
  const create = async (name: string): Promise<string> => {
    const subnet = sandbox.cloud.neutron.subnet('private-demo').id;
    const made = await post('/loadbalancers', { loadbalancer: { name, vip_subnet_id: subnet } });
    expect(made.status).toBe(201);
    return String(at(made.body, 'loadbalancer', 'id'));
  };

  it('get an address, listeners, pools, members and monitors', async () => {
    const id = await create('lb');
    const listener = await post('/listeners', {
      listener: { loadbalancer_id: id, protocol: 'TCP', protocol_port: 6443 },
    });
    expect(listener.status).toBe(201);
    const listenerId = String(at(listener.body, 'listener', 'id'));
    const pool = await post('/pools', {
      pool: { listener_id: listenerId, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN' },
    });
    const poolId = String(at(pool.body, 'pool', 'id'));
    const member = { member: { address: '10.99.0.9', protocol_port: 6443 } };
    expect((await post(`/pools/${poolId}/members`, member)).status).toBe(201);
    expect((await post(`/pools/${poolId}/members`, member)).status).toBe(409);
    const monitor = { pool_id: poolId, type: 'TCP', delay: 5, timeout: 5, max_retries: 3 };
    expect((await post('/healthmonitors', { healthmonitor: monitor })).status).toBe(201);
    const status = await sandbox.call('GET', `${LBAAS}/loadbalancers/${id}/status`, {
      token: demo,
    });
    expect(at(status.body, 'statuses', 'loadbalancer')).toMatchObject({
      id,
      listeners: [{ id: listenerId, pools: [{ id: poolId, members: [{ address: '10.99.0.9' }] }] }],
    });
    const shown = await sandbox.call('GET', `${LBAAS}/loadbalancers/${id}`, { token: demo });
    expect(at(shown.body, 'loadbalancer')).toMatchObject({
      name: 'lb',
      provisioning_status: 'ACTIVE',
      operating_status: 'ONLINE',
      provider: 'amphora',
      listeners: [{ id: listenerId }],
      pools: [{ id: poolId }],
    });
    expect(at(shown.body, 'loadbalancer', 'vip_address')).toMatch(/^10\.99\.0\.\d+$/);
  });

  it('go alone only when nothing hangs on them, else in a cascade with their port', async () => {
    const id = await create('parent');
    await post('/listeners', {
      listener: { loadbalancer_id: id, protocol: 'TCP', protocol_port: 80 },
    });
    const url = `${LBAAS}/loadbalancers/${id}`;
    const refused = await sandbox.call('DELETE', url, { token: demo });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        faultcode: 'Client',
        faultstring: `Cannot delete Load Balancer ${id} - it has children`,
      },
    });
    const port = sandbox.cloud.octavia.loadBalancer(id).vip_port_id;
    expect((await sandbox.call('DELETE', `${url}?cascade=true`, { token: demo })).status).toBe(204);
    expect(sandbox.cloud.neutron.ports.rows.get(port)).toBeUndefined();
    expect(sandbox.cloud.octavia.listeners.where('loadbalancer_id', id)).toEqual([]);
    expect((await sandbox.call('GET', url, { token: demo })).status).toBe(404);
  });

  it('are another project’s business only', async () => {
    const id = await create('mine');
    const other = await sandbox.token('alt_demo', 'alt_demo');
    const url = `${LBAAS}/loadbalancers/${id}`;
    expect((await sandbox.call('GET', url, { token: other })).status).toBe(403);
    const list = await sandbox.call('GET', `${LBAAS}/loadbalancers`, { token: other });
    expect(at(list.body, 'loadbalancers')).toEqual([]);
  });

  it('cannot be changed while they are made', async () => {
    const slow = new Sandbox(':memory:', 1000);
    const token = await slow.token('demo', 'demo');
    const subnet = slow.cloud.neutron.subnet('private-demo').id;
    const made = await slow.call('POST', `${LBAAS}/loadbalancers`, {
      token,
      body: { loadbalancer: { vip_subnet_id: subnet } },
    });
    expect(at(made.body, 'loadbalancer', 'provisioning_status')).toBe('PENDING_CREATE');
    const id = String(at(made.body, 'loadbalancer', 'id'));
    const refused = await slow.call('POST', `${LBAAS}/listeners`, {
      token,
      body: { listener: { loadbalancer_id: id, protocol: 'TCP', protocol_port: 1 } },
    });
    expect(refused).toMatchObject({
      status: 409,
      body: { faultstring: `Load Balancer ${id} is immutable and cannot be updated.` },
    });
    await slow.close();
  });

  it('need somewhere to stand', async () => {
    const answer = await post('/loadbalancers', { loadbalancer: { name: 'nowhere' } });
    expect(answer.status).toBe(400);
  });
});
