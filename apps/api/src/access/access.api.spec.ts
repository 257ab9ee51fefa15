import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import { parse } from 'yaml';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';
import { keyWithRequest } from './certificate-request.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start({ environment: { JEROBOAM_KUBECONFIG_TERM_DAYS: '2' } });
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
  api.requester.sent.length = 0;
  api.requester.answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
  api.requester.answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
});

/** What a request says, with the signature checked. */
const read = (csr: string) => {
  const der = Buffer.from(csr.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  const { asn1 } = forge;
  const request = asn1.fromDer(forge.util.createBuffer(der.toString('binary')));
  const bytes = (node: forge.asn1.Asn1) => Buffer.from(asn1.toDer(node).getBytes(), 'binary');
  const [info, , signature] = request.value as forge.asn1.Asn1[];
  const [, name, spki] = info?.value as forge.asn1.Asn1[];
  const key = createPublicKey({ key: bytes(spki!), format: 'der', type: 'spki' });
  // Behind its tag, its length, and the number of bits that are not used.
  const signed = verify('sha256', bytes(info!), key, bytes(signature!).subarray(3));
  const values = (name!.value as forge.asn1.Asn1[]).map((set) => {
    const [pair] = set.value as forge.asn1.Asn1[];
    const [type, value] = pair?.value as forge.asn1.Asn1[];
    const oid = asn1.derToOid(type?.value as string);
    return [oid, Buffer.from(value?.value as string, 'binary').toString()];
  });
  return { signed, key, subject: Object.fromEntries(values) as Record<string, string> };
};

const sentCsr = (): string => {
  const sent = api.requester.sent.find(({ subject }) => subject === 'jeroboam.authority.sign');
  return (sent?.payload as { csr: string }).csr;
};

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('keyWithRequest', () => {
  it.each([
    ['demo', null],
    ['Dörthe Ø', 'system:masters'],
    ['x'.repeat(200), 'y'.repeat(300)],
  ])('signs for %s of %s', (commonName, organization) => {
    const { csr, key } = keyWithRequest({ commonName, organization });
    const request = read(csr);
    expect(request.signed).toBe(true);
    expect(request.subject).toEqual({
      '2.5.4.3': commonName,
      ...(organization === null ? {} : { '2.5.4.10': organization }),
    });
    expect(createPublicKey(key).equals(request.key)).toBe(true);
  });
});

describe('GET /clusters/{id}/kubeconfig', () => {
  it('is a kubeconfig with a new certificate of the caller', async () => {
    const uuid = await scene.ready({ name: 'c' });
    const before = api.store.seen.length;
    const answer = await api.ask('GET /v1/clusters/c/kubeconfig', { version: '1.10' });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/yaml',
      'cache-control': 'no-store',
    });
    const config = parse(String(answer.body['text'])) as {
      users: { user: Record<string, string> }[];
    };
    expect(config).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: {
            server: 'https://172.24.4.3:6443',
            'certificate-authority-data': base64('CA\n'),
          },
        },
      ],
      users: [
        {
          name: 'demo',
          user: {
            'client-certificate-data': base64('CERT\n'),
            'client-key-data': expect.any(String),
          },
        },
      ],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'demo' } }],
      'current-context': 'c',
      preferences: {},
    });
    const authority = 'kubernetes';
    expect(api.requester.sent).toEqual([
      { subject: 'jeroboam.authority.ca', payload: { clusterId: uuid, authority } },
      {
        subject: 'jeroboam.authority.sign',
        payload: {
          clusterId: uuid,
          authority,
          clusterName: 'c',
          csr: expect.any(String),
          termDays: 2,
        },
      },
    ]);
    const { subject, key } = read(sentCsr());
    expect(subject).toEqual({ '2.5.4.3': 'demo', '2.5.4.10': 'system:masters' });
    const mine = Buffer.from(config.users[0]!.user['client-key-data']!, 'base64').toString();
    expect(createPublicKey(mine).equals(key)).toBe(true);
    expect(api.store.seen).toHaveLength(before);
  });

  it('has another key each time', async () => {
    await scene.ready({ name: 'c' });
    const [one, other] = [
      await api.expect(200, 'GET /v1/clusters/c/kubeconfig'),
      await api.expect(200, 'GET /v1/clusters/c/kubeconfig'),
    ];
    expect(one['text']).not.toBe(other['text']);
  });

  it('has no certificates where there is no TLS', async () => {
    const template = await scene.template({ name: 'open', tls_disabled: true });
    await scene.ready({ name: 'c', cluster_template_id: template });
    const { text } = await api.expect(200, 'GET /v1/clusters/c/kubeconfig');
    expect(text).toContain('server: https://172.24.4.3:6443');
    expect(text).not.toContain('data');
    expect(api.requester.sent).toEqual([]);
  });

  it('is refused before there is an API, for others, and while nobody signs', async () => {
    const uuid = await scene.create({ name: 'young' });
    const url = `GET /v1/clusters/${uuid}/kubeconfig`;
    expect(await api.refusal(url)).toBe('409 Cluster API address is not available yet');
    expect(await api.refusal(url, { as: 'alt_demo' })).toMatch(/^404 /);
    expect(await api.refusal(url, { as: 'demo_reader@demo' })).toMatch(/^403 .*certificate:create/);
    await scene.ready({ name: 'c' });
    api.requester.answers.clear();
    expect(await api.refusal('GET /v1/clusters/c/kubeconfig')).toMatch(/^503 /);
    const headers = { accept: 'application/json' };
    expect((await api.ask('GET /v1/clusters/c/kubeconfig', { headers })).status).toBe(406);
  });
});

