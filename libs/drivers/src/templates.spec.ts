import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { NodegroupSpec } from '@jeroboam/domain/cluster/events';
import type { ClusterDriver, StackInput, StackParameters } from './driver.js';
import { LABEL_PARAMETERS } from './k8s_fedora_coreos_v1/labels.js';
import { kubernetesOnFedoraCoreos } from './k8s_fedora_coreos_v1/driver.js';
import { DRIVERS } from './registry.js';
import { sampleCluster, sampleInput, sampleNodegroups } from './sample-input.js';

type Node = string | number | boolean | null | readonly Node[] | { readonly [key: string]: Node };
interface Template {
  readonly parameters: Record<string, { hidden?: boolean; default?: Node }>;
  readonly resources: Record<string, { type: string; properties?: { [key: string]: Node } }>;
  readonly outputs: Record<string, Node>;
}

const visit = (node: Node, seen: (key: string, value: Node) => void): void => {
  if (Array.isArray(node)) {
    for (const item of node as readonly Node[]) visit(item, seen);
  } else if (node !== null && typeof node === 'object') {
    for (const [key, value] of Object.entries(node)) {
      seen(key, value);
      visit(value, seen);
    }
  }
};

/** All names `function: name` or `function: [name, …]` in a template. */
const uses = (template: Template, name: string): Set<string> => {
  const found = new Set<string>();
  visit(template.resources, add);
  visit(template.outputs, add);
  visit(('conditions' in template ? template.conditions : {}) as Node, add);
  function add(key: string, value: Node) {
    const argument = Array.isArray(value) ? (value as Node[])[0] : value;
    if (key === name && typeof argument === 'string') found.add(argument);
  }
  return found;
};

const read = (text: string): Template => parse(text) as Template;

/** Every label, every option: what a driver sends at its most talkative. */
const everything: StackInput = {
  ...sampleInput,
  cluster: {
    ...sampleCluster,
    masterLbEnabled: true,
    discoveryUrl: 'https://discovery.example/1',
    labels: {
      ...Object.fromEntries(LABEL_PARAMETERS.map((name) => [name, 'x'])),
      kube_tag: 'v1',
      etcd_volume_size: '1',
      boot_volume_size: '10',
      ingress_controller: 'octavia',
      service_cluster_ip_range: '10.254.0.0/16',
      master_lb_allowed_cidrs: '192.0.2.0/24',
      swarm_version: '1',
      swarm_strategy: 'spread',
      rexray_preempt: 'true',
    },
    template: {
      ...sampleCluster.template,
      networkDriver: 'flannel',
      volumeDriver: 'cinder',
      dockerStorageDriver: 'overlay2',
      httpProxy: 'http://p',
      httpsProxy: 'http://p',
      noProxy: 'x',
      registryEnabled: true,
      insecureRegistry: 'registry:5000',
      tlsDisabled: true,
    },
  },
  nodegroups: sampleNodegroups.map((group): NodegroupSpec => ({ ...group, dockerVolumeSize: 5 })),
  cloud: {
    ...sampleInput.cloud,
    fixedNetwork: { id: 'net', name: 'n', subnetId: 'subnet', cidr: '10.9.0.0/24' },
  },
  keys: { ...sampleInput.keys, caPrivateKey: 'CA' },
  installation: { ...sampleInput.installation, postInstallManifestUrl: 'https://m' },
};

const stack = { parameters: {}, outputs: { api_private_address: 'a', worker_security_group: 'g' } };

const sentBy = (driver: ClusterDriver): StackParameters => ({
  ...driver.stack(everything).parameters,
  ...driver.resize({ nodeCount: 1, nodesToRemove: [], stack }),
  ...(driver.supports.nodegroups &&
    driver.nodegroupStack(everything, everything.nodegroups[1]!, stack).parameters),
});

/** Kept at what the template says. */
const LEFT_ALONE: Record<string, string[]> = {
  k8s_fedora_coreos_v1: ['dns_cluster_domain'],
  swarm_fedora_atomic_v1: ['swarm_port'],
};

