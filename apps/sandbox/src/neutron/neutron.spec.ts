import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox, type Answer } from '../testing/sandbox.js';

const V2 = '/network/v2.0';

describe('network', () => {
  let sandbox: Sandbox;
  let demo: string;
  let other: string;
  let admin: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
    other = await sandbox.token('alt_demo', 'alt_demo');
    admin = await sandbox.token('admin', 'admin');
  });
  afterAll(() => sandbox.close());

  const get = (path: string, token = demo): Promise<Answer> =>
    sandbox.call('GET', V2 + path, { token });
  const post = (path: string, body: object, token = demo): Promise<Answer> =>
    sandbox.call('POST', V2 + path, { token, body });
  const put = (path: string, body: object): Promise<Answer> =>
    sandbox.call('PUT', V2 + path, { token: demo, body });
  const remove = (path: string, token = demo): Promise<Answer> =>
    sandbox.call('DELETE', V2 + path, { token });
  const names = (body: unknown, key: string): unknown[] =>
    (at(body, key) as { name: string }[]).map(({ name }) => name);
  const publicId = (): string => sandbox.cloud.neutron.network('public').id;
  const fault = (answer: Answer): unknown => at(answer.body, 'NeutronError', 'type');

  /** A network with a subnet, behind a router to the public network. */
  const routed = async (cidr: string) => {
    const network = at((await post('/networks', { network: { name: 'n' } })).body, 'network', 'id');
    const made = await post('/subnets', { subnet: { network_id: network, cidr, ip_version: 4 } });
    const subnet = at(made.body, 'subnet', 'id');
    const gateway = { external_gateway_info: { network_id: publicId() } };
    const router = at((await post('/routers', { router: gateway })).body, 'router', 'id');
    const added = await put(`/routers/${String(router)}/add_router_interface`, {
      subnet_id: subnet,
    });
    expect(added.status).toBe(200);
    const port = at((await post('/ports', { port: { network_id: network } })).body, 'port');
    return {
      network: String(network),
      subnet: String(subnet),
      router: String(router),
      port: String(at(port, 'id')),
      address: String(at(port, 'fixed_ips', 0, 'ip_address')),
    };
  };

  it('shows a project its networks and the external one', async () => {
    expect(names((await get('/networks')).body, 'networks')).toEqual(['public', 'private-demo']);
    expect(names((await get('/networks?router:external=True')).body, 'networks')).toEqual([
      'public',
    ]);
    expect(names((await get('/networks?name=private-demo')).body, 'networks')).toEqual([
      'private-demo',
    ]);
    expect(names((await get('/networks', admin)).body, 'networks')).toHaveLength(4);
    const fields = (await get('/networks?name=public&fields=name&fields=mtu')).body;
    expect(at(fields, 'networks')).toEqual([{ name: 'public', mtu: 1500 }]);
    expect(at((await get(`/networks/${publicId()}`)).body, 'network')).not.toHaveProperty(
      'provider:network_type',
    );
  });

  it('hides what is another project’s', async () => {
    const { id } = sandbox.cloud.neutron.network('private-alt_demo');
    const answer = await get(`/networks/${id}`);
    expect(answer.status).toBe(404);
    expect(fault(answer)).toBe('NetworkNotFound');
    expect((await remove(`/networks/${id}`)).status).toBe(404);
    expect((await remove(`/networks/${publicId()}`)).status).toBe(403);
  });

  it('refuses attributes there are none of, and those of administrators', async () => {
    expect(await post('/networks', { network: { colour: 'red' } })).toMatchObject({
      status: 400,
      body: { NeutronError: { message: "Unrecognized attribute(s) 'colour'" } },
    });
    expect((await post('/networks', { network: { 'router:external': true } })).status).toBe(403);
    expect((await post('/networks', { other: {} })).status).toBe(400);
  });

  it('divides a subnet into gateway and pools', async () => {
    const { subnet, network } = await routed('10.1.0.0/29');
    expect(at((await get(`/subnets/${subnet}`)).body, 'subnet')).toMatchObject({
      cidr: '10.1.0.0/29',
      ip_version: 4,
      gateway_ip: '10.1.0.1',
      enable_dhcp: true,
      allocation_pools: [{ start: '10.1.0.2', end: '10.1.0.6' }],
    });
    const clash = { subnet: { network_id: network, cidr: '10.1.0.4/30' } };
    expect((await post('/subnets', clash)).status).toBe(400);
    const bad = { subnet: { network_id: network, cidr: '10.1.0.0/99' } };
    expect((await post('/subnets', bad)).status).toBe(400);
  });

  it('gives addresses until there are none', async () => {
    const { network, address } = await routed('10.2.0.0/29');
    expect(address).toBe('10.2.0.2');
    const wanted = { network_id: network, fixed_ips: [{ ip_address: '10.2.0.4' }] };
    const chosen = await post('/ports', { port: wanted });
    expect(at(chosen.body, 'port', 'fixed_ips', 0, 'ip_address')).toBe('10.2.0.4');
    expect(fault(await post('/ports', { port: wanted }))).toBe('IpAddressInUse');
    const given: unknown[] = [];
    for (let left = 0; left < 3; left += 1) {
      const { body } = await post('/ports', { port: { network_id: network } });
      given.push(at(body, 'port', 'fixed_ips', 0, 'ip_address'));
    }
    expect(given).toEqual(['10.2.0.3', '10.2.0.5', '10.2.0.6']);
    const full = await post('/ports', { port: { network_id: network } });
    expect(full.status).toBe(409);
    expect(fault(full)).toBe('IpAddressGenerationFailure');
  });

  it('leads a floating IP to a port behind a router', async () => {
    const { port, address, router, subnet, network } = await routed('10.3.0.0/24');
    const wish = { floatingip: { floating_network_id: publicId(), port_id: port } };
    const made = await post('/floatingips', wish);
    expect(made.status).toBe(201);
    const ip = at(made.body, 'floatingip');
    expect(ip).toMatchObject({ status: 'ACTIVE', fixed_ip_address: address, router_id: router });
    expect(at(ip, 'floating_ip_address')).toMatch(/^172\.24\.0\.\d+$/);
    expect(fault(await post('/floatingips', wish))).toBe('FloatingIPPortAlreadyAssociated');
    const detach = await put(`/routers/${router}/remove_router_interface`, { subnet_id: subnet });
    expect(fault(detach)).toBe('RouterInterfaceInUseByFloatingIP');
    expect(fault(await remove(`/networks/${network}`))).toBe('NetworkInUse');
    expect(fault(await remove(`/subnets/${subnet}`))).toBe('SubnetInUse');
    expect(fault(await remove(`/routers/${router}`))).toBe('RouterInUse');
    expect((await remove(`/ports/${port}`)).status).toBe(204);
    const freed = await get(`/floatingips/${String(at(ip, 'id'))}`);
    expect(at(freed.body, 'floatingip')).toMatchObject({ status: 'DOWN', port_id: null });
  });

  it('takes everything down again', async () => {
    const before = (at((await get('/ports', admin)).body, 'ports') as unknown[]).length;
    const { port, router, subnet, network } = await routed('10.4.0.0/24');
    const made = await post('/floatingips', {
      floatingip: { floating_network_id: publicId(), port_id: port },
    });
    const ip = String(at(made.body, 'floatingip', 'id'));
    expect((await remove(`/floatingips/${ip}`)).status).toBe(204);
    const detach = await put(`/routers/${router}/remove_router_interface`, { subnet_id: subnet });
    expect(detach.status).toBe(200);
    expect((await remove(`/routers/${router}`)).status).toBe(204);
    expect((await remove(`/ports/${port}`)).status).toBe(204);
    expect((await remove(`/subnets/${subnet}`)).status).toBe(204);
    expect((await remove(`/networks/${network}`)).status).toBe(204);
    expect((at((await get('/ports', admin)).body, 'ports') as unknown[]).length).toBe(before);
  });

  it('has no floating IP for a port without a way out', async () => {
    const network = sandbox.cloud.neutron.network('private-demo').id;
    const port = at((await post('/ports', { port: { network_id: network } })).body, 'port', 'id');
    const wish = { floatingip: { floating_network_id: publicId(), port_id: port } };
    const answer = await post('/floatingips', wish);
    expect(answer.status).toBe(404);
    expect(fault(answer)).toBe('ExternalGatewayForFloatingIPNotFound');
    const inside = { floatingip: { floating_network_id: network } };
    expect((await post('/floatingips', inside)).status).toBe(400);
  });

  it('gives each project a default security group', async () => {
    const { body } = await get('/security-groups', other);
    expect(names(body, 'security_groups')).toEqual(['default']);
    expect(at(body, 'security_groups', 0, 'security_group_rules')).toHaveLength(4);
  });

  it('refuses the same rule twice and to delete a group in use', async () => {
    const made = await post('/security-groups', { security_group: { name: 'web' } });
    const id = String(at(made.body, 'security_group', 'id'));
    const rule = {
      security_group_rule: {
        security_group_id: id,
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: 80,
        port_range_max: 80,
      },
    };
    expect((await post('/security-group-rules', rule)).status).toBe(201);
    expect(fault(await post('/security-group-rules', rule))).toBe('SecurityGroupRuleExists');
    const network = sandbox.cloud.neutron.network('private-demo').id;
    const port = await post('/ports', { port: { network_id: network, security_groups: [id] } });
    expect(fault(await remove(`/security-groups/${id}`))).toBe('SecurityGroupInUse');
    await remove(`/ports/${String(at(port.body, 'port', 'id'))}`);
    expect((await remove(`/security-groups/${id}`)).status).toBe(204);
  });
});
