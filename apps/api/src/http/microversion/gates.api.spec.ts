import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest, type Answered, type Asked } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';
import { Microversion, type VersionText } from './microversion.js';

let api: ApiUnderTest;
let scene: ClusterScene;
let capped: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_MICROVERSION: '1.14' } });
  capped = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
  api.requester.answers.set('jeroboam.stats.counts', () => ({ clusters: 1, nodes: 2 }));
  await scene.ready({ name: 'c', node_count: 2 });
  api.news();
});
afterAll(() => Promise.all([api.stop(), capped.stop()]));

const VERSIONS = Array.from({ length: 14 }, (_, minor): VersionText => `1.${minor + 1}`);

/** A cluster `c` with two workers, whatever was done to it before. */
const restore = async (): Promise<void> => {
  if (api.news().length === 0) return;
  await scene.clear();
  await scene.ready({ name: 'c', node_count: 2 });
  api.news();
};

interface Gate {
  readonly title: string;
  readonly route: string;
  readonly as?: string;
  readonly body?: unknown;
  /** What is answered from that version on, up to the next one named here. */
  readonly answers: Readonly<Partial<Record<VersionText, string>>>;
}

const answerAt = ({ answers }: Gate, version: VersionText): string => {
  const reached = Object.entries(answers).filter(([since]) =>
    Microversion.of(version).atLeast(since as VersionText),
  );
  return (reached.at(-1)?.[1] ?? '').replace('<version>', version);
};

const told = (answer: Answered): string => {
  const [error] = (answer.body['errors'] ?? []) as { detail?: string }[];
  return error === undefined ? String(answer.status) : `${answer.status} ${error.detail ?? ''}`;
};

const notYet = (api: string): string =>
  `406 Version <version> was requested but the requested API ${api} is not supported for this version.`;
const noZero = '400 Resizing a nodegroup to zero is not supported in the provided microversion.';
const PATCH_TWO = [{ op: 'replace', path: '/node_count', value: 3 }];
const PATCH_ZERO = [{ op: 'replace', path: '/node_count', value: 0 }];
const NODEGROUPS = '/v1/clusters/c/nodegroups';
const bay = { name: 'b', baymodel_id: 'k8s', node_count: 1 };
const cluster = { name: 'made', cluster_template_id: 'k8s' };

/** Named as Magnum names them, also where that is another operation. */
const nodegroupGate = (route: string, operation: string, answer: string, body?: unknown): Gate => ({
  title: `1.9 node groups: ${route}`,
  route,
  body,
  answers: { '1.1': notYet(operation), '1.9': answer },
});

const defaultStays = '400 Deleting a default nodegroup is not supported.';
const nodegroupGates: readonly Gate[] = [
  nodegroupGate(`GET ${NODEGROUPS}`, 'delete', '200'),
  nodegroupGate(`GET ${NODEGROUPS}/default-worker`, 'get_one', '200'),
  nodegroupGate(`POST ${NODEGROUPS}`, 'post', '202', { name: 'gpu', node_labels: { a: 'b' } }),
  nodegroupGate(`PATCH ${NODEGROUPS}/default-worker`, 'patch', '202', []),
  nodegroupGate(`DELETE ${NODEGROUPS}/default-worker`, 'delete', defaultStays),
];

/** Which nodes a group takes was told from the first version with groups on. */
const ofLabels: readonly Gate[] = ['node_labels', 'node_taints'].map((name) => ({
  title: `1.14 ${name} are open as soon as there are node groups`,
  route: `PATCH ${NODEGROUPS}/default-worker`,
  body: [{ op: 'replace', path: `/${name}`, value: name === 'node_labels' ? "{'a': 'b'}" : '[]' }],
  answers: { '1.1': notYet('patch'), '1.9': '202' },
}));

const oldNames: readonly Gate[] = ['bays', 'bays/detail', 'baymodels', 'baymodels/detail'].map(
  (path) => ({
    title: `1.11 ${path} are gone`,
    route: `GET /v1/${path}`,
    answers: { '1.1': '200', '1.11': '404 ' },
  }),
);

