import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder } from '@jeroboam/testing/temp-folder';
import { parse } from 'yaml';
import { Installation } from '../journey/installation.js';
import { OpenstackClient } from '../journey/openstack-client.js';

const BASE_PORT = 18_311;
const SETTLE_TIMEOUT_MS = 90_000;
const DAY_MS = 86_400_000;

jest.setTimeout(2 * SETTLE_TIMEOUT_MS);

const folder = tempFolder('access-');
let installation: Installation;
let demo: OpenstackClient;
let token: string;

beforeAll(async () => {
  installation = await Installation.start({ home: folder.path, basePort: BASE_PORT });
  const authUrl = `${installation.sandboxUrl}/identity/v3`;
  demo = new OpenstackClient({ authUrl, user: 'demo', project: 'demo', password: 'sandbox' });
  token = String((await demo.show('token', 'issue'))['id']);
  await demo.text('keypair', 'create', 'testkey');
  for (const [coe, image] of [
    ['kubernetes', 'fedora-coreos'],
    ['swarm', 'Fedora-Atomic-26-20170723.0.x86_64'],
  ] as const) {
    await demo.text(
      ...['coe', 'cluster', 'template', 'create', coe, '--coe', coe, '--image', image],
      ...['--keypair', 'testkey', '--external-network', 'public', '--flavor', 'm1.small'],
      ...['--docker-volume-size', '5'],
    );
    await demo.text('coe', 'cluster', 'create', coe, '--cluster-template', coe);
  }
});
afterAll(async () => {
  await installation.stop();
  folder.remove();
});

const fetched = async (path: string): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${BASE_PORT}/v1/clusters/${path}`, {
    headers: { 'x-auth-token': token },
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
};

/** Once the cluster is built, so that it has an API. */
const whenBuilt = async (name: string): Promise<void> => {
  await eventually(
    async () => {
      const cluster = await demo.show('coe', 'cluster', 'show', name);
      expect(cluster).toMatchObject({ status: 'CREATE_COMPLETE' });
    },
    { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 500 },
  );
};

interface Pems {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Whether a server that trusts the authority would let it in, now and not for long. */
const expectCredential = ({ ca, cert, key }: Pems, subject: string): void => {
  const [authority, certificate] = [new X509Certificate(ca), new X509Certificate(cert)];
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.checkIssued(authority)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.subject).toBe(subject);
  const left = Date.parse(certificate.validTo) - Date.now();
  expect(left).toBeGreaterThan(DAY_MS / 2);
  expect(left).toBeLessThanOrEqual(DAY_MS);
};

describe('access to a cluster', () => {
  it('of kubernetes comes as a kubeconfig', async () => {
    await whenBuilt('kubernetes');
    const config = parse(await fetched('kubernetes/kubeconfig')) as {
      readonly clusters: readonly { readonly cluster: Record<string, string> }[];
      readonly users: readonly { readonly user: Record<string, string> }[];
    };
    const [{ cluster } = { cluster: {} }] = config.clusters;
    const [{ user } = { user: {} }] = config.users;
    const pem = (text = ''): string => Buffer.from(text, 'base64').toString();
    const { api_address } = await demo.show('coe', 'cluster', 'show', 'kubernetes');
    expect(cluster['server']).toBe(api_address);
    const pems = {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    };
    expectCredential(pems, 'CN=demo\nO=system:masters');
  });

  it('of swarm comes as an environment', async () => {
    await whenBuilt('swarm');
    const answer = JSON.parse(await fetched('swarm/environment')) as Pems & {
      readonly environment: Record<string, string>;
    };
    expect(answer.environment['DOCKER_HOST']).toMatch(/^tcp:\/\/[\d.]+:\d+$/);
    expectCredential(answer, 'CN=demo');
  });

  it('has a history before it', async () => {
    const { events } = JSON.parse(await fetched('swarm/events')) as { events: { type: string }[] };
    const types = events.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['ClusterRequested', 'ClusterCreated']);
  });
});
