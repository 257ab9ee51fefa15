import type { Message } from '@jeroboam/eventing/message';

/** Text to text; numbers and booleans arrive as their text. */
export type Labels = Readonly<Record<string, string>>;

/** Container orchestration engines. */
export type Coe = 'kubernetes' | 'swarm' | 'swarm-mode' | 'mesos' | 'dcos';

/** Virtual machines or bare metal. */
export type ServerType = 'vm' | 'bm';

/** What a user may set of a template. Field meanings: contract §2.1 and §4.2. */
export interface TemplateSpec {
  readonly name: string | null;
  readonly coe: Coe;
  readonly imageId: string;
  readonly flavorId: string | null;
  readonly masterFlavorId: string | null;
  /** Comma separated IPv4 addresses. */
  readonly dnsNameserver: string | null;
  readonly keypairId: string | null;
  readonly externalNetworkId: string | null;
  readonly fixedNetwork: string | null;
  readonly fixedSubnet: string | null;
  readonly networkDriver: string | null;
  readonly volumeDriver: string | null;
  readonly apiserverPort: number | null;
  /** GB. */
  readonly dockerVolumeSize: number | null;
  readonly dockerStorageDriver: string | null;
  /** The image's `os_distro`. */
  readonly clusterDistro: string | null;
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  readonly noProxy: string | null;
  readonly registryEnabled: boolean;
  readonly insecureRegistry: string | null;
  readonly labels: Labels;
  readonly tlsDisabled: boolean;
  readonly public: boolean;
  readonly hidden: boolean;
  readonly serverType: ServerType;
  readonly masterLbEnabled: boolean;
  readonly floatingIpEnabled: boolean;
  /** Comma separated. */
  readonly tags: string | null;
  /** Name of the cluster driver. */
  readonly driver: string | null;
}

/** A template with its identity, as a cluster keeps it from the moment of its creation. */
export interface TemplateSnapshot extends TemplateSpec {
  readonly uuid: string;
}

/** What happened to a cluster template. Stream `clusterTemplate-<uuid>`. */
export type ClusterTemplateEvent =
  | Message<
      'TemplateCreated',
      {
        readonly template: TemplateSnapshot;
        readonly projectId: string | null;
        readonly userId: string | null;
        readonly at: string;
      }
    >
  | Message<'TemplateChanged', { readonly changes: Partial<TemplateSpec>; readonly at: string }>
  | Message<'TemplateDeleted', { readonly at: string }>;