/** Contract §1.7: what changes at a version, and what by its history should and never did. */
const GATES: readonly Gate[] = [
  {
    title: '1.2 bays are made asynchronously, until 1.11 drops them',
    route: 'POST /v1/bays',
    body: bay,
    answers: { '1.1': '201', '1.2': '202', '1.11': '404 ' },
  },
  {
    title: '1.2 bays are changed asynchronously',
    route: 'PATCH /v1/bays/c',
    body: PATCH_TWO,
    answers: { '1.1': '200', '1.2': '202', '1.11': '404 ' },
  },
  {
    title: '1.2 clusters always were',
    route: 'POST /v1/clusters',
    body: cluster,
    answers: { '1.1': '202' },
  },
  {
    title: '1.3 rollback of a change',
    route: 'PATCH /v1/clusters/c?rollback=true',
    body: PATCH_TWO,
    answers: { '1.1': '400 Unknown argument: "rollback"', '1.3': '202' },
  },
  {
    title: '1.3 rollback of a bay',
    route: 'PATCH /v1/bays/c?rollback=true',
    body: PATCH_TWO,
    answers: { '1.1': '400 Unknown argument: "rollback"', '1.3': '202', '1.11': '404 ' },
  },
  { title: '1.4 stats are open', route: 'GET /v1/stats', answers: { '1.1': '200' } },
  {
    title: '1.5 rotation of authorities is open',
    route: 'PATCH /v1/certificates/c',
    answers: { '1.1': "400 'rotate_ca_certificate' is not supported by this driver." },
  },
  {
    title: '1.6 quotas are open',
    route: 'GET /v1/quotas',
    as: 'admin',
    answers: { '1.1': '200' },
  },
  {
    title: '1.7 resize',
    route: 'POST /v1/clusters/c/actions/resize',
    body: { node_count: 3 },
    answers: { '1.1': notYet('resize'), '1.7': '202' },
  },
  {
    title: '1.8 upgrade, which 1.7 knows only to refuse',
    route: 'POST /v1/clusters/c/actions/upgrade',
    body: { cluster_template: 'none' },
    answers: {
      '1.1': notYet('upgrade'),
      '1.7': '400 Cluster upgrade is not supported in the provided microversion.',
      '1.8': '404 ClusterTemplate none could not be found.',
    },
  },
  ...nodegroupGates,
  ...ofLabels,
  {
    title: '1.10 no workers: create',
    route: 'POST /v1/clusters',
    body: { ...cluster, node_count: 0 },
    answers: { '1.1': noZero, '1.10': '202' },
  },
  {
    title: '1.10 no workers: change',
    route: 'PATCH /v1/clusters/c',
    body: PATCH_ZERO,
    answers: { '1.1': noZero, '1.10': '202' },
  },
  {
    title: '1.10 no workers: resize',
    route: 'POST /v1/clusters/c/actions/resize',
    body: { node_count: 0 },
    answers: { '1.1': notYet('resize'), '1.7': noZero, '1.10': '202' },
  },
  {
    title: '1.10 an unknown template is 404',
    route: 'POST /v1/clusters',
    body: { ...cluster, cluster_template_id: 'none' },
    answers: {
      '1.1': '400 ClusterTemplate none could not be found.',
      '1.10': '404 ClusterTemplate none could not be found.',
    },
  },
  ...oldNames,
  {
    title: '1.10 an unknown baymodel stays 400, until 1.11 drops bays',
    route: 'POST /v1/bays',
    body: { ...bay, baymodel_id: 'none' },
    answers: { '1.1': '400 ClusterTemplate none could not be found.', '1.11': '404 ' },
  },
  {
    title: '1.12 rotation of the credentials of no cluster',
    route: 'PATCH /v1/credentials',
    answers: { '1.1': notYet('patch'), '1.12': '400 Missing argument: "cluster_ident"' },
  },
  {
    title: '1.12 rotation of credentials',
    route: 'PATCH /v1/credentials/c',
    answers: {
      '1.1': notYet('patch'),
      '1.12': '400 Credential rotation is not supported by driver.',
    },
  },
  {
    title: '1.13 stack_id becomes cluster_id in requests',
    route: 'POST /v1/clusters',
    body: { ...cluster, cluster_id: 'x' },
    answers: {
      '1.1': '400 Unknown attribute for argument cluster: cluster_id',
      '1.13':
        "400 Invalid input for field/attribute cluster_id. Value: 'x'. Cannot set read only field.",
    },
  },
];

