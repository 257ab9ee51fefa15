import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';

const started: ApiUnderTest[] = [];
const apiWith = async (environment: Readonly<Record<string, string>>): Promise<ApiUnderTest> => {
  const api = await ApiUnderTest.start({ environment });
  started.push(api);
  return api;
};
afterEach(() => Promise.all(started.splice(0).map((api) => api.stop())));
afterAll(() => {
  expect(started).toEqual([]);
});

const template = (changes: object = {}) => ({
  name: 't',
  coe: 'kubernetes',
  image_id: 'fedora-coreos',
  flavor_id: 'm1.small',
  ...changes,
});

describe('JEROBOAM_MAX_BODY_BYTES', () => {
  /** A body of so many bytes, all of them ASCII. */
  const bodyOf = (bytes: number) => {
    const empty = JSON.stringify(template({ labels: { a: '' } })).length;
    return template({ labels: { a: 'x'.repeat(bytes - empty) } });
  };

  it('takes a body of that size, and answers 413 to one byte more', async () => {
    const api = await apiWith({ JEROBOAM_MAX_BODY_BYTES: '2048' });
    await api.expect(201, 'POST /v1/clustertemplates', { body: bodyOf(2048) });
    expect(await api.refusal('POST /v1/clustertemplates', { body: bodyOf(2049) })).toBe(
      '413 Request is too large.',
    );
  });

  it('is 1 MiB unless set', async () => {
    const api = await apiWith({});
    const refusal = (bytes: number) =>
      api.refusal('POST /v1/clustertemplates', { body: bodyOf(bytes) });
    expect(await refusal(1_048_576)).toMatch(/^400 Invalid input for field\/attribute labels/);
    expect(await refusal(1_048_577)).toBe('413 Request is too large.');
  });

  it('is not asked of who has no token', async () => {
    const api = await apiWith({ JEROBOAM_MAX_BODY_BYTES: '1024' });
    const asked = { token: '', body: bodyOf(4096) };
    expect((await api.ask('POST /v1/clustertemplates', asked)).status).toBe(401);
  });
});

const labelled = (count: number, of = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, of]));

describe('JEROBOAM_MAX_LABELS', () => {
  const tooMany = /^400 Invalid input for field\/attribute labels\. .* at most 3 entries$/;

  it('bounds the labels of templates, clusters and node groups', async () => {
    const api = await apiWith({ JEROBOAM_MAX_LABELS: '3' });
    await api.expect(201, 'POST /v1/clustertemplates', { body: template({ labels: labelled(3) }) });
    const body = template({ labels: labelled(4) });
    expect(await api.refusal('POST /v1/clustertemplates', { body })).toMatch(tooMany);
    const cluster = { name: 'c', cluster_template_id: 't', labels: labelled(4) };
    expect(await api.refusal('POST /v1/clusters', { body: cluster })).toMatch(tooMany);
    const nodegroup = { name: 'n', labels: labelled(4) };
    const route = 'POST /v1/clusters/none/nodegroups';
    expect(await api.refusal(route, { version: '1.9', body: nodegroup })).toMatch(tooMany);
  });

  it('bounds what a patch makes of them', async () => {
    const api = await apiWith({ JEROBOAM_MAX_LABELS: '3' });
    await api.expect(201, 'POST /v1/clustertemplates', { body: template({ labels: labelled(3) }) });
    const patch = (path: string, value: string) =>
      api.refusal('PATCH /v1/clustertemplates/t', { body: [{ op: 'add', path, value }] });
    expect(await patch('/labels/l9', 'v')).toMatch(tooMany);
    const whole = JSON.stringify(labelled(4));
    const body = [{ op: 'replace', path: '/labels', value: whole }];
    expect(await api.refusal('PATCH /v1/clustertemplates/t', { body })).toMatch(tooMany);
  });

  it('is 256 unless set', async () => {
    const api = await apiWith({});
    const post = (count: number) =>
      api.ask('POST /v1/clustertemplates', { body: template({ labels: labelled(count) }) });
    expect([(await post(256)).status, (await post(257)).status]).toEqual([201, 400]);
  });
});

