import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const run = promisify(execFile);
const script = fileURLToPath(new URL('make-cert.sh', import.meta.url));

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: string;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

let folder: string;
let server: Server;
let port: number;
let seen: Seen[];
/** How many of the next requests for certificates fail. */
let failures: number;

const openssl = async (...args: string[]) => (await run('openssl', args, { cwd: folder })).stdout;

/** Signs as the service does, but with openssl. */
const sign = async (csr: string): Promise<string> => {
  await writeFile(join(folder, 'in.csr'), csr);
  await openssl(
    ...'x509 -req -in in.csr -CA ca.pem -CAkey ca.key -copy_extensions copyall -out out.pem'.split(
      ' ',
    ),
  );
  return (await readFile(join(folder, 'out.pem'), 'utf8')).trimEnd();
};

const answer = async ({ method, url, body }: Seen): Promise<[number, object]> => {
  if (url === '/v3/auth/tokens') return [201, { token: {} }];
  if (failures > 0) {
    failures -= 1;
    return [503, {}];
  }
  if (method === 'GET') {
    const pem = await readFile(join(folder, 'ca.pem'), 'utf8');
    return [200, { cluster_uuid: 'c', pem: pem.trimEnd() }];
  }
  const { csr } = JSON.parse(body) as { csr: string };
  return [201, { cluster_uuid: 'c', csr, pem: await sign(csr) }];
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'make-cert-'));
  seen = [];
  failures = 0;
  await openssl(
    ...'req -x509 -newkey rsa:2048 -nodes -subj /CN=cluster -keyout ca.key -out ca.pem'.split(' '),
  );
  server = createServer((request, response) => {
    void (async () => {
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        token: request.headers['x-auth-token'] as string | undefined,
        body: await bodyOf(request),
      };
      seen.push(one);
      const [status, body] = await answer(one);
      response.writeHead(status, { 'X-Subject-Token': 'the-token' }).end(JSON.stringify(body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const makeCert = async (args: readonly string[], settings: Record<string, string> = {}) =>
  await run('bash', [script, ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AUTH_URL: `http://127.0.0.1:${port}/v3`,
      MAGNUM_URL: `http://127.0.0.1:${port}/v1`,
      CLUSTER_UUID: '731387cf-a92b-4c36-981e-3271d63e5597',
      TRUSTEE_USER_ID: 'trustee',
      TRUSTEE_PASSWORD: 'back\\slash "quote"',
      TRUST_ID: '',
      VERIFY_CA: 'true',
      CERT_ATTEMPTS: '3',
      CERT_PAUSE: '0',
      ...settings,
    },
  });

describe('a node', () => {
  test('fetches the certificate of an authority', async () => {
    await makeCert(['ca', 'front-proxy', 'fp.crt']);
    expect(await readFile(join(folder, 'fp.crt'), 'utf8')).toBe(
      await readFile(join(folder, 'ca.pem'), 'utf8'),
    );
    expect(seen[1]).toMatchObject({
      method: 'GET',
      url: '/v1/certificates/731387cf-a92b-4c36-981e-3271d63e5597?ca_cert_type=front-proxy',
      token: 'the-token',
    });
  });

  test('signs in as the trustee, without the user’s powers', async () => {
    await makeCert(['ca', 'kubernetes', 'x.crt']);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { id: 'trustee', password: 'back\\slash "quote"' } },
        },
      },
    });
  });

  test('acts for the user where it was given the trust', async () => {
    await makeCert(['ca', 'kubernetes', 'x.crt'], { TRUST_ID: 'trust-1' });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      auth: { scope: { 'OS-TRUST:trust': { id: 'trust-1' } } },
    });
  });

  test('has its own certificate signed, with the names it is known by', async () => {
    const subject = '/O=system:nodes/CN=system:node:n0';
    await makeCert(['cert', 'kubernetes', 'kubelet', subject, 'DNS:n0,IP:10.0.0.4']);
    expect(await openssl('verify', '-CAfile', 'ca.pem', 'kubelet.crt')).toContain('OK');
    const text = await openssl('x509', '-noout', '-text', '-in', 'kubelet.crt');
    expect(text).toContain('Subject: O = system:nodes, CN = system:node:n0');
    expect(text).toContain('DNS:n0, IP Address:10.0.0.4');
    expect(text).toContain('TLS Web Client Authentication, TLS Web Server Authentication');
    const key = await openssl('pkey', '-in', 'kubelet.key', '-pubout');
    expect(await openssl('x509', '-in', 'kubelet.crt', '-noout', '-pubkey')).toBe(key);
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({
      cluster_uuid: '731387cf-a92b-4c36-981e-3271d63e5597',
      ca_cert_type: 'kubernetes',
    });
  });

  test('tries again while the service is away, with the same key', async () => {
    failures = 2;
    await makeCert(['cert', 'etcd', 'etcd', '/CN=n0']);
    expect(await openssl('verify', '-CAfile', 'ca.pem', 'etcd.crt')).toContain('OK');
    const requests = seen.filter(({ url }) => url === '/v1/certificates');
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
  });

  test('gives up in the end, leaving nothing that looks like a certificate', async () => {
    failures = 99;
    await expect(makeCert(['cert', 'etcd', 'etcd', '/CN=n0'])).rejects.toThrow('gave up');
    await expect(readFile(join(folder, 'etcd.crt'))).rejects.toThrow('ENOENT');
  });

  test('keeps what it has', async () => {
    await makeCert(['cert', 'etcd', 'etcd', '/CN=n0']);
    const before = seen.length;
    await makeCert(['cert', 'etcd', 'etcd', '/CN=n0']);
    expect(seen).toHaveLength(before);
  });
});