describe('what changes from version to version', () => {
  it.each(GATES.map((gate) => [gate.title, gate] as const))('%s', async (_title, gate) => {
    const { route, body, as = 'demo' } = gate;
    const seen: string[] = [];
    for (const version of VERSIONS) {
      await restore();
      seen.push(`${version}: ${told(await api.ask(route, { version, as, body }))}`);
    }
    expect(seen).toEqual(VERSIONS.map((version) => `${version}: ${answerAt(gate, version)}`));
  });
});

const firstOf = ({ body }: Answered, member: string): Readonly<Record<string, unknown>> =>
  ((body[member] ?? []) as Record<string, unknown>[])[0] ?? {};

describe('how a cluster is shown', () => {
  const idsAt = async (route: string, version: VersionText): Promise<readonly string[]> => {
    const answer = await api.ask(route, { version });
    const shown = 'clusters' in answer.body ? firstOf(answer, 'clusters') : answer.body;
    return Object.keys(shown).filter((name) => ['stack_id', 'cluster_id'].includes(name));
  };

  it.each(['GET /v1/clusters', 'GET /v1/clusters/detail', 'GET /v1/clusters/c'])(
    '%s: 1.13 renames stack_id, with its value, at its place',
    async (route) => {
      await restore();
      for (const version of VERSIONS) {
        const name = Microversion.of(version).atLeast('1.13') ? 'cluster_id' : 'stack_id';
        expect([version, await idsAt(route, version)]).toEqual([version, [name]]);
      }
      const [old, young] = [
        await api.ask(route, { version: '1.12' }),
        await api.ask(route, { version: '1.13' }),
      ];
      const renamed = JSON.stringify(old.body).replaceAll('"stack_id"', '"cluster_id"');
      expect(JSON.stringify(young.body)).toBe(renamed);
    },
  );

  it('node groups keep stack_id, their cluster_id being the cluster', async () => {
    await restore();
    for (const version of ['1.9', '1.12', '1.13', '1.14'] as const) {
      const { body } = await api.ask(`GET ${NODEGROUPS}/default-worker`, { version });
      expect(body).toMatchObject({ stack_id: 'stack-1', node_labels: {}, node_taints: [] });
    }
  });

  it('1.1 answers a bay with the bay itself, 1.2 with its uuid', async () => {
    await restore();
    const old = await api.ask('POST /v1/bays', { version: '1.1', body: bay });
    expect(Object.keys(old.body)).toContain('baymodel_id');
    expect(old.headers['location']).toBe(`http://api:9511/v1/bays/${String(old.body['uuid'])}`);
    const young = await api.ask('POST /v1/bays', { version: '1.2', body: bay });
    expect(Object.keys(young.body)).toEqual(['uuid']);
    expect(young.headers['location']).toBeUndefined();
  });

  it('templates are the same at every version', async () => {
    const shown = new Set<string>();
    for (const version of VERSIONS)
      shown.add(JSON.stringify((await api.ask('GET /v1/clustertemplates', { version })).body));
    expect(shown.size).toBe(1);
  });
});

describe('which versions are offered', () => {
  const offered = async (one: ApiUnderTest): Promise<readonly string[]> => {
    const served = [];
    for (const version of [...VERSIONS, '1.15', '1.0', '2.1'])
      if ((await one.ask('GET /v1/clusters', { version })).status === 200) served.push(version);
    return served;
  };

  it('1.12 unless the operator says otherwise, 1.14 at most', async () => {
    expect(await offered(capped)).toEqual(VERSIONS.slice(0, 12));
    expect(await offered(api)).toEqual(VERSIONS);
  });

  it.each(VERSIONS)('%s is named in the headers of its answers', async (version) => {
    const { headers } = await api.ask('GET /v1/clusters', { version });
    const name = 'container-infrastructure-management';
    expect(headers).toMatchObject({
      'openstack-api-version': `${name} ${version}`,
      'openstack-api-minimum-version': `${name} 1.1`,
      'openstack-api-maximum-version': `${name} 1.14`,
      vary: 'OpenStack-API-Version',
    });
  });

  it('latest is the highest that is offered', async () => {
    const latest = async (one: ApiUnderTest) =>
      (await one.ask('GET /v1/clusters', { version: 'latest' })).headers['openstack-api-version'];
    expect(await latest(capped)).toBe('container-infrastructure-management 1.12');
    expect(await latest(api)).toBe('container-infrastructure-management 1.14');
  });

  it('those beyond are refused with the range', async () => {
    const { status, body } = await capped.ask('GET /v1/clusters', { version: '1.13' });
    expect(status).toBe(406);
    expect(firstOf({ status, body, headers: {} }, 'errors')).toMatchObject({
      code: 'magnum.microversion-unsupported',
      max_version: '1.12',
      min_version: '1.1',
    });
  });
});

