import { Refused } from '@jeroboam/eventing/decider';
import type { TemplateSnapshot } from '@jeroboam/domain/cluster-template/events';
import type { ClusterSpec } from '@jeroboam/domain/cluster/events';
import type { RowReader } from '@jeroboam/eventing/row-store';
import { masterSizeFault } from '@jeroboam/drivers/driver';
import { hasClusters } from '@jeroboam/read-models/clusters';
import { quotaOf } from '@jeroboam/read-models/quotas';
import type { CallerCloud } from '../cloud/caller-cloud.js';
import {
  bootVolumeSize,
  checkCloudNames,
  checkRootVolume,
  checkVolumeTypes,
} from '../cloud/checks.js';
import { checkVolumeSize } from '../clustertemplates/coe-rules.js';
import { SINCE } from '../http/microversion/history.js';
import type { Microversion } from '../http/microversion/microversion.js';
import type { ResourceSettings } from '../resource-parts.js';
import type { ClusterDto } from './clusters.dto.js';

/** 400 for no nodes at all, below the version that knows of that. */
export const checkZeroSize = (nodeCount: number, microversion: Microversion): void => {
  if (nodeCount > 0 || microversion.atLeast(SINCE.noWorkers)) return;
  throw new Refused(
    'invalid',
    'Resizing a nodegroup to zero is not supported in the provided microversion.',
  );
};

/** 400 when the sizes do not do for the template. */
export const checkSizes = (body: ClusterDto, template: TemplateSnapshot): void => {
  const size = body.docker_volume_size ?? template.dockerVolumeSize;
  checkVolumeSize(size, template.dockerStorageDriver);
  const fault = masterSizeFault(body.master_count);
  if (fault !== null) throw new Refused('invalid', fault);
};

/**
 * 403 when the project is full already. Cheap, and before all the look-ups; the claim alone is what
 * concurrent requests cannot get past.
 */
export const checkRoom = (
  reader: RowReader,
  projectId: string,
  { maxClustersPerProject }: ResourceSettings,
): void => {
  const limit = quotaOf(reader, projectId, 'Cluster')?.row.hardLimit ?? maxClustersPerProject;
  if (!hasClusters(reader, projectId, limit)) return;
  throw new Refused(
    'quota-exceeded',
    `Resource limit exceeded: You have reached the maximum clusters per project, ${limit}. ` +
      'You may delete a cluster to make room for a new one.',
  );
};

const checkDisks = async (
  cloud: CallerCloud,
  { flavorId, masterFlavorId, labels }: ClusterSpec,
  { bootVolumeSize: fallback }: ResourceSettings,
): Promise<void> => {
  const size = bootVolumeSize(labels, fallback);
  if (size <= 0 && flavorId === null) throw noFlavor();
  await checkRootVolume(cloud, [flavorId, masterFlavorId], size);
};

const noFlavor = (): Refused =>
  new Refused(
    'invalid',
    'Unable to find flavor None. Neither the cluster nor its template has a flavor_id.',
  );

/** Whether all the cluster names is there, for the caller. */
export const checkInCloud = async (
  cloud: CallerCloud,
  spec: ClusterSpec,
  settings: ResourceSettings,
): Promise<void> => {
  await checkDisks(cloud, spec, settings);
  const { imageId, externalNetworkId } = spec.template;
  await checkCloudNames(cloud, { ...spec, imageId, externalNetworkId });
  if (spec.keypair !== null) await cloud.keypair(spec.keypair);
  await checkVolumeTypes(cloud, spec.labels);
};