describe('GET /clusters/{id}/environment', () => {
  const swarm = async (changes: object = {}) => {
    const cluster_template_id = await scene.template({
      ...{ name: 'swarm', coe: 'swarm', image_id: 'Fedora-Atomic-26-20170723.0.x86_64' },
      ...{ labels: {}, ...changes },
    });
    return scene.ready({ name: 's', cluster_template_id });
  };

  it('has what a Docker client needs', async () => {
    const uuid = await swarm();
    const answer = await api.ask('GET /v1/clusters/s/environment');
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { key, shell, ...others } = answer.body;
    expect(others).toEqual({
      cluster_uuid: uuid,
      ca: 'CA\n',
      cert: 'CERT\n',
      environment: { DOCKER_HOST: 'tcp://172.24.4.3:6443', DOCKER_TLS_VERIFY: '1' },
    });
    const { subject, key: certified } = read(sentCsr());
    expect(subject).toEqual({ '2.5.4.3': 'demo' });
    expect(createPublicKey(String(key)).equals(certified)).toBe(true);
    expect(String(shell).split('\n')).toEqual(
      expect.arrayContaining([
        `export DOCKER_CERT_PATH="$HOME/.docker/${uuid}"`,
        `(umask 077; cat > "$DOCKER_CERT_PATH/key.pem") <<'PEM'`,
        `export DOCKER_HOST='tcp://172.24.4.3:6443'`,
        `export DOCKER_TLS_VERIFY='1'`,
      ]),
    );
  });

  it('has no files where there is no TLS', async () => {
    await swarm({ tls_disabled: true });
    expect(await api.expect(200, 'GET /v1/clusters/s/environment')).toMatchObject({
      ca: null,
      cert: null,
      key: null,
      environment: { DOCKER_HOST: 'tcp://172.24.4.3:6443' },
      shell: "export DOCKER_HOST='tcp://172.24.4.3:6443'\n",
    });
  });

  it('is for swarm, as a kubeconfig is for kubernetes', async () => {
    await swarm();
    await scene.ready({ name: 'c' });
    expect(await api.refusal('GET /v1/clusters/s/kubeconfig')).toBe(
      '400 This is for kubernetes, not for COE type swarm.',
    );
    expect(await api.refusal('GET /v1/clusters/c/environment')).toBe(
      '400 This is for swarm and swarm-mode, not for COE type kubernetes.',
    );
  });
});