/** Contract §1.6: under `/v1`, on what a handler answers, and on a version out of range. */
describe('which answers name the version', () => {
  const name = 'container-infrastructure-management';
  const bears = async (route: string, header: string, more: Asked) => {
    const headers = { 'openstack-api-version': header };
    const answer = await api.ask(route, { ...more, headers: { ...headers, ...more.headers } });
    return [
      answer.status,
      answer.headers['openstack-api-version'],
      answer.headers['openstack-api-minimum-version'],
      answer.headers['openstack-api-maximum-version'],
      answer.headers['vary'],
    ];
  };

  it.each<readonly [string, string, number, string, Asked?]>([
    ['GET /v1', 'container-infra 1.5', 200, '1.5'],
    ['GET /v1/', 'container-infrastructure 1.5', 200, '1.5'],
    ['GET /v1/clusters', `${name} 1.13`, 200, '1.13'],
    ['GET /clusters', 'foo Latest', 200, '1.14'],
    ['GET /v1/clusters/nope', 'container-infra 1.5', 404, '1.5'],
    ['GET /v1/clusters?foo=1', 'container-infra 1.5', 400, '1.5'],
    ['POST /v1/clusters', 'container-infra 1.5', 400, '1.5'],
    ['GET /v1/quotas', 'container-infra 1.5', 403, '1.5'],
    [
      'POST /v1/clusters',
      'container-infra 1.5',
      415,
      '1.5',
      { body: 1, headers: { 'content-type': 'text/plain' } },
    ],
    ['GET /v1/clusters', 'container-infra 1.15', 406, '1.15'],
    ['GET /v1/clusters', 'container-infra 1.0', 406, '1.0'],
    ['GET /v1/clusters', 'container-infra 2.0', 406, '2.0'],
    ['GET /v1/bogus', 'container-infra 0.9', 406, '0.9'],
  ])('%s at %s: %d names %s', async (route, header, status, version, more = {}) => {
    const range = [`${name} 1.1`, `${name} 1.14`];
    expect(await bears(route, header, more)).toEqual([
      ...[status, `${name} ${version}`, ...range],
      'OpenStack-API-Version',
    ]);
  });

  it.each<readonly [string, string, number, Asked?]>([
    ['GET /', 'container-infra 1.5', 200],
    ['GET /', 'container-infra 9.9', 200],
    ['GET /healthcheck', 'nonsense', 200],
    ['GET /v1/clusters', 'container-infra 1.5', 401, { token: 'none' }],
    ['GET /v1/bogus', 'container-infra 1.5', 404],
    ['PUT /v1/clusters', 'container-infra 1.5', 405],
    ['GET /v1/clusters', '1.5', 406],
    ['GET /v1/clusters', 'latest', 406],
    ['GET /v1/clusters', 'compute 1.5', 406],
    ['GET /v1/clusters', 'container-infra 1.5, compute 2.1', 406],
    ['GET /v1', 'container-infra abc', 406],
    ['GET /v1/clusters', 'container-infra 1', 406],
    ['GET /v1/clusters', 'container-infra 1.2.3', 406],
    ['GET /v1/clusters', 'container-infra 1.5', 406, { headers: { accept: 'application/xml' } }],
    ['POST /v1/clusters/c/actions/resize', 'container-infra 1.6', 406],
    ['GET /v1/bays', 'container-infra 1.11', 404],
  ])('%s at %s: %d names none', async (route, header, status, more = {}) => {
    const none = [undefined, undefined, undefined, undefined];
    expect(await bears(route, header, more)).toEqual([status, ...none]);
  });
});
