import fc, { type Arbitrary } from 'fast-check';
import type { JsonSchema } from '../http/body/field-type.js';

/** Values a cloud under test knows, by the name of the member: without them nothing gets far. */
const known: Readonly<Record<string, readonly unknown[]>> = {
  name: ['c1', 'k8s', 'gpu', 'fuzz-1', 'fuzz-2'],
  coe: ['kubernetes', 'swarm', 'mesos'],
  image_id: ['fedora-coreos', 'ubuntu', 'coreos'],
  flavor_id: ['m1.small', 'm1.tiny'],
  master_flavor_id: ['m1.small', 'm1.medium'],
  external_network_id: ['public'],
  network_driver: ['flannel', 'calico', 'cilium'],
  volume_driver: ['cinder'],
  keypair: [null],
  keypair_id: [null],
  fixed_network: [null],
  fixed_subnet: [null],
  dns_nameserver: ['8.8.8.8', '8.8.8.8,1.1.1.1'],
  cluster_template_id: ['k8s', '<template>', '1'],
  cluster_template: ['k8s', '<template>'],
  baymodel_id: ['k8s', '<template>', '1'],
  cluster_uuid: ['c1', '<cluster>'],
  hostcluster_id: ['c1', '<cluster>'],
  nodegroup: ['default-worker', 'default-master', '<nodegroup>'],
  project_id: ['<project>'],
  node_count: [0, 1, 2, 3],
  master_count: [1, 2, 3],
  csr: ['-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----'],
  labels: [
    ...[{}, { a: '2' }, { boot_volume_size: 'x' }, { kube_tag: 'v1.30.2', a: 1 }],
    ...[{ docker_volume_type: 'stub' }, { etcd_volume_type: 'none' }],
  ],
  node_taints: [[{ key: 'k', effect: 'NoSchedule' }], [{ key: '', effect: 'No' }]],
  node_labels: [{ a: 'b' }, { 'kubernetes.io/x': 'y' }],
};

const longest = 1_000_000;

/** Values at which programs have been known to fall over. */
const oddities: readonly unknown[] = [
  ...['', ' ', '\u0000', '\ud800', '../..', '__proto__', 'constructor', '%00', '"', "'", '{}'],
  ...['🙂'.repeat(300), 'x'.repeat(256), '9'.repeat(400), '${x}', '<cluster>', 'e\u0301', '-1'],
  ...[null, true, false, 0, -1, 0.5, 1e21, -1e308, Number.MAX_SAFE_INTEGER + 2, 2 ** 31, longest],
  ...[[], [[]], [null], {}, { a: null }, { a: { b: [] } }, { constructor: { prototype: 1 } }],
  JSON.parse('{"__proto__": {"admin": true}, "toString": 1, "hasOwnProperty": 2}') as unknown,
];

export const anything: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...oddities),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const text = ({ minLength = 0, maxLength, enum: words }: JsonSchema): Arbitrary<unknown> => {
  if (Array.isArray(words)) return fc.constantFrom(...(words as unknown[]));
  const shortest = Number(minLength);
  return fc.string({
    minLength: shortest,
    maxLength: Math.max(shortest, Math.min(Number(maxLength ?? 30), 300)),
  });
};

const integer = ({ minimum = -5, maximum = 100 }: JsonSchema): Arbitrary<unknown> => {
  const min = Number(minimum);
  return fc.integer({ min, max: Math.min(Number(maximum), min + 50) });
};

/** Values of the schemas of one document, most of them valid. */
export class SchemaValues {
  constructor(private readonly schemas: Readonly<Record<string, JsonSchema>>) {}

  /** The schema itself, where it is a reference. */
  resolve(schema: JsonSchema): JsonSchema {
    const { $ref } = schema;
    return typeof $ref === 'string' ? (this.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
  }

  of(schema: JsonSchema): Arbitrary<unknown> {
    const { type, anyOf } = this.resolve(schema);
    if (Array.isArray(anyOf))
      return fc.oneof(...(anyOf as JsonSchema[]).map((one) => this.of(one)));
    const types = [type].flat().filter((one) => typeof one === 'string');
    if (types.length === 0) return anything;
    return fc.oneof(...types.map((one) => this.ofType(one, this.resolve(schema))));
  }

  /** A member of an object, or an argument of a query. */
  member(name: string, schema: JsonSchema): Arbitrary<unknown> {
    const valid = this.of(schema);
    const usual = known[name] === undefined ? valid : fc.constantFrom(...known[name]);
    return fc.oneof(
      { weight: 16, arbitrary: usual },
      { weight: 3, arbitrary: valid },
      { weight: 1, arbitrary: anything },
    );
  }

  private ofType(type: string, schema: JsonSchema): Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return text(schema);
      case 'integer':
        return integer(schema);
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(this.of((schema['items'] ?? {}) as JsonSchema), { maxLength: 3 });
      case 'object':
        return this.object(schema);
      default:
        return fc.constant(null);
    }
  }

  private object({ properties, required = [], ...rest }: JsonSchema): Arbitrary<unknown> {
    if (properties === undefined) {
      const { additionalProperties } = rest;
      const values = additionalProperties === true ? anything : fc.string({ maxLength: 9 });
      return fc.dictionary(fc.string({ maxLength: 9 }), values, { maxKeys: 4 });
    }
    const members = Object.entries(properties as Record<string, JsonSchema>);
    return fc
      .record(
        Object.fromEntries(members.map(([name, member]) => [name, this.member(name, member)])),
        { requiredKeys: [] },
      )
      .chain((full) => this.thinned(full, required as readonly string[]));
  }

  /** Few members at a time: each may spoil the whole. */
  private thinned(full: Record<string, unknown>, required: readonly string[]): Arbitrary<unknown> {
    const optional = Object.keys(full).filter((name) => !required.includes(name));
    const kept = fc.subarray(optional, { maxLength: Math.min(optional.length, 6) });
    return kept.map((names) =>
      Object.fromEntries(
        [...required, ...names].flatMap((name) => (name in full ? [[name, full[name]]] : [])),
      ),
    );
  }
}
