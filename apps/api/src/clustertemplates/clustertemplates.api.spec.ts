import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.news();
});

const URL = '/v1/clustertemplates';
const KUBERNETES = { name: 'k8s', coe: 'kubernetes', image_id: 'fedora-coreos' };
const SWARM = { name: 'swarm', coe: 'swarm', image_id: 'Fedora-Atomic-26-20170723.0.x86_64' };

const make = async (body: object = KUBERNETES, as = 'demo'): Promise<string> => {
  const { uuid } = await api.expect(201, `POST ${URL}`, { as, body });
  return String(uuid);
};

describe('POST /clustertemplates', () => {
  it('answers with the template, all members in order, and where it is', async () => {
    const body = {
      ...KUBERNETES,
      flavor_id: 'm1.small',
      master_flavor_id: null,
      dns_nameserver: '8.8.8.8',
      keypair_id: 'kp',
      external_network_id: 'public',
      labels: { kube_tag: 'v1.30.1', a: 1, b: true },
      master_lb_enabled: 'True',
      docker_volume_size: '5',
      docker_storage_driver: 'overlay2',
    };
    const answer = await api.ask(`POST ${URL}`, { body });
    expect(answer.status).toBe(201);
    const { uuid, ...members } = answer.body;
    expect(answer.headers['location']).toBe(`http://api:9511${URL}/${String(uuid)}`);
    expect(Object.entries(members)).toEqual(
      Object.entries({
        name: 'k8s',
        coe: 'kubernetes',
        image_id: 'fedora-coreos',
        flavor_id: 'm1.small',
        master_flavor_id: null,
        dns_nameserver: '8.8.8.8',
        keypair_id: 'kp',
        external_network_id: 'public',
        fixed_network: null,
        fixed_subnet: null,
        network_driver: 'flannel',
        apiserver_port: null,
        docker_volume_size: 5,
        cluster_distro: 'fedora-coreos',
        links: [
          { href: `http://api:9511${URL}/${String(uuid)}`, rel: 'self' },
          { href: `http://api:9511/clustertemplates/${String(uuid)}`, rel: 'bookmark' },
        ],
        http_proxy: null,
        https_proxy: null,
        no_proxy: null,
        volume_driver: null,
        registry_enabled: false,
        labels: { kube_tag: 'v1.30.1', a: '1', b: 'True' },
        tls_disabled: false,
        public: false,
        server_type: 'vm',
        insecure_registry: null,
        docker_storage_driver: 'overlay2',
        master_lb_enabled: true,
        floating_ip_enabled: true,
        project_id: api.cloud.keystone.directory.projectNamed('demo')?.id,
        user_id: api.cloud.keystone.directory.userNamed('demo')?.id,
        hidden: false,
        tags: null,
        driver: 'k8s_fedora_coreos_v1',
        created_at: expect.stringMatching(/^2026-01-01T12:00:\d\d\.000000\+00:00$/),
        updated_at: null,
      }),
    );
    expect(await api.expect(200, `GET ${URL}/${String(uuid)}`)).toEqual(answer.body);
  });

  it('appends what was made and by whom', async () => {
    const uuid = await make(SWARM);
    expect(api.news()).toMatchObject([
      {
        stream: `clusterTemplate-${uuid}`,
        type: 'TemplateCreated',
        data: { template: { uuid, networkDriver: 'docker', driver: 'swarm_fedora_atomic_v1' } },
        metadata: {
          actor: {
            userName: 'demo',
            roles: ['member', 'reader', 'creator', 'heat_stack_owner', 'load-balancer_member'],
            requestId: expect.stringMatching(/^req-/),
            address: '127.0.0.1',
            kind: 'user',
          },
        },
      },
    ]);
  });

  it('makes a name, and overwrites the distribution', async () => {
    const body = { ...KUBERNETES, name: null, cluster_distro: 'mine' };
    const made = await api.expect(201, `POST ${URL}`, { body });
    expect(made['name']).toMatch(/^[a-z]+-([1-9]|1\d|2[0-4])-template$/);
    expect(made['cluster_distro']).toBe('fedora-coreos');
  });

  it.each([
    [{ coe: undefined }, '400 Requested COE type Unset is not supported.'],
    [{ coe: null }, '400 Requested COE type None is not supported.'],
    [
      { coe: 'nomad' },
      "400 Invalid input for field/attribute coe. Value: 'nomad'. Value should be one of: kubernetes, swarm, swarm-mode, mesos, dcos",
    ],
    [
      { image_id: undefined },
      "400 Invalid input for field/attribute image_id. Value: 'None'. Mandatory field missing.",
    ],
    [
      { server_type: 'pm' },
      "400 Invalid input for field/attribute server_type. Value: 'pm'. Value should be one of: vm, bm",
    ],
    [
      { links: [] },
      "400 Invalid input for field/attribute links. Value: '[]'. Cannot set read only field.",
    ],
    [{ bogus: 1 }, '400 Unknown attribute for argument cluster_template: bogus'],
    [{ image_id: 'coreos' }, '400 Cluster type (vm, coreos, kubernetes) not supported.'],
    [
      { dns_nameserver: '8.8.8.8,08.8.8.8' },
      "400 Invalid input for field/attribute dns_nameserver. Value: '8.8.8.8,08.8.8.8'. Expected a single dns address or comma separated dns list, but received 8.8.8.8,08.8.8.8.",
    ],
    [
      { dns_nameserver: 'bad' },
      "400 Invalid input for field/attribute dns_nameserver. Value: 'bad'. Expected a single dns address or comma separated dns list, but received bad.",
    ],
    [
      { apiserver_port: 80 },
      "400 Invalid input for field/attribute apiserver_port. Value: '80'. Value should be greater or equal to 1024",
    ],
    [
      { network_driver: 'weave' },
      '400 Network driver type weave is not supported, expecting a flannel/calico/cilium/unspecified network driver.',
    ],
    [
      { network_driver: 'cilium' },
      '400 Network driver type cilium is not allowed, expecting a flannel/calico/unspecified network driver. ',
    ],
    [
      { volume_driver: 'rexray' },
      '400 Volume driver type rexray is not supported, expecting a cinder/unspecified volume driver.',
    ],
    [
      { docker_storage_driver: 'devicemapper' },
      '400 docker volume size None GB is not valid, expecting minimum value 3GB for devicemapper storage driver.',
    ],
    [{ image_id: 'none' }, '400 Image none could not be found.'],
    [{ driver: 'k8s_mine' }, '400 Cluster driver (k8s_mine) not supported.'],
    [{ image_id: 'ubuntu' }, '400 Cluster type (vm, ubuntu, kubernetes) not supported.'],
    [{ flavor_id: 'm1.none' }, '400 Unable to find flavor m1.none.'],
    [{ master_flavor_id: 'm1.none' }, '400 Unable to find flavor m1.none.'],
    [{ external_network_id: 'none' }, '400 Unable to find external network none.'],
    [{ external_network_id: 'private-demo' }, '400 Unable to find external network private-demo.'],
    [{ fixed_network: 'none' }, '400 Unable to find fixed network none.'],
    [{ fixed_subnet: 'none' }, '400 Unable to find fixed subnet none.'],
    [{ public: true }, '403 Not authorized to set public or hidden flag for cluster template.'],
    [{ hidden: true }, '403 Not authorized to set public or hidden flag for cluster template.'],
    [{ labels: { boot_volume_size: 'big' } }, '400 boot_volume_size must be an integer'],
  ])('refuses %j: %s', async (change, refusal) => {
    expect(await api.refusal(`POST ${URL}`, { body: { ...KUBERNETES, ...change } })).toBe(refusal);
    expect(api.news()).toEqual([]);
  });

  it.each([
    ['swarm', 'calico', 'docker/flannel'],
    ['swarm-mode', 'flannel', 'docker'],
    ['mesos', 'flannel', 'docker'],
  ])('knows the network drivers of %s', async (coe, network_driver, drivers) => {
    expect(await api.refusal(`POST ${URL}`, { body: { ...SWARM, coe, network_driver } })).toBe(
      `400 Network driver type ${network_driver} is not supported, expecting a ${drivers}/unspecified network driver.`,
    );
  });

  it('looks at the disk of flavors, unless nodes boot from a volume', async () => {
    const flavor = { name: 'diskless', id: 'd0', vcpus: 1, ramMib: 1, diskGib: 0, isPublic: true };
    api.cloud.nova.flavors.push(flavor);
    const body = { ...KUBERNETES, flavor_id: 'diskless' };
    expect(await api.refusal(`POST ${URL}`, { body })).toBe(
      '400 Flavor with zero root volume size is not supported when boot_volume_size is zero.',
    );
    await make({ ...body, labels: { boot_volume_size: '10' } });
  });

  it.each([
    ['image_id', 'image'],
    ['external_network_id', 'external network'],
    ['fixed_network', 'network'],
    ['fixed_subnet', 'subnet'],
  ])('says that a name is ambiguous: %s', async (member, what) => {
    const { glance, neutron } = api.cloud;
    const [open] = neutron.networks.filter(({ external }) => external);
    const [own] = neutron.networks.filter(({ name }) => name === 'private-demo');
    const [subnet] = neutron.subnets.filter(({ name }) => name === 'private-demo');
    const twins = <T>(one: T | undefined): T[] =>
      ['1', '2'].map((id) => ({ ...one!, id: `${what} ${id}`, name: what }));
    glance.images.push(...twins(glance.images[0]));
    neutron.networks.push(...twins(open), ...twins(own));
    neutron.subnets.push(...twins(subnet));
    const post = (name: string) =>
      api.refusal(`POST ${URL}`, {
        body: { ...KUBERNETES, image_id: 'fedora-coreos', [member]: name },
      });
    expect(await post(what)).toBe(
      `409 Multiple ${what}s exist with same name '${what}'. Please use the ${what} ID instead.`,
    );
    if (member !== 'image_id') expect(await post(`${what} 1`)).toMatch(/^201/);
  });

  it('needs an image that tells its distribution', async () => {
    const [image] = api.cloud.glance.images;
    if (image) api.cloud.glance.images.push({ ...image, id: 'x', name: 'bare', osDistro: null });
    expect(await api.refusal(`POST ${URL}`, { body: { ...KUBERNETES, image_id: 'bare' } })).toBe(
      "400 Image bare doesn't contain os_distro field.",
    );
  });

  it('takes a uuid once', async () => {
    const body = { ...KUBERNETES, uuid: '5d12f6fd-a196-4bf0-ae4c-1f639a523a52' };
    expect(await make(body)).toBe(body.uuid);
    expect(await api.refusal(`POST ${URL}`, { body })).toBe(
      `409 A ClusterTemplate with UUID ${body.uuid} already exists.`,
    );
  });

  it('is not for readers', async () => {
    expect(await api.refusal(`POST ${URL}`, { as: 'demo_reader@demo', body: KUBERNETES })).toBe(
      "403 Policy doesn't allow clustertemplate:create to be performed.",
    );
  });
});

