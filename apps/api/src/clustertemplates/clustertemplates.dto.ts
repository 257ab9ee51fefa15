import type { Coe, TemplateSpec } from '@jeroboam/domain/cluster-template/events';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { RequestContext } from '../http/auth/request-context.js';
import { Bool, Int, LabelMap, NestedList, OneOf, Text, Time, Uuid } from '../http/body/fields.js';
import type { DtoClass } from '../http/body/field-type.js';
import { represent } from '../http/body/represent.js';
import { LinkDto } from '../reads/link.dto.js';
import { wireTime, wireTimeOrNull } from '../reads/wire.js';

export const COES = ['kubernetes', 'swarm', 'swarm-mode', 'mesos', 'dcos'] as const satisfies Coe[];

const name = { min: 1, max: 255 };
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const dottedQuad = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

const dnsFault = (value: string): string | null =>
  value.split(',').every((address) => dottedQuad.test(address.trim()))
    ? null
    : `Expected a single dns address or comma separated dns list, but received ${value}.`;

/** A cluster template, as sent and as shown. */
export class ClusterTemplateDto {
  @Uuid({ description: 'Generated unless given.' })
  uuid?: string | null;

  @Text({ ...name, description: 'Generated unless given. Need not be unique.' })
  name?: string | null;

  @OneOf(COES, { description: 'Container orchestration engine.' })
  coe?: string | null;

  @Text({ ...name, required: true, description: 'Name or id of an image with `os_distro`.' })
  image_id!: string;

  @Text({ ...name, description: 'Flavor of the workers, by name or id.' })
  flavor_id?: string | null;

  @Text({ ...name, description: 'Flavor of the masters, by name or id.' })
  master_flavor_id?: string | null;

  @Text({ check: dnsFault, description: 'IPv4 addresses, comma separated.', example: '8.8.8.8' })
  dns_nameserver?: string | null;

  @Text({ ...name, description: 'Key pair of clusters that name none.' })
  keypair_id?: string | null;

  @Text({ ...name, description: 'Network of floating IPs, by name or id.' })
  external_network_id?: string | null;

  @Text({ ...name, description: 'Network for the nodes; each cluster makes its own otherwise.' })
  fixed_network?: string | null;

  @Text({ ...name, description: 'Subnet of the fixed network.' })
  fixed_subnet?: string | null;

  @Text({ ...name, description: 'Network of the containers.' })
  network_driver?: string | null;

  @Int({ min: 1024, max: 65_535, description: 'Informational.' })
  apiserver_port?: number | null;

  @Int({ min: 1, description: 'GB of each node for containers.' })
  docker_volume_size?: number | null;

  @Text({ ...name, description: "The image's `os_distro`, whatever is sent." })
  cluster_distro?: string | null;

  @NestedList(() => LinkDto)
  links?: object[];

  @Text({ ...name })
  http_proxy?: string | null;

  @Text({ ...name })
  https_proxy?: string | null;

  @Text({ ...name })
  no_proxy?: string | null;

  @Text({ ...name, description: 'Persistent volumes of the containers.' })
  volume_driver?: string | null;

  @Bool({ default: false })
  registry_enabled!: boolean;

  @LabelMap({ default: {}, notNull: true, nullShown: true, description: 'Settings of the driver.' })
  labels!: Record<string, string>;

  @Bool({ default: false })
  tls_disabled!: boolean;

  @Bool({ default: false, description: 'Seen by all projects.' })
  public!: boolean;

  @OneOf(['vm', 'bm'], { default: 'vm' })
  server_type!: string;

  @Text({ ...name })
  insecure_registry?: string | null;

  @Text({ ...name })
  docker_storage_driver?: string | null;

  @Bool({ default: false, description: 'Load balancer before the masters.' })
  master_lb_enabled!: boolean;

  @Bool({ default: true, description: 'Floating IPs for the nodes.' })
  floating_ip_enabled!: boolean;

  @Text({ readOnly: true })
  project_id?: string | null;

  @Text({ readOnly: true })
  user_id?: string | null;

  @Bool({ default: false, description: 'Left out of the lists of other projects.' })
  hidden!: boolean;

  @Text({ max: 255, description: 'Comma separated.' })
  tags?: string | null;

  @Text({ ...name, description: 'Cluster driver; found by image and COE otherwise.' })
  driver?: string | null;

  @Time()
  created_at?: string;

  @Time()
  updated_at?: string | null;
}

/** Members of the wire by the field of the template they stand for. */
const MEMBERS: Readonly<Record<keyof TemplateSpec, keyof ClusterTemplateDto>> = {
  name: 'name',
  coe: 'coe',
  imageId: 'image_id',
  flavorId: 'flavor_id',
  masterFlavorId: 'master_flavor_id',
  dnsNameserver: 'dns_nameserver',
  keypairId: 'keypair_id',
  externalNetworkId: 'external_network_id',
  fixedNetwork: 'fixed_network',
  fixedSubnet: 'fixed_subnet',
  networkDriver: 'network_driver',
  volumeDriver: 'volume_driver',
  apiserverPort: 'apiserver_port',
  dockerVolumeSize: 'docker_volume_size',
  dockerStorageDriver: 'docker_storage_driver',
  clusterDistro: 'cluster_distro',
  httpProxy: 'http_proxy',
  httpsProxy: 'https_proxy',
  noProxy: 'no_proxy',
  registryEnabled: 'registry_enabled',
  insecureRegistry: 'insecure_registry',
  labels: 'labels',
  tlsDisabled: 'tls_disabled',
  public: 'public',
  hidden: 'hidden',
  serverType: 'server_type',
  masterLbEnabled: 'master_lb_enabled',
  floatingIpEnabled: 'floating_ip_enabled',
  tags: 'tags',
  driver: 'driver',
};

const fields = Object.entries(MEMBERS) as [keyof TemplateSpec, string][];

type Wire = Readonly<Record<string, unknown>>;

/** The template that a body, once typed, describes. */
export const toSpec = (body: ClusterTemplateDto): TemplateSpec => {
  const values = body as object as Wire;
  const spec: Partial<Record<keyof TemplateSpec, unknown>> = Object.fromEntries(
    fields.map(([field, member]) => [field, values[member] ?? null]),
  );
  return spec as TemplateSpec;
};

/** Fields that the named members of the wire stand for, with their values. */
export const toChanges = (body: Wire, members: readonly string[]): Partial<TemplateSpec> =>
  Object.fromEntries(
    fields
      .filter(([, member]) => members.includes(member))
      .map(([field, member]) => [field, body[member] ?? null]),
  );

/** How templates are shown in a collection: baymodels are the same under an older name. */
export interface TemplateShape {
  readonly dto: DtoClass;
  readonly collection: string;
}

export const clusterTemplateShape: TemplateShape = {
  dto: ClusterTemplateDto,
  collection: 'clustertemplates',
};

/** A template as clients see it. */
export const toResponse = (
  { template, projectId, userId, createdAt, updatedAt }: ClusterTemplateRow,
  { links, microversion }: Pick<RequestContext, 'links' | 'microversion'>,
  { dto, collection }: TemplateShape = clusterTemplateShape,
): Record<string, unknown> =>
  represent(
    dto,
    {
      ...Object.fromEntries(fields.map(([field, member]) => [member, template[field]])),
      uuid: template.uuid,
      links: links.of(collection, template.uuid),
      project_id: projectId,
      user_id: userId,
      created_at: wireTime(createdAt),
      updated_at: wireTimeOrNull(updatedAt),
    },
    microversion,
  );
