import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';

const run = promisify(execFile);
const script = (name: string) => fileURLToPath(new URL(`scripts/${name}`, import.meta.url));

interface Pod {
  readonly metadata: { name: string };
  readonly spec: {
    containers: [
      { image: string; command: string[]; livenessProbe: object; volumeMounts: { name: string }[] },
    ];
    volumes: { name: string; hostPath: { path: string } }[];
  };
}

/** What node.sh hands to the others of the settings Heat wrote. */
const settings = {
  PKI: '/etc/kubernetes/pki',
  HYPERKUBE: 'docker.io/rancher/hyperkube:v1.23.3-rancher1',
  CONTAINER_INFRA_PREFIX: '',
  CLUSTER_UUID: '731387cf-a92b-4c36-981e-3271d63e5597',
  MASTER_IPS: '10.0.0.4,10.0.0.5,10.0.0.6',
  NODE_IP: '10.0.0.5',
  KUBE_API_PRIVATE: '10.0.0.9',
  KUBE_PORT: '6443',
  TLS_DISABLED: 'false',
  ETCD_TAG: 'v3.4.6',
  ETCD_DISCOVERY_URL: '',
  ADMISSION_CONTROL_LIST: 'LimitRanger,Priority',
  PORTAL_NETWORK_CIDR: '10.254.0.0/16',
  PODS_NETWORK_CIDR: '10.100.0.0/16',
  FLANNEL_SUBNETLEN: '24',
  DNS_CLUSTER_DOMAIN: 'cluster.local',
  DNS_SERVICE_IP: '10.254.0.10',
  COREDNS_TAG: '1.6.6',
  NETWORK_DRIVER: 'flannel',
  FLANNEL_TAG: 'v0.15.1',
  FLANNEL_CNI_TAG: 'v0.3.0',
  FLANNEL_BACKEND: 'vxlan',
  KUBEAPI_OPTIONS: '--v=2 --profiling=false',
  KUBECONTROLLER_OPTIONS: '',
  KUBESCHEDULER_OPTIONS: '',
  KUBEPROXY_OPTIONS: '--v=2',
  POST_INSTALL_MANIFEST_URL: '',
  CA_KEY: '',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-scripts-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the control plane', () => {
  const pods = async (changed: Partial<typeof settings> = {}): Promise<Map<string, Pod>> => {
    const env = { PATH: process.env.PATH, MANIFESTS: folder, ...settings, ...changed };
    await run('bash', [script('manifests.sh')], { env });
    const texts = await Promise.all(
      (await readdir(folder)).map(async (file) => await readFile(join(folder, file), 'utf8')),
    );
    const all = texts.map((text) => parse(text) as Pod);
    return new Map(all.map((pod) => [pod.metadata.name, pod]));
  };
  const command = (pod: Pod | undefined) => pod?.spec.containers[0].command ?? [];

  test('is four pods whose volumes match their mounts', async () => {
    const all = await pods();
    expect([...all.keys()].sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
    ]);
    for (const { spec } of all.values()) {
      expect(spec.volumes.map(({ name }) => name)).toEqual(
        spec.containers[0].volumeMounts.map(({ name }) => name),
      );
    }
  });

  test('has an etcd whose members know each other', async () => {
    expect(command((await pods()).get('etcd'))).toContain(
      '--initial-cluster=etcd-10.0.0.4=https://10.0.0.4:2380,etcd-10.0.0.5=https://10.0.0.5:2380,etcd-10.0.0.6=https://10.0.0.6:2380',
    );
    const found = await pods({ ETCD_DISCOVERY_URL: 'https://discovery.example/1' });
    expect(command(found.get('etcd'))).toContain('--discovery=https://discovery.example/1');
  });

  test('takes the user’s options and registry', async () => {
    const all = await pods({ CONTAINER_INFRA_PREFIX: 'registry:5000/' });
    expect(all.get('etcd')?.spec.containers[0].image).toBe('registry:5000/etcd:v3.4.6');
    expect(command(all.get('kube-apiserver'))).toEqual(
      expect.arrayContaining([
        '--enable-admission-plugins=NodeRestriction,LimitRanger,Priority',
        '--v=2',
        '--profiling=false',
      ]),
    );
  });

  test('signs certificates itself only with the authority’s key', async () => {
    const signer = '--cluster-signing-key-file=/etc/kubernetes/pki/ca.key';
    expect(command((await pods()).get('kube-controller-manager'))).not.toContain(signer);
    const own = await pods({ CA_KEY: 'PEM' });
    expect(command(own.get('kube-controller-manager'))).toContain(signer);
  });

  test('is open only where TLS is off', async () => {
    const open = await pods({ TLS_DISABLED: 'true', KUBE_PORT: '8080' });
    expect(command(open.get('kube-open-api'))).toContain('--port=8080');
  });
});

describe('what every cluster is given', () => {
  const applied = async (): Promise<{ kind: string; metadata: { name: string } }[]> => {
    const kubectl = join(folder, 'kubectl');
    await writeFile(kubectl, `#!/bin/sh\ncat >>${folder}/applied; echo --- >>${folder}/applied\n`, {
      mode: 0o755,
    });
    const env = { PATH: process.env.PATH, KUBECTL: kubectl, ...settings };
    await run('bash', [script('addons.sh')], { env });
    const documents = parseAllDocuments(await readFile(join(folder, 'applied'), 'utf8'));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    return documents
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } } | null)
      .filter((object) => object !== null);
  };

  test('is kube-proxy, a network for pods, and DNS', async () => {
    const workloads = (await applied())
      .filter(({ kind }) => kind === 'DaemonSet' || kind === 'Deployment')
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(workloads).toEqual(['DaemonSet kube-proxy', 'DaemonSet flannel', 'Deployment coredns']);
  });

  test('reaches the API where nodes do, and DNS where kubelets say it is', async () => {
    const text = JSON.stringify(await applied());
    expect(text).toContain("server: 'https://10.0.0.9:6443'");
    expect(text).toContain('"clusterIP":"10.254.0.10"');
    expect(text).toContain(
      JSON.stringify('{"Network":"10.100.0.0/16","SubnetLen":24,"Backend":{"Type":"vxlan"}}'),
    );
  });
});