describe('GET /clustertemplates', () => {
  it('shows what one may see', async () => {
    const open = await make({ ...KUBERNETES, name: 'open', public: true }, 'admin');
    const hidden = await make({ ...KUBERNETES, public: true, hidden: true }, 'admin');
    const own = await make({ ...KUBERNETES, name: 'own' }, 'alt_demo');
    const listed = async (as: string) => {
      const { clustertemplates } = await api.expect(200, `GET ${URL}`, { as });
      return (clustertemplates as { uuid: string }[]).map(({ uuid }) => uuid);
    };
    expect(await listed('alt_demo')).toEqual([open, own]);
    expect(await listed('admin')).toEqual(expect.arrayContaining([open, hidden, own]));
    expect((await api.ask(`GET ${URL}/open`, { as: 'alt_demo' })).status).toBe(200);
    expect(await api.refusal(`GET ${URL}/${own}`)).toBe(
      `404 ClusterTemplate ${own} could not be found.`,
    );
    expect(await api.refusal(`GET ${URL}/${hidden}`)).toBe(
      `404 ClusterTemplate ${hidden} could not be found.`,
    );
    expect(await api.refusal(`DELETE ${URL}/${open}`)).toBe(
      "403 Policy doesn't allow clustertemplate:delete to be performed.",
    );
  });

  it('names ambiguity', async () => {
    await make({ ...KUBERNETES, name: 'twice' });
    await make({ ...KUBERNETES, name: 'twice' });
    expect(await api.refusal(`GET ${URL}/twice`)).toBe(
      '409 Multiple ClusterTemplates exist with same name. Please use the ClusterTemplate uuid instead.',
    );
  });

  it('pages', async () => {
    const first = await api.expect(200, `GET ${URL}/detail?limit=1&sort_key=name&sort_dir=desc`);
    const [{ uuid } = { uuid: '' }] = first['clustertemplates'] as { uuid: string }[];
    expect(first['next']).toBe(
      `http://api:9511${URL}/detail?sort_key=name&sort_dir=desc&limit=1&marker=${uuid}`,
    );
    expect(await api.refusal(`GET ${URL}?marker=5d12f6fd-a196-4bf0-ae4c-1f639a523a53`)).toBe(
      '404 ClusterTemplate 5d12f6fd-a196-4bf0-ae4c-1f639a523a53 could not be found.',
    );
    expect(await api.refusal(`GET ${URL}?sort_key=bogus`)).toBe(
      '400 The sort_key value "bogus" is an invalid field for sorting',
    );
  });
});

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

