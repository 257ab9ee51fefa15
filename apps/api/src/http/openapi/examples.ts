import type { DtoClass } from '../body/field-type.js';
import { fieldsAt, fieldsOf, type Field } from '../body/fields.js';
import { Microversion } from '../microversion/microversion.js';
import type { PatchRules } from '../patch/patch-document.js';
import type { Direction } from './schemas.js';

/** The version examples speak: the highest that is offered by default. */
const version = Microversion.of('1.12');

const CLUSTER = '5d12f6fd-a196-4bf0-ae4c-1f639a523a52';
const TEMPLATE = '0562d357-8641-4759-8fed-8173f02c9633';
const PROJECT = 'e3a0c1ff6b2f4b3c9f7d4a1c5a1b2c3d';
const AT = '2026-11-23T07:31:43.819102+00:00';
const PEM = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----';

/** What members look like, by their name; those that are not here show the example of their type. */
const samples: ReadonlyMap<string, unknown> = new Map<string, unknown>(
  Object.entries({
    uuid: CLUSTER,
    name: 'k8s-1',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    flavor_id: 'm1.small',
    master_flavor_id: 'm1.medium',
    external_network_id: 'public',
    keypair: 'operator',
    keypair_id: 'operator',
    network_driver: 'flannel',
    volume_driver: 'cinder',
    server_type: 'vm',
    cluster_distro: 'fedora-coreos',
    driver: 'k8s_fedora_coreos_v1',
    cluster_template_id: TEMPLATE,
    cluster_template: TEMPLATE,
    baymodel_id: TEMPLATE,
    cluster_id: CLUSTER,
    cluster_uuid: CLUSTER,
    hostcluster_id: CLUSTER,
    node_count: 3,
    master_count: 1,
    labels: { kube_tag: 'v1.30.2' },
    labels_overridden: { kube_tag: 'v1.30.1' },
    labels_added: {},
    labels_skipped: {},
    create_timeout: 60,
    bay_create_timeout: 60,
    stack_id: '7f4c2d1e-53a4-44a5-a4c7-9d5b9c2c8c8e',
    status: 'CREATE_COMPLETE',
    status_reason: null,
    health_status: 'HEALTHY',
    health_status_reason: { api: 'ok' },
    api_address: 'https://172.24.4.3:6443',
    coe_version: 'v1.30.2',
    node_addresses: ['172.24.4.5'],
    master_addresses: ['172.24.4.4'],
    faults: { 'default-worker': 'No valid host was found.' },
    bay_faults: { 'default-worker': 'No valid host was found.' },
    project_id: PROJECT,
    user_id: 'f1d2d2f924e986ac86fdf7b36c94bcdf',
    created_at: AT,
    updated_at: null,
    href: `https://magnum.example.org/v1/clusters/${CLUSTER}`,
    rel: 'self',
    role: 'worker',
    nodegroup: 'default-worker',
    nodes_to_remove: [],
    node_labels: { team: 'a' },
    node_taints: [{ key: 'gpu', value: '1', effect: 'NoSchedule' }],
    min_node_count: 1,
    max_node_count: 5,
    max_batch_size: 1,
    id: 3,
    pem: PEM,
    csr: '-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----',
    ca_cert_type: 'kubernetes',
    host: 'controller-1',
    binary: 'magnum-conductor',
    state: 'up',
    hard_limit: 20,
    resource: 'Cluster',
    properties: { 'dns-zone': 'example.org' },
  }),
);

/** Members that a request typically names beside those it must. */
const asked = new Set([
  ...['name', 'coe', 'image_id', 'flavor_id', 'external_network_id', 'keypair', 'keypair_id'],
  ...['node_count', 'labels', 'nodegroup', 'project_id', 'hard_limit', 'resource', 'role'],
  ...['hostcluster_id', 'properties', 'max_node_count'],
]);

const ofType = ({ schema }: Field['type']): unknown => {
  const { enum: words, type, minimum = 1 } = schema;
  if (Array.isArray(words)) return (words as unknown[])[0];
  const plain = new Map<unknown, unknown>([
    ['boolean', false],
    ['integer', minimum],
    ['array', []],
    ['object', {}],
  ]);
  return plain.get(type) ?? null;
};

const isShown = ({ name, options }: Field, direction: Direction): boolean =>
  direction === 'response' || (!options.readOnly && (options.required === true || asked.has(name)));

const valueOf = ({ name, options, type }: Field, direction: Direction): unknown => {
  if (options.example !== undefined) return options.example;
  if (type.nested !== undefined) {
    const one = exampleOf(type.nested.of(), direction);
    return type.nested.many ? [one] : one;
  }
  return samples.has(name) ? samples.get(name) : (options.default ?? ofType(type));
};

/** An object of the class as a client sends or gets it. */
export const exampleOf = (dto: DtoClass, direction: Direction): Record<string, unknown> =>
  Object.fromEntries(
    [...fieldsAt(dto, version).values()]
      .filter((field) => isShown(field, direction))
      .map((field) => [field.name, valueOf(field, direction)]),
  );

/** Changes what the resource lets change. */
export const patchExampleOf = ({ dto }: PatchRules): readonly object[] => {
  const fields = fieldsOf(dto);
  const value = ['max_node_count', 'node_count', 'tags'].find((name) => fields.has(name));
  return value === undefined
    ? [{ op: 'replace', path: '/properties/dns-zone', value: 'example.org' }]
    : [{ op: 'replace', path: `/${value}`, value: value === 'tags' ? 'gpu,blue' : 3 }];
};
