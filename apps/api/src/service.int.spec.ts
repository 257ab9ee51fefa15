import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '@jeroboam/testing/app';
import type { Child } from '@jeroboam/testing/child';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { eventually } from '@jeroboam/testing/eventually';
import { freePort } from '@jeroboam/testing/free-port';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { tempFolder } from '@jeroboam/testing/temp-folder';

const folder = tempFolder('api-service-');
let nats: NatsServer;
let eventStore: EventStoreProcess;
let sandbox: Child;
let keystone: string;
let token: string;
const replicas: Replica[] = [];

interface Replica {
  readonly service: Child;
  readonly url: string;
}

const environment = (name: string) => ({
  JEROBOAM_NATS_URL: nats.url,
  JEROBOAM_EVENTSTORE_URL: eventStore.connectionString,
  JEROBOAM_DATA_DIR: `${folder.path}/${name}`,
  JEROBOAM_HTTP_PORT: '0',
  OS_AUTH_URL: keystone,
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'sandbox',
  OS_PROJECT_NAME: 'service',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'jeroboam_domain_admin',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: 'sandbox',
});

const start = async (name: string, env: Readonly<Record<string, string>> = {}) => {
  const service = await startApp({ app: 'api', env: { ...environment(name), ...env } });
  const [, url = ''] = await service.line(/"http":"([^"]+)"/, 1000);
  const replica = { service, url };
  replicas.push(replica);
  return replica;
};

