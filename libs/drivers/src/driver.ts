import type {
  ClusterFacts,
  ClusterSpec,
  NodegroupFacts,
  NodegroupSpec,
} from '@jeroboam/domain/cluster/events';

/** What a driver can build: server type (`vm`, `bm`), the image's `os_distro`, the COE. */
export interface ClusterType {
  readonly serverType: string;
  readonly os: string | null;
  readonly coe: string;
}

/** Heat parameters by name. Secrets among them are `hidden` in the template. */
export type StackParameters = Readonly<Record<string, string | number | boolean>>;

/** All that a call creating a Heat stack needs. */
export interface StackRequest {
  /** The same for the same cluster or node group, always: a second create meets the first. */
  readonly name: string;
  /** HOT, as text. */
  readonly template: string;
  /** What the template refers to, by the names it uses: nested templates and node scripts. */
  readonly files: Readonly<Record<string, string>>;
  readonly parameters: StackParameters;
  readonly timeoutMinutes: number;
}

/** A network that was there before the cluster. */
export interface FixedNetwork {
  readonly id: string;
  readonly name: string;
  readonly subnetId: string;
  readonly cidr: string;
}

/** What was looked up in the cloud for a stack. Ids are uuids, whatever the user gave. */
export interface CloudFacts {
  readonly externalNetworkId: string | null;
  /** `null`: the stack makes a network of its own. */
  readonly fixedNetwork: FixedNetwork | null;
  readonly sshPublicKey: string | null;
  /** Type of volumes for which neither a label nor the installation names one. Needed as soon as the stack has a volume. */
  readonly volumeType: string | null;
  /** The cloud has a load-balancer service. */
  readonly octavia: boolean;
  readonly regionName: string | null;
}

/** Who the nodes are to Keystone. */
export interface NodeIdentity {
  readonly domainId: string;
  readonly userId: string;
  readonly userName: string;
  readonly password: string;
  /** `null` keeps the user's powers off the nodes: they may then only ask for certificates. */
  readonly trustId: string | null;
}

/** Keys that exist for one cluster and reach its nodes. All PEM. */
export interface NodeKeys {
  /** Signs and verifies Kubernetes' service account tokens. */
  readonly serviceAccount?: { readonly publicKey: string; readonly privateKey: string };
  /** Private key of the cluster's CA, for clusters that run the signer themselves. */
  readonly caPrivateKey?: string;
}

export type NodeKey = keyof NodeKeys;

/** How this installation wants its clusters. */
export interface Installation {
  /** Keystone as nodes reach it, with `/v3`. */
  readonly authUrl: string;
  /** This service as nodes reach it, with `/v1`. */
  readonly magnumUrl: string;
  /** Nodes verify the certificates of the two. */
  readonly verifyCa: boolean;
  /** PEM of the CA that signed them, if not a public one. */
  readonly caPem: string | null;
  /** Nova's server group policy for the nodes of a cluster. */
  readonly affinityPolicy: string;
  /** Manifest applied to each new Kubernetes cluster. */
  readonly postInstallManifestUrl: string | null;
  /** Volumes of nodes, where no label says otherwise. */
  readonly volumes: VolumeDefaults;
}

/** Types are names or ids; `null`: what Cinder itself gives. */
export interface VolumeDefaults {
  /** GB nodes boot from; 0: they boot from the disk of their flavor. */
  readonly bootSize: number;
  readonly bootType: string | null;
  readonly dockerType: string | null;
  readonly etcdType: string | null;
}

export interface StackInput {
  readonly cluster: ClusterSpec;
  /** All node groups of the cluster: the driver takes those the stack is of. */
  readonly nodegroups: readonly NodegroupSpec[];
  readonly cloud: CloudFacts;
  readonly identity: NodeIdentity;
  readonly keys: NodeKeys;
  readonly installation: Installation;
}

/** What Heat says of a stack. Parameters are text there. */
export interface ObservedStack {
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface ResizeInput {
  readonly nodeCount: number;
  /** Heat index, server uuid or address of nodes that are to go first. */
  readonly nodesToRemove: readonly string[];
  /** The node group's stack as it stands. */
  readonly stack: ObservedStack;
}

/** What a driver's clusters can do after they were made. */
export interface Abilities {
  readonly nodegroups: boolean;
  readonly upgrade: boolean;
  readonly caRotation: boolean;
  readonly credentialRotation: boolean;
  readonly masterResize: boolean;
}

/**
 * Knows how one kind of cluster is built from Heat stacks. Pure: it says what to ask of Heat and
 * reads what Heat answers; someone else does the asking. All may throw {@link DriverFault}.
 */
export interface ClusterDriver {
  readonly name: string;
  readonly provides: readonly ClusterType[];
  readonly supports: Abilities;
  /** Which keys `stack` must be given. */
  readonly keysFor: (cluster: ClusterSpec) => readonly NodeKey[];
  /** The stack of the cluster with its default node groups. */
  readonly stack: (input: StackInput) => StackRequest;
  /** The stack of one more node group of a cluster whose own stack is `clusterStack`. */
  readonly nodegroupStack: (
    input: StackInput,
    nodegroup: NodegroupSpec,
    clusterStack: ObservedStack,
  ) => StackRequest;
  /** Parameters to update a node group's stack with, all others left as they are. */
  readonly resize: (input: ResizeInput) => StackParameters;
  /** What the cluster's own stack tells, for its default node groups (by uuid). */
  readonly facts: (stack: ObservedStack, nodegroups: readonly NodegroupSpec[]) => ClusterFacts;
  /** What the stack of an additional node group tells. */
  readonly nodegroupFacts: (stack: ObservedStack) => NodegroupFacts;
}

/** The driver cannot do what was asked; the message is for the user. */
export class DriverFault extends Error {
  override readonly name = 'DriverFault';
}

/** Why a cluster cannot have so many masters; `null` when it can. */
export const masterSizeFault = (count: number): string | null => {
  if (count < 1) return `master nodegroup size of ${count} is invalid, size cannot be less than 1.`;
  return count % 2 === 0
    ? `master nodegroup size of ${count} is invalid, size cannot be an even number.`
    : null;
};