describe.each(DRIVERS.map((driver) => [driver.name, driver] as const))('%s', (name, driver) => {
  const { template: text, files } = driver.stack(everything);
  const template = read(text);
  const nested = Object.entries(files).filter(([file]) => file.endsWith('.yaml'));
  const all: [string, Template][] = [
    ['cluster.yaml', template],
    ...nested.map(([file, content]): [string, Template] => [file, read(content)]),
  ];

  test('sends the parameters its template has, all of them', () => {
    const declared = Object.keys(template.parameters);
    expect(Object.keys(sentBy(driver)).filter((sent) => !declared.includes(sent))).toEqual([]);
    expect(declared.filter((parameter) => !(parameter in sentBy(driver)))).toEqual(
      LEFT_ALONE[name],
    );
  });

  test('hides secrets', () => {
    const hidden = (parameter: string) => template.parameters[parameter]?.hidden;
    expect(hidden('trustee_password')).toBe(true);
    expect(hidden('trust_id')).toBe(true);
    for (const [file, { parameters }] of all) {
      const settings = Object.entries(parameters).filter(([key]) => key.endsWith('_settings'));
      expect([file, settings.filter(([, schema]) => schema.hidden !== true)]).toEqual([file, []]);
    }
  });

  test('comes with every file it refers to, and no other', () => {
    const wanted = new Set<string>();
    for (const [, { resources, ...rest }] of all) {
      for (const { type } of Object.values(resources)) {
        if (type.endsWith('.yaml')) wanted.add(type);
      }
      visit({ resources, ...rest }, (key, value) => {
        if (key === 'get_file') wanted.add(value as string);
        if (key === 'type' && typeof value === 'string' && value.endsWith('.yaml')) {
          wanted.add(value);
        }
      });
    }
    expect([...wanted].sort()).toEqual(Object.keys(files).sort());
  });

  test.each(all)('%s uses what it declares and declares what it uses', (file, content) => {
    const resources = Object.keys(content.resources);
    const parameters = Object.keys(content.parameters);
    const used = uses(content, 'get_param');
    const referred = new Set([...uses(content, 'get_resource'), ...uses(content, 'get_attr')]);
    expect([...used].filter((p) => p !== 'OS::stack_name' && !parameters.includes(p))).toEqual([]);
    expect([...referred].filter((resource) => !resources.includes(resource))).toEqual([]);
    if (file !== 'cluster.yaml') {
      expect(parameters.filter((parameter) => !used.has(parameter))).toEqual([]);
    }
  });

  test('gives nested templates the parameters they declare', () => {
    const found: [string, string[], string[]][] = [];
    visit(template.resources, (_key, value) => {
      if (value === null || typeof value !== 'object' || !('type' in value)) return;
      const { type, properties } = value;
      const target = typeof type === 'string' && files[type];
      if (!target || typeof properties !== 'object' || properties === null) return;
      found.push([
        type,
        Object.keys(properties).sort(),
        Object.keys(read(target).parameters).sort(),
      ]);
    });
    expect(found).toHaveLength(3);
    for (const [type, given, declared] of found) expect([type, given]).toEqual([type, declared]);
  });

  test('is ASCII throughout: data URLs and old shells take nothing else', () => {
    const beyond = Object.entries({ ...files, 'cluster.yaml': text }).filter(([, content]) =>
      /[^\n\x20-\x7e]/.test(content),
    );
    expect(beyond.map(([file]) => file)).toEqual([]);
  });

  test('scripts say what runs them', () => {
    const scripts = Object.entries(files).filter(([file]) => file.endsWith('.sh'));
    expect(scripts.length).toBeGreaterThan(4);
    for (const [file, content] of scripts) {
      expect([
        file,
        content.startsWith(file === 'report.sh' ? '# Sourced' : '#!/bin/bash\n'),
      ]).toEqual([file, true]);
    }
  });
});

test('labels have the defaults users know', () => {
  const { parameters } = read(kubernetesOnFedoraCoreos.stack(sampleInput).template);
  const defaultsOf = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, parameters[name]?.default]));
  expect(
    defaultsOf(
      'kube_tag',
      'etcd_tag',
      'coredns_tag',
      'calico_ipv4pool_ipip',
      'flannel_backend',
      'flannel_network_subnetlen',
      'container_runtime',
      'hyperkube_prefix',
      'octavia_lb_algorithm',
      'cgroup_driver',
      'selinux_mode',
      'monitoring_retention_days',
      'portal_network_cidr',
    ),
  ).toEqual({
    kube_tag: 'v1.23.3-rancher1',
    etcd_tag: 'v3.4.6',
    coredns_tag: '1.6.6',
    calico_ipv4pool_ipip: 'Off',
    flannel_backend: 'vxlan',
    flannel_network_subnetlen: 24,
    container_runtime: 'host-docker',
    hyperkube_prefix: 'docker.io/rancher/',
    octavia_lb_algorithm: 'ROUND_ROBIN',
    cgroup_driver: 'cgroupfs',
    selinux_mode: 'enforcing',
    monitoring_retention_days: 14,
    portal_network_cidr: '10.254.0.0/16',
  });
});
