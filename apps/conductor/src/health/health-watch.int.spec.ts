import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { created } from '@jeroboam/domain/cluster/cluster.examples';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { proposed } from '@jeroboam/eventing/event-store';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import forge from 'node-forge';
import type { Requester } from '../cloud/authorities.js';
import { composeHealthWatch } from '../compose.js';
import { serviceMetadata } from '../service-metadata.js';
import { Rig } from '../testing/rig.js';

const DAY_MS = 86_400_000;

// Keys and signatures in plain JavaScript take their time on a busy machine.
jest.setTimeout(60_000);

/** What a certificate says. */
interface Subject {
  readonly name: string;
  readonly publicKey: forge.pki.PublicKey;
  readonly extensions?: readonly object[];
}

const keys = () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(publicKey),
    privateKey: forge.pki.privateKeyFromPem(privateKey),
    pem: privateKey,
  };
};

/** Made once: it takes long. */
const [ofAuthority, ofServer] = [keys(), keys()];

/** A certificate authority that signs what it is asked to. */
class TestAuthority implements Requester {
  readonly verbs: string[] = [];
  readonly certificate: string;

  constructor(private readonly own = ofAuthority) {
    const extensions = [{ name: 'basicConstraints', cA: true }];
    this.certificate = this.issue({ name: 'ca', publicKey: own.publicKey, extensions });
  }

  async request(subject: string, payload: unknown): Promise<unknown> {
    const verb = subject.split('.').at(-1) ?? '';
    this.verbs.push(verb);
    if (verb === 'ca') return await Promise.resolve({ pem: this.certificate });
    const { csr } = payload as { readonly csr: string };
    const request = forge.pki.certificationRequestFromPem(csr);
    const { value } = request.subject.getField('CN') as { readonly value: string };
    if (!request.publicKey || !request.verify()) throw new Error('not a sound request');
    return { pem: this.issue({ name: value, publicKey: request.publicKey }) };
  }

  issue({ name, publicKey, extensions = [] }: Subject): string {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = publicKey;
    certificate.serialNumber = '01';
    certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
    certificate.setSubject([{ name: 'commonName', value: name }]);
    certificate.setIssuer([{ name: 'commonName', value: 'ca' }]);
    certificate.setExtensions([...extensions]);
    certificate.sign(this.own.privateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  }
}

let folder: TempFolder;
let rig: Rig;
let authority: TestAuthority;
/** By path. */
let answers: Record<string, string>;
let callers: string[];
let server: ReturnType<typeof createServer>;

/** The API server of a cluster, which lets in whom the cluster's authority has signed. */
const serve = async (): Promise<number> => {
  const { publicKey, pem } = ofServer;
  const altNames = [{ type: 7, ip: '127.0.0.1' }];
  const extensions = [{ name: 'subjectAltName', altNames }];
  const cert = authority.issue({ name: 'kubernetes', publicKey, extensions });
  const ca = authority.certificate;
  server = createServer({ key: pem, cert, ca, requestCert: true }, (request, response) => {
    callers.push(callerOf(request));
    response.end(answers[request.url ?? ''] ?? 'not found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Common name of the certificate the caller has shown. */
const callerOf = ({ socket }: IncomingMessage): string =>
  'getPeerCertificate' in socket
    ? String((socket as TLSSocket).getPeerCertificate().subject.CN)
    : '';

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.readModel.start();
  authority = new TestAuthority();
  callers = [];
  answers = { '/healthz': 'ok', '/api/v1/nodes': nodes('True') };
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await rig.stop();
  folder.remove();
});

const nodes = (ready: string): string =>
  JSON.stringify({
    items: [
      { metadata: { name: 'w0' }, status: { conditions: [{ type: 'Ready', status: ready }] } },
    ],
  });

/** A complete cluster whose API is at that port. */
const cluster = async (port: number): Promise<void> => {
  let position = -1n;
  for (const [index, event] of created.entries()) {
    const events = proposed([at(port, event)], serviceMetadata('', `command-${index}`));
    ({ position } = await rig.store.append({ stream: 'cluster-c1', events, expected: 'any' }));
  }
  await rig.readModel.waitFor(position, 5000);
};

const at = (port: number, event: ClusterEvent): ClusterEvent =>
  event.type === 'ClusterCreated'
    ? {
        ...event,
        data: {
          ...event.data,
          facts: { ...event.data.facts, apiAddress: `https://127.0.0.1:${port}` },
        },
      }
    : event;

const watch = () => {
  const { rows, store, cloud, clock, readModel: commits } = rig;
  const ownership = { has: () => true, onChange: () => () => undefined };
  const log = new SilentLog();
  return composeHealthWatch(
    { rows, store, cloud, clock, commits, ownership, log, requester: authority },
    60,
  );
};

const changes = () =>
  rig.store
    .all()
    .filter(({ type }) => type === 'HealthChanged')
    .map(({ data }) => data);

/** Looks, and waits until the rows show what came of it. */
const look = async (watching: ReturnType<typeof watch>): Promise<void> => {
  rig.clock.advance(60_000);
  await watching.look();
  await rig.readModel.waitFor((await rig.store.head()) ?? -1n, 5000);
};

describe('a cluster with an API that can be reached', () => {
  it('is asked as admin, with one certificate, and told of when its health changes', async () => {
    await cluster(await serve());
    const watching = watch();
    await look(watching);
    await look(watching);
    answers['/api/v1/nodes'] = nodes('False');
    await look(watching);
    expect(changes()).toMatchObject([
      { status: 'HEALTHY', reason: { 'w0.Ready': 'True', api: 'ok' } },
      { status: 'UNHEALTHY', reason: { 'w0.Ready': 'False', api: 'ok' } },
    ]);
    expect(new Set(callers)).toEqual(new Set(['admin']));
    expect(authority.verbs.toSorted()).toEqual(['ca', 'sign']);
  });

  it('is UNKNOWN, not ill, when nobody listens there', async () => {
    const port = await serve();
    server.close();
    await once(server, 'close');
    await cluster(port);
    await look(watch());
    expect(changes()).toMatchObject([
      {
        status: 'UNKNOWN',
        reason: { api: 'The cluster k8s is not accessible: ECONNREFUSED.' },
      },
    ]);
  });

  it('keeps its health while the authority is away', async () => {
    await cluster(await serve());
    authority.request = () => Promise.reject(new Error('away'));
    await look(watch());
    expect(changes()).toEqual([]);
  });

  it('is not trusted when another authority has signed it', async () => {
    const port = await serve();
    await cluster(port);
    authority = new TestAuthority(ofServer);
    await look(watch());
    expect(changes()).toMatchObject([{ status: 'UNHEALTHY' }]);
  });
});