describe('JEROBOAM_MAX_LABEL_CHARS', () => {
  it('bounds keys and values', async () => {
    const api = await apiWith({ JEROBOAM_MAX_LABEL_CHARS: '8' });
    const post = (labels: object) =>
      api.refusal('POST /v1/clustertemplates', { body: template({ labels }) });
    expect(await post({ ['k'.repeat(8)]: 'v'.repeat(8) })).toMatch(/^201 /);
    expect(await post({ ['k'.repeat(9)]: 'v' })).toMatch(/^400 .* at most 8 characters$/);
    expect(await post({ k: 'v'.repeat(9) })).toMatch(/^400 .* at most 8 characters$/);
  });
});

describe('JEROBOAM_MAX_LIMIT', () => {
  it('bounds a page, whether a limit is asked for or not', async () => {
    const api = await apiWith({ JEROBOAM_MAX_LIMIT: '2' });
    for (const name of ['a', 'b', 'c'])
      await api.expect(201, 'POST /v1/clustertemplates', { body: template({ name }) });
    for (const query of ['', '?limit=2', '?limit=3', '?limit=2147483647']) {
      const page = await api.expect(200, `GET /v1/clustertemplates${query}`);
      expect(page['clustertemplates']).toHaveLength(2);
      expect(page['next']).toMatch(/&limit=2&marker=/);
    }
    const one = await api.expect(200, 'GET /v1/clustertemplates?limit=1');
    expect(one['clustertemplates']).toHaveLength(1);
  });
});

describe('JEROBOAM_RATE_PER_SECOND and JEROBOAM_RATE_BURST', () => {
  const slow = { JEROBOAM_RATE_PER_SECOND: '1', JEROBOAM_RATE_BURST: '2' };
  /** Only `Date` stands still: a slow machine must not fill the bucket. */
  const others = [
    'nextTick',
    'setImmediate',
    'setTimeout',
    'setInterval',
    'queueMicrotask',
  ] as const;
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: [...others, 'performance', 'hrtime'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const statuses = async (api: ApiUnderTest, as: string, count: number) => {
    const answers = await Promise.all(
      Array.from({ length: count }, () => api.ask('GET /v1/clusters', { as })),
    );
    return answers.map(({ status }) => status);
  };

  it('let a burst pass, and say when to come back', async () => {
    const api = await apiWith(slow);
    expect((await statuses(api, 'demo', 4)).toSorted()).toEqual([200, 200, 429, 429]);
    const answer = await api.ask('GET /v1/clusters');
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '1']);
    expect(answer.body['errors']).toEqual([
      {
        request_id: '',
        code: 'client',
        status: 429,
        title: 'Too many requests of this project',
        detail: 'Too many requests of this project. Please try again in 1 s.',
        links: [],
      },
    ]);
    jest.setSystemTime(Date.now() + 1000);
    expect(await statuses(api, 'demo', 2)).toEqual([200, 429]);
  });

  it('count a project, whoever asks there, and no other', async () => {
    const api = await apiWith(slow);
    await statuses(api, 'demo', 2);
    expect(await statuses(api, 'demo_reader@demo', 1)).toEqual([429]);
    expect(await statuses(api, 'alt_demo', 2)).toEqual([200, 200]);
  });

  it('come after the token, and leave public routes alone', async () => {
    const api = await apiWith(slow);
    await statuses(api, 'demo', 3);
    expect((await api.ask('GET /v1/clusters', { token: 'no such' })).status).toBe(401);
    expect((await api.ask('GET /')).status).toBe(200);
  });

  it('are no limit unless set', async () => {
    const api = await apiWith({});
    expect(new Set(await statuses(api, 'demo', 50))).toEqual(new Set([200]));
  });
});
