import type { ClusterSpec, NodegroupSpec } from '@jeroboam/domain/cluster/events';

const ID_LENGTH = 12;

/** Heat's rules for names are stricter than ours: letters, digits and dashes remain. */
const plain = (name: string, length: number): string =>
  name
    .slice(0, length)
    .replace(/[_.]/g, '-')
    .replace(/[^A-Za-z0-9-]/g, '');

const idOf = (uuid: string): string => uuid.replaceAll('-', '').slice(0, ID_LENGTH);

/** `<name>-<12 characters of the uuid>`: the same for the same cluster, always. */
export const clusterStackName = ({ name, uuid }: Pick<ClusterSpec, 'name' | 'uuid'>): string =>
  `${plain(name, 30)}-${idOf(uuid)}`.toLowerCase();

/** `<cluster>-<node group>-<12 characters of the node group's uuid>`. */
export const nodegroupStackName = (
  cluster: Pick<ClusterSpec, 'name'>,
  nodegroup: Pick<NodegroupSpec, 'name' | 'uuid'>,
): string =>
  `${plain(cluster.name, 20)}-${plain(nodegroup.name, 9)}-${idOf(nodegroup.uuid)}`.toLowerCase();
