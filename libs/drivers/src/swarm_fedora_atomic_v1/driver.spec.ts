import { describe, expect, test } from '@jest/globals';
import { sampleCluster, sampleInput, sampleNodegroups } from '../sample-input.js';
import { swarmOnFedoraAtomic as driver } from './driver.js';

describe('the stack of a swarm', () => {
  test('of the request of the user guide', () => {
    const [master, worker] = sampleNodegroups;
    const input = {
      ...sampleInput,
      nodegroups: [
        { ...master!, dockerVolumeSize: 5 },
        { ...worker!, dockerVolumeSize: 5 },
      ],
      keys: {},
    };
    expect(driver.stack(input).parameters).toEqual({
      external_network: 'external-network-id',
      fixed_network_name: 'my_cluster.1',
      fixed_subnet_cidr: '10.0.0.0/24',
      dns_nameserver: '8.8.8.8',
      floating_ip_enabled: true,
      master_lb_enabled: false,
      master_lb_floating_ip_enabled: false,
      auth_url: 'https://keystone.example/v3',
      magnum_url: 'https://jeroboam.example/v1',
      verify_ca: true,
      openstack_ca: '',
      trustee_domain_id: 'trustee-domain',
      trustee_user_id: 'trustee-id',
      trustee_username: '731387cf_project-1',
      trustee_password: 'secret',
      trust_id: '',
      cluster_uuid: '731387cf-a92b-4c36-981e-3271d63e5597',
      project_id: 'project-1',
      region_name: 'RegionOne',
      ssh_key_name: 'testkey',
      nodes_affinity_policy: 'soft-anti-affinity',
      tls_disabled: false,
      registry_enabled: false,
      docker_volume_size: 5,
      docker_volume_type: 'fast',
      number_of_masters: 1,
      master_flavor: 'm1.medium',
      master_image: 'image-1',
      number_of_nodes: 2,
      node_flavor: 'm1.small',
      node_image: 'image-1',
    });
    expect(driver.keysFor(sampleCluster)).toEqual([]);
  });

  test('with labels, and an hour when the user leaves the time to us', () => {
    const request = driver.stack({
      ...sampleInput,
      cluster: {
        ...sampleCluster,
        labels: { swarm_strategy: 'binpack', swarm_version: '1.2.9', unheard_of: 'x' },
        createTimeoutMinutes: 0,
      },
    });
    expect(request.timeoutMinutes).toBe(60);
    expect(request.parameters).toMatchObject({ swarm_strategy: 'binpack', swarm_version: '1.2.9' });
    expect(request.parameters).not.toHaveProperty('unheard_of');
  });
});

const observed = {
  parameters: { number_of_masters: '1', number_of_nodes: '2', swarm_version: '1.2.5' },
  outputs: {
    api_address: '172.24.4.10',
    discovery_url: '',
    swarm_masters: ['172.24.4.10'],
    swarm_nodes: ['172.24.4.12', '172.24.4.13'],
    swarm_nodes_private: ['10.0.0.6', '10.0.0.7'],
    swarm_node_servers: ['server-a', 'server-b'],
  },
};

test('what a stack tells of its cluster', () => {
  expect(driver.facts(observed, sampleNodegroups)).toEqual({
    apiAddress: 'tcp://172.24.4.10:2376',
    discoveryUrl: null,
    coeVersion: '1.2.5',
    containerVersion: '1.12.6',
    nodegroups: {
      '11111111-1111-4111-8111-111111111111': { nodeAddresses: ['172.24.4.10'], nodeCount: 1 },
      '22222222-2222-4222-8222-222222222222': {
        nodeAddresses: ['172.24.4.12', '172.24.4.13'],
        nodeCount: 2,
      },
    },
  });
});

test('resizing takes the named nodes first', () => {
  expect(driver.resize({ nodeCount: 1, nodesToRemove: ['10.0.0.7'], stack: observed })).toEqual({
    number_of_nodes: 1,
    nodes_to_remove: 'server-b',
  });
});

test('has no further node groups', () => {
  expect(() => driver.nodegroupStack(sampleInput, sampleNodegroups[1]!, observed)).toThrow(
    'Node groups are not supported by this driver.',
  );
});
