import { describe, expect, test } from '@jest/globals';
import { DriverFault, type StackInput } from '../driver.js';
import { sampleCluster, sampleInput, sampleNodegroups } from '../sample-input.js';
import { kubernetesOnFedoraCoreos as driver } from './driver.js';

const withLabels = (labels: Record<string, string>): StackInput => ({
  ...sampleInput,
  cluster: { ...sampleCluster, labels },
});
const withTemplate = (template: Partial<typeof sampleCluster.template>): StackInput => ({
  ...sampleInput,
  cluster: { ...sampleCluster, template: { ...sampleCluster.template, ...template } },
});
const parametersOf = (input: StackInput) => driver.stack(input).parameters;

describe('the stack of a cluster', () => {
  test('has a name that only its cluster has, and the time the user gave', () => {
    const { name, timeoutMinutes } = driver.stack(sampleInput);
    expect(name).toBe('my-cluster-1-731387cfa92b');
    expect(timeoutMinutes).toBe(60);
  });

  test('of the smallest request', () => {
    expect(parametersOf(sampleInput)).toEqual({
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
      ssh_public_key: 'ssh-ed25519 AAAA demo',
      username: 'demo',
      nodes_affinity_policy: 'soft-anti-affinity',
      tls_disabled: false,
      registry_enabled: false,
      octavia_enabled: true,
      cloud_provider_enabled: false,
      max_node_count: 3,
      kube_service_account_key: 'PUBLIC PEM',
      kube_service_account_private_key: 'PRIVATE PEM',
      worker_node_labels: '',
      worker_node_taints: '',
      number_of_masters: 1,
      master_flavor: 'm1.medium',
      master_image: 'image-1',
      master_role: 'master',
      master_nodegroup_name: 'default-master',
      number_of_minions: 2,
      minion_flavor: 'm1.small',
      minion_image: 'image-1',
      worker_role: 'worker',
      worker_nodegroup_name: 'default-worker',
    });
  });

  test('on a network that is there already, behind a load balancer', () => {
    const parameters = parametersOf({
      ...sampleInput,
      cluster: {
        ...sampleCluster,
        floatingIpEnabled: false,
        masterLbEnabled: true,
        labels: { master_lb_allowed_cidrs: '192.0.2.0/24', master_lb_floating_ip_enabled: 'True' },
      },
      cloud: {
        ...sampleInput.cloud,
        fixedNetwork: { id: 'net', name: 'mine', subnetId: 'subnet', cidr: '10.9.0.0/24' },
      },
    });
    expect(parameters).toMatchObject({
      fixed_network: 'net',
      fixed_network_name: 'mine',
      fixed_subnet: 'subnet',
      fixed_subnet_cidr: '10.9.0.0/24',
      floating_ip_enabled: false,
      master_lb_enabled: true,
      master_lb_floating_ip_enabled: true,
      master_lb_allowed_cidrs: '192.0.2.0/24,10.9.0.0/24',
    });
  });

  test('with volumes, of the type a label names or else the cloud’s', () => {
    const [master, worker] = sampleNodegroups;
    const parameters = parametersOf({
      ...withLabels({ etcd_volume_size: '2', etcd_volume_type: 'nvme', boot_volume_size: '20' }),
      nodegroups: [master!, { ...worker!, dockerVolumeSize: 5 }],
    });
    expect(parameters).toMatchObject({
      etcd_volume_size: 2,
      etcd_volume_type: 'nvme',
      boot_volume_size: 20,
      boot_volume_type: 'fast',
      docker_volume_size: 5,
      docker_volume_type: 'fast',
    });
  });

  test('with volumes as the installation has them, where no label says otherwise', () => {
    const [master, worker] = sampleNodegroups;
    const volumes = { bootSize: 10, bootType: 'ssd', dockerType: 'hdd', etcdType: 'nvme' };
    const installed = {
      nodegroups: [master!, { ...worker!, dockerVolumeSize: 5 }],
      installation: { ...sampleInput.installation, volumes },
    };
    expect(parametersOf({ ...withLabels({ etcd_volume_size: '2' }), ...installed })).toMatchObject({
      boot_volume_size: 10,
      boot_volume_type: 'ssd',
      docker_volume_type: 'hdd',
      etcd_volume_type: 'nvme',
    });
    const labels = {
      ...{ boot_volume_size: '0', etcd_volume_size: '2' },
      ...{ docker_volume_type: 'fast', etcd_volume_type: 'fast' },
    };
    const labelled = parametersOf({ ...withLabels(labels), ...installed });
    expect(labelled).toMatchObject({ docker_volume_type: 'fast', etcd_volume_type: 'fast' });
    expect(labelled).not.toHaveProperty('boot_volume_size');
  });

  test('passes labels on, and a version to masters and workers alike', () => {
    expect(
      parametersOf(
        withLabels({ kube_tag: 'v1.24.0', calico_tag: 'v3.22.0', selinux_mode: 'permissive' }),
      ),
    ).toMatchObject({
      kube_tag: 'v1.24.0',
      kube_version: 'v1.24.0',
      master_kube_tag: 'v1.24.0',
      minion_kube_tag: 'v1.24.0',
      calico_tag: 'v3.22.0',
      selinux_mode: 'permissive',
    });
    expect(parametersOf(withTemplate({ labels: { kube_tag: 'v1.22.0' } }))).toMatchObject({
      kube_version: 'v1.22.0',
    });
  });

  test('puts the DNS service where the services are', () => {
    expect(parametersOf(withLabels({ service_cluster_ip_range: '172.30.255.0/20' }))).toMatchObject(
      {
        portal_network_cidr: '172.30.255.0/20',
        dns_service_ip: '172.30.255.10',
      },
    );
  });

  test('takes the pods’ range from the label of the network driver', () => {
    const labels = { calico_ipv4pool: '10.1.0.0/16', flannel_network_cidr: '10.2.0.0/16' };
    const range = (networkDriver: string) => {
      const { cluster } = withTemplate({ networkDriver });
      return parametersOf({ ...sampleInput, cluster: { ...cluster, labels } }).pods_network_cidr;
    };
    expect(range('calico')).toBe('10.1.0.0/16');
    expect(range('flannel')).toBe('10.2.0.0/16');
  });

  test('without TLS serves its API in the clear on another port', () => {
    expect(parametersOf(withTemplate({ tlsDisabled: true }))).toMatchObject({
      tls_disabled: true,
      loadbalancing_protocol: 'HTTP',
      kubernetes_port: 8080,
    });
  });

  test('keeps the nodes’ own addresses from the proxy, and encodes the CA', () => {
    const input = withTemplate({ httpProxy: 'http://proxy:3128', noProxy: 'example.org' });
    expect(
      parametersOf({
        ...input,
        installation: { ...input.installation, caPem: '-----BEGIN\nx+y=\n' },
      }),
    ).toMatchObject({
      http_proxy: 'http://proxy:3128',
      no_proxy: 'example.org,10.0.0.0/24',
      openstack_ca: '-----BEGIN%0Ax%2By%3D%0A',
    });
  });

  test('carries the CA’s key only where the cluster is to sign', () => {
    expect(driver.keysFor(sampleCluster)).toEqual(['serviceAccount']);
    const { cluster } = withLabels({ cert_manager_api: 'true' });
    expect(driver.keysFor(cluster)).toEqual(['serviceAccount', 'caPrivateKey']);
    expect(
      parametersOf({ ...sampleInput, cluster, keys: { ...sampleInput.keys, caPrivateKey: 'CA' } }),
    ).toMatchObject({ cert_manager_api: true, ca_key: 'CA' });
  });
});