const signIn = async (): Promise<string> => {
  const domain = { id: 'default' };
  const response = await fetch(`${keystone}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'demo', domain, password: 'sandbox' } },
        },
        scope: { project: { name: 'demo', domain } },
      },
    }),
  });
  return response.headers.get('x-subject-token') ?? '';
};

const ask = async ({ url }: Replica, route: string, body?: object, headers: object = {}) => {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'x-auth-token': token, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
  return { status: response.status, body: answer, etag: response.headers.get('etag') };
};

beforeAll(async () => {
  nats = await NatsServer.start();
  eventStore = await EventStoreProcess.start({ dataDir: folder.path });
  sandbox = await startApp({
    app: 'sandbox',
    env: { JEROBOAM_SANDBOX_PORT: '0', JEROBOAM_DATA_DIR: folder.path },
    ready: /ready on/,
  });
  const [, address = ''] = await sandbox.line(/ready on (\S+)/, 1000);
  keystone = `${address}/identity/v3`;
  token = await signIn();
}, 60_000);

afterAll(async () => {
  await Promise.all(replicas.map(({ service }) => service.stop()));
  await sandbox.stop();
  await eventStore.stop();
  await nats.stop();
  folder.remove();
}, 30_000);

const TEMPLATE = {
  name: 'k8s',
  coe: 'kubernetes',
  image_id: 'fedora-coreos',
  flavor_id: 'm1.small',
  external_network_id: 'public',
};

describe('the API as a process', () => {
  it('shows on each replica at once what was written on another', async () => {
    const [one, other] = [await start('one'), await start('other')];
    const template = await ask(one, 'POST /v1/clustertemplates', TEMPLATE);
    expect(template.status).toBe(201);
    for (let round = 0; round < 10; round++) {
      const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
      const body = { name: `c${round}`, cluster_template_id: 'k8s' };
      const created = await ask(writer, 'POST /v1/clusters', body);
      expect(created.status).toBe(202);
      const shown = await ask(reader, `GET /v1/clusters/${String(created.body['uuid'])}`);
      expect([shown.status, shown.body['status']]).toEqual([200, 'CREATE_IN_PROGRESS']);
    }
    const listed = await ask(other, 'GET /v1/clusters');
    expect(listed.body['clusters']).toHaveLength(10);
  }, 60_000);

  it('lets replicas together keep to the quota', async () => {
    const [one, other] = replicas;
    if (!one || !other) throw new Error('two replicas are needed');
    const asked = Array.from({ length: 16 }, (_, index) =>
      ask(index % 2 === 0 ? one : other, 'POST /v1/clusters', { cluster_template_id: 'k8s' }),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(10);
    expect(statuses.filter((status) => status === 403)).toHaveLength(6);
  }, 60_000);

  it('lets one change through of those that replicas are sent for the same state', async () => {
    const [one, other] = replicas;
    if (!one || !other) throw new Error('two replicas are needed');
    const path = '/v1/clustertemplates/k8s-tagged';
    await ask(one, 'POST /v1/clustertemplates', { ...TEMPLATE, name: 'k8s-tagged' });
    const { etag } = await ask(other, `GET ${path}`);
    expect((await ask(one, `GET ${path}`)).etag).toBe(etag);
    const change = (replica: Replica, value: string) =>
      ask(replica, `PATCH ${path}`, [{ op: 'replace', path: '/tags', value }], {
        'if-match': etag,
      });
    const changes = ['a', 'b', 'c', 'd'].map((tag, index) => change(index % 2 ? one : other, tag));
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412, 412, 412]);
  }, 60_000);

  it('makes one template of a key on all replicas, and tries without making any', async () => {
    const [one, other] = replicas;
    if (!one || !other) throw new Error('two replicas are needed');
    const [cluster] = (await ask(one, 'GET /v1/clusters')).body['clusters'] as { uuid: string }[];
    const path = `/v1/clusters/${cluster?.uuid ?? ''}`;
    const tried = await ask(one, `DELETE ${path}?dry_run=true`);
    expect(tried.body).toMatchObject({ would: [{ to: 'DELETE_COMPLETE' }] });
    const told = await ask(other, `GET ${path}/events`);
    expect(told.body).toMatchObject({
      events: [{ type: 'ClusterRequested', initiator: { user_name: 'demo' } }],
    });
    const key = { 'idempotency-key': 'same' };
    const body = { ...TEMPLATE, name: 'keyed' };
    const asked = [one, other].map((each) => ask(each, 'POST /v1/clustertemplates', body, key));
    const made = await Promise.all(asked);
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(made.map(({ body: { uuid } }) => uuid)).size).toBe(1);
  }, 60_000);

  it('stops when asked, and finds everything again', async () => {
    const [one] = replicas;
    expect(await one?.service.stop()).toEqual({ code: 0, signal: null });
    const again = await start('one');
    expect((await ask(again, 'GET /v1/clusters')).body['clusters']).toHaveLength(20);
    const health = await fetch(`${again.url}/healthcheck`);
    expect([health.status, await health.text()]).toEqual([200, 'OK']);
  }, 60_000);

  it('says in one line that its port is taken', async () => {
    const port = String(await freePort());
    await start('first', { JEROBOAM_HTTP_PORT: port });
    const second = start('second', { JEROBOAM_HTTP_PORT: port });
    await expect(second).rejects.toThrow(
      `Could not start: port 127.0.0.1:${port} is taken by another process`,
    );
  }, 60_000);

  it('says what is wrong with its settings, all at once', async () => {
    const wrong = { OS_AUTH_URL: 'nowhere', JEROBOAM_MAX_MICROVERSION: '2' };
    const refused = start('wrong', wrong);
    await expect(refused).rejects.toThrow(/OS_AUTH_URL[^]*JEROBOAM_MAX_MICROVERSION/);
  });

  it('is 503 while the log is away, and works when it is back', async () => {
    const replica = await start('third');
    await eventStore.kill();
    const away = await ask(replica, 'POST /v1/clustertemplates', { ...TEMPLATE, name: 'late' });
    expect(away.status).toBe(503);
    eventStore = await EventStoreProcess.start({ dataDir: folder.path, port: eventStore.port });
    const back = () => ask(replica, 'POST /v1/clustertemplates', { ...TEMPLATE, name: 'later' });
    await eventually(async () => (await back()).status === 201, { timeoutMs: 30_000 });
    await eventually(
      async () => (await ask(replica, 'GET /v1/clustertemplates/later')).status !== 404,
    );
  }, 90_000);
});