describe('PATCH /clustertemplates', () => {
  it('changes attributes, labels and single labels', async () => {
    const uuid = await make({ ...KUBERNETES, labels: { a: '1' } });
    api.news();
    const patched = await api.expect(200, `PATCH ${URL}/${uuid}`, {
      body: [
        ...replace('/name', 'other'),
        ...replace('/labels', "{'k': 'v', 'n': 2}"),
        { op: 'add', path: '/labels/x', value: 'y' },
        { op: 'remove', path: '/floating_ip_enabled' },
        ...replace('/docker_volume_size', '7'),
      ],
    });
    expect(patched).toMatchObject({
      name: 'other',
      labels: { k: 'v', n: '2', x: 'y' },
      floating_ip_enabled: true,
      docker_volume_size: 7,
      updated_at: expect.stringMatching(/^2026-/),
    });
    expect(await api.expect(200, `GET ${URL}/${uuid}`)).toEqual(patched);
    expect(api.news()).toMatchObject([
      {
        type: 'TemplateChanged',
        data: {
          changes: { name: 'other', labels: { k: 'v', n: '2', x: 'y' }, dockerVolumeSize: 7 },
        },
      },
    ]);
    expect((await api.ask(`PATCH ${URL}/${uuid}`, { body: [] })).status).toBe(200);
    expect(api.news()).toEqual([]);
  });

  it.each([
    [replace('/uuid', 'x'), "400 '/uuid' is an internal attribute and can not be updated"],
    [
      [{ op: 'remove', path: '/image_id' }],
      "400 '/image_id' is a mandatory attribute and can not be removed",
    ],
    [
      replace('/bogus', 'x'),
      "400 Couldn't apply patch '[{'path': '/bogus', 'op': 'replace', 'value': 'x'}]'. Reason: can't replace a non-existent object 'bogus'",
    ],
    [
      [{ op: 'add', path: '/name', value: 'x' }],
      "400 The attribute /name has existed, please use 'replace' operation instead.",
    ],
    [
      replace('/network_driver', 'weave'),
      '400 Network driver type weave is not supported, expecting a flannel/calico/cilium/unspecified network driver.',
    ],
    [replace('/flavor_id', 'none'), '400 Unable to find flavor none.'],
    [replace('/image_id', 'none'), '400 Image none could not be found.'],
    [
      replace('/public', true),
      '403 Not authorized to set public or hidden flag for cluster template.',
    ],
    [
      replace('/coe', 'nomad'),
      "400 Invalid input for field/attribute coe. Value: 'nomad'. Value should be one of: kubernetes, swarm, swarm-mode, mesos, dcos",
    ],
    [
      { a: 1 },
      "400 Invalid input for field/attribute patch. Value: '{'a': 1}'. Value not a valid list: {'a': 1}",
    ],
  ])('refuses %j: %s', async (body, refusal) => {
    const uuid = await make();
    api.news();
    expect(await api.refusal(`PATCH ${URL}/${uuid}`, { body })).toBe(refusal);
    expect(api.news()).toEqual([]);
  });

  it('sets what is removed to null, or to its default', async () => {
    const uuid = await make({
      ...KUBERNETES,
      labels: { a: '1' },
      tags: 't',
      floating_ip_enabled: 0,
    });
    const remove = (...names: string[]) => ({
      body: names.map((name) => ({ op: 'remove', path: `/${name}` })),
    });
    const url = `${URL}/${uuid}`;
    const names = ['name', 'driver', 'tags', 'floating_ip_enabled', 'master_lb_enabled', 'labels'];
    const nulls = { name: null, driver: null, tags: null };
    const defaults = { floating_ip_enabled: true, master_lb_enabled: false };
    const expected = { ...nulls, ...defaults };
    expect(await api.expect(200, `PATCH ${url}`, remove(...names))).toMatchObject({
      ...expected,
      labels: null,
    });
    expect(await api.expect(200, `GET ${url}`)).toMatchObject({ ...expected, labels: {} });
  });

  it('looks at the patch before the template', async () => {
    const url = `PATCH ${URL}/5d12f6fd-a196-4bf0-ae4c-1f639a523a53`;
    expect((await api.ask(url, { body: {} })).status).toBe(400);
    expect((await api.ask(url, { body: replace('/name', 'x') })).status).toBe(404);
  });

  it('lets an admin publish', async () => {
    const uuid = await make();
    const url = `PATCH ${URL}/${uuid}`;
    const published = await api.expect(200, url, { as: 'admin', body: replace('/public', 'True') });
    expect(published['public']).toBe(true);
  });
});

describe('DELETE /clustertemplates', () => {
  it('takes it away', async () => {
    const uuid = await make({ ...KUBERNETES, name: 'gone' });
    api.news();
    expect((await api.ask(`DELETE ${URL}/gone`)).status).toBe(204);
    expect(api.news()).toMatchObject([{ type: 'TemplateDeleted' }]);
    expect((await api.ask(`GET ${URL}/${uuid}`)).status).toBe(404);
    expect(await api.refusal(`DELETE ${URL}/gone`)).toBe(
      '404 ClusterTemplate gone could not be found.',
    );
  });
});