describe('refused with a reason', () => {
  const cases: [string, StackInput][] = [
    [
      'Octavia service needs to be deployed for octavia ingress controller.',
      {
        ...withLabels({ ingress_controller: 'Octavia' }),
        cloud: { ...sampleInput.cloud, octavia: false },
      },
    ],
    [
      'Label cloud_provider_enabled needs clusters to be given the trust of their users.',
      withLabels({ cloud_provider_enabled: 'true' }),
    ],
    ['Label etcd_volume_size is not a size: much.', withLabels({ etcd_volume_size: 'much' })],
    [
      'No volume type is known for the etcd volume.',
      {
        ...withLabels({ etcd_volume_size: '1' }),
        cloud: { ...sampleInput.cloud, volumeType: null },
      },
    ],
    [
      'external_network_id is needed.',
      { ...sampleInput, cloud: { ...sampleInput.cloud, externalNetworkId: null } },
    ],
    [
      'service_cluster_ip_range 10.0 is not an IPv4 CIDR.',
      withLabels({ service_cluster_ip_range: '10.0' }),
    ],
  ];
  test.each(cases)('%s', (message, input) => {
    expect(() => driver.stack(input)).toThrow(new DriverFault(message));
  });
});

const observed = {
  parameters: {
    number_of_masters: '1',
    number_of_minions: '2',
    kube_version: 'v1.23.3-rancher1',
    tls_disabled: 'False',
  },
  outputs: {
    api_address: '172.24.4.10',
    api_private_address: '10.0.0.5',
    kube_masters: ['172.24.4.11'],
    kube_minions: ['172.24.4.12', '172.24.4.13'],
    kube_minions_private: ['10.0.0.6', '10.0.0.7'],
    kube_minion_servers: ['server-a', 'server-b'],
    worker_security_group: 'group',
    cluster_network: 'net',
    cluster_subnet: 'subnet',
  },
};

