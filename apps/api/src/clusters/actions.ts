import { Refused } from '@jeroboam/eventing/decider';
import { demandStatus } from '@jeroboam/domain/cluster/preconditions';
import { defaultWorker, type Nodegroup, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { isReady } from '@jeroboam/domain/cluster/status';
import { masterSizeFault, type ClusterDriver } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { asRefusal } from '../clustertemplates/template-driver.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { checkIndexes } from '../nodegroups/node-indexes.js';
import { findNodegroup, noNodegroup } from '../reads/find-nodegroup.js';
import type { ResourceParts } from '../resource-parts.js';
import type { Act } from '../writing/repeated-requests.js';
import { checkZeroSize } from './check-cluster.js';
import type { ResizeDto, UpgradeDto } from './clusters.dto.js';
import { operate } from './operate.js';

const invalid = (message: string): Refused => new Refused('invalid', message);

/** The driver a cluster was built with. 400 when this installation no longer has it. */
export const driverOf = ({ spec }: PresentCluster): ClusterDriver =>
  asRefusal(() => driverNamed(spec.driver));

const nodegroupFor = (cluster: Numbered<ClusterRow>, ident: string | null): Nodegroup => {
  if (ident !== null) return findNodegroup(cluster, ident);
  const found = defaultWorker(cluster.row);
  if (found === undefined) throw noNodegroup('default-worker');
  return found;
};

const checkMasters = (row: PresentCluster, nodeCount: number): void => {
  if (!driverOf(row).supports.masterResize)
    throw invalid('Resizing the master nodegroup is not supported by this driver.');
  const fault = masterSizeFault(nodeCount);
  if (fault !== null) throw invalid(fault);
};

type Parts = Pick<ResourceParts, 'aggregates' | 'clock' | 'step' | 'store' | 'trusts'>;

export interface Resize {
  readonly cluster: Numbered<ClusterRow>;
  readonly body: ResizeDto;
  readonly act: Act;
}

/** `POST …/actions/resize` of a cluster that was found and may be resized. */
export const resize = async (
  parts: Parts,
  caller: RequestContext,
  { cluster, body, act }: Resize,
): Promise<void> => {
  const { node_count: nodeCount, nodes_to_remove, nodegroup } = body;
  const { row } = cluster;
  await parts.step('node count', () => {
    checkZeroSize(nodeCount, caller.microversion);
  });
  const nodesToRemove = nodes_to_remove ?? [];
  const { uuid: nodegroupId } = await parts.step('node group', async () => {
    const found = nodegroupFor(cluster, nodegroup ?? null);
    if (found.role === 'master') checkMasters(row, nodeCount);
    await checkIndexes(parts, { clusterId: row.spec.uuid, nodegroup: found, nodes: nodesToRemove });
    return found;
  });
  await operate(parts, caller, {
    row,
    act,
    command: (begin) => ({
      type: 'ResizeNodegroup',
      data: { ...begin, nodegroupId, nodeCount, nodesToRemove, rollback: false, by: 'resize' },
    }),
  });
};

const checkUpgradeOf = (
  nodegroup: Nodegroup | null,
  row: PresentCluster,
  { template }: ClusterTemplateRow,
): void => {
  if (nodegroup === null || nodegroup.isDefault || row.spec.template.uuid === template.uuid) return;
  throw new Refused(
    'conflict',
    `Cluster Template is not valid for upgrade: Nodegroup ${nodegroup.name} can be upgraded only ` +
      `to match cluster's template (${row.spec.template.name ?? row.spec.template.uuid}).`,
  );
};

const checkUpgradable = (row: PresentCluster): void => {
  if (driverOf(row).supports.upgrade) return;
  demandStatus(row, isReady, 'Upgrading a cluster');
  throw invalid('Upgrading a cluster that uses the Magnum Heat driver is not supported.');
};

export interface Upgrade {
  readonly cluster: Numbered<ClusterRow>;
  readonly template: ClusterTemplateRow;
  readonly body: UpgradeDto;
  readonly act: Act;
}

/** `POST …/actions/upgrade` of a cluster that was found and may be upgraded. */
export const upgrade = async (
  parts: Parts,
  caller: RequestContext,
  { cluster, template, body, act }: Upgrade,
): Promise<void> => {
  const { row } = cluster;
  const ident = body.nodegroup ?? null;
  const nodegroup = await parts.step('node group', () => {
    const found = ident === null ? null : findNodegroup(cluster, ident);
    checkUpgradeOf(found, row, template);
    return found;
  });
  await parts.step('driver', () => {
    checkUpgradable(row);
  });
  await operate(parts, caller, {
    row,
    act,
    command: (begin) => ({
      type: 'UpgradeCluster',
      data: {
        ...begin,
        template: template.template,
        maxBatchSize: body.max_batch_size,
        nodegroupId: nodegroup?.uuid ?? null,
      },
    }),
  });
};