describe('what a stack tells', () => {
  test('of its cluster', () => {
    expect(driver.facts(observed, sampleNodegroups)).toEqual({
      apiAddress: 'https://172.24.4.10:6443',
      discoveryUrl: null,
      coeVersion: 'v1.23.3-rancher1',
      containerVersion: '1.12.6',
      nodegroups: {
        '11111111-1111-4111-8111-111111111111': { nodeAddresses: ['172.24.4.11'], nodeCount: 1 },
        '22222222-2222-4222-8222-222222222222': {
          nodeAddresses: ['172.24.4.12', '172.24.4.13'],
          nodeCount: 2,
        },
      },
    });
  });

  test('without TLS', () => {
    const open = { ...observed, parameters: { ...observed.parameters, tls_disabled: 'True' } };
    expect(driver.facts(open, sampleNodegroups).apiAddress).toBe('http://172.24.4.10:8080');
  });

  test('while it has nothing to tell yet', () => {
    const facts = driver.facts(
      { parameters: observed.parameters, outputs: { api_address: null, kube_minions: [null] } },
      sampleNodegroups,
    );
    expect(facts.apiAddress).toBeNull();
    expect(facts.nodegroups['22222222-2222-4222-8222-222222222222']).toEqual({
      nodeAddresses: [],
      nodeCount: 2,
    });
  });
});

describe('resizing', () => {
  const resize = (nodesToRemove: readonly string[]) =>
    driver.resize({ nodeCount: 1, nodesToRemove, stack: observed });

  test('removes nothing in particular unless told', () => {
    expect(resize([])).toEqual({ number_of_minions: 1, minions_to_remove: '' });
  });

  test('finds nodes by index, server and either address', () => {
    expect(resize(['0', 'server-b', '10.0.0.6', '172.24.4.13']).minions_to_remove).toBe(
      '0,server-b,server-a,server-b',
    );
  });

  test('refuses a node it does not have', () => {
    expect(() => resize(['10.0.0.99'])).toThrow('Node 10.0.0.99 is not in the node group.');
  });
});

describe('one more node group', () => {
  const request = driver.nodegroupStack(
    sampleInput,
    {
      ...sampleNodegroups[1]!,
      uuid: '33333333-3333-4333-8333-333333333333',
      name: 'gpu_group-large',
      role: 'gpu',
      isDefault: false,
      nodeCount: 3,
      flavorId: 'g1.large',
      labels: { availability_zone: 'az2' },
      nodeLabels: { tier: 'gpu', rack: '4' },
      nodeTaints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
    },
    observed,
  );

  test('has a stack of its own', () => {
    expect(request.name).toBe('my-cluster-1-gpu-group-333333333333');
    expect(request.parameters).toMatchObject({
      is_cluster_stack: false,
      number_of_masters: 0,
      number_of_minions: 3,
      minion_flavor: 'g1.large',
      worker_role: 'gpu',
      worker_nodegroup_name: 'gpu_group-large',
      availability_zone: 'az2',
      worker_node_labels: 'tier=gpu,rack=4',
      worker_node_taints: 'gpu=yes:NoSchedule',
    });
  });

  test('joins the cluster’s network', () => {
    expect(request.parameters).toMatchObject({
      existing_master_private_ip: '10.0.0.5',
      existing_security_group: 'group',
      fixed_network: 'net',
      fixed_subnet: 'subnet',
    });
  });
});
