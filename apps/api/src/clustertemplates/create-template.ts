import { Refused } from '@jeroboam/eventing/decider';
import type { Coe, TemplateSpec } from '@jeroboam/domain/cluster-template/events';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import { newId } from '@jeroboam/platform/ids/ids';
import type { CallerCloud } from '../cloud/caller-cloud.js';
import { bootVolumeSize, checkCloudNames, checkRootVolume } from '../cloud/checks.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { Fault } from '../http/errors/faults.js';
import type { Policy } from '../http/policy/policy.js';
import { generatedName } from '../reads/wire.js';
import type { ResourceParts, ResourceSettings } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { toSpec, type ClusterTemplateDto } from './clustertemplates.dto.js';
import {
  checkNetworkDriver,
  checkVolumeDriver,
  checkVolumeSize,
  defaultNetworkDriver,
} from './coe-rules.js';
import { chooseDriver } from './template-driver.js';

const coeOf = ({ coe }: ClusterTemplateDto): Coe => {
  if (coe === undefined || coe === null) {
    const shown = coe === null ? 'None' : 'Unset';
    throw new Refused('invalid', `Requested COE type ${shown} is not supported.`);
  }
  return coe as Coe; // Typed by the DTO.
};

/** What a template says by itself, without a look at the cloud. */
const checkSpec = (spec: TemplateSpec, { networkDrivers }: ResourceSettings): void => {
  checkNetworkDriver(spec.coe, spec.networkDriver, networkDrivers);
  checkVolumeDriver(spec.coe, spec.volumeDriver);
  checkVolumeSize(spec.dockerVolumeSize, spec.dockerStorageDriver);
};

/** Distribution and driver, as the image decides them. */
const fromImage = async (
  spec: TemplateSpec,
  cloud: CallerCloud,
  { defaultDriver }: ResourceSettings,
): Promise<Pick<TemplateSpec, 'clusterDistro' | 'driver'>> => {
  const { osDistro, properties } = await cloud.image(spec.imageId);
  if (osDistro === null)
    throw new Refused('invalid', `Image ${spec.imageId} doesn't contain os_distro field.`);
  const named = spec.driver ?? properties['magnum_driver'] ?? defaultDriver;
  const type = { serverType: spec.serverType, os: osDistro, coe: spec.coe };
  return { clusterDistro: osDistro, driver: chooseDriver(named, type).name };
};

/** 403 unless the caller may show templates to others, or hide them. */
export const checkPublishing = (policy: Policy, caller: RequestContext): void => {
  if (policy.allows(caller, 'clustertemplate:publish')) return;
  throw new Fault(403, 'Not authorized to set public or hidden flag for cluster template.');
};

type Parts = Pick<ResourceParts, 'aggregates' | 'cloud' | 'clock' | 'policy' | 'settings'>;

/** `POST /clustertemplates`. The checks come in the order of the contract. */
export const createTemplate = async (
  parts: Parts,
  caller: RequestContext,
  body: ClusterTemplateDto,
): Promise<ClusterTemplateRow> => {
  const { aggregates, policy, settings } = parts;
  const coe = coeOf(body);
  const wished = toSpec(body);
  const spec: TemplateSpec = {
    ...wished,
    name: wished.name ?? generatedName('template'),
    networkDriver: wished.networkDriver ?? defaultNetworkDriver(coe, settings.networkDrivers),
  };
  checkSpec(spec, settings);
  const cloud = parts.cloud.of(caller);
  const imaged = await fromImage(spec, cloud, settings);
  policy.enforce(caller, 'clustertemplate:create');
  await checkCloudNames(cloud, spec);
  if (spec.public || spec.hidden) checkPublishing(policy, caller);
  const size = bootVolumeSize(spec.labels, settings.bootVolumeSize);
  await checkRootVolume(cloud, [spec.flavorId, spec.masterFlavorId], size);
  const template = { ...spec, ...imaged, uuid: body.uuid ?? newId() };
  const { projectId, userId } = caller;
  const at = parts.clock.now();
  await aggregates.clusterTemplate(
    template.uuid,
    { type: 'CreateTemplate', data: { template, projectId, userId, at } },
    metadataOf(caller, newId()),
  );
  return { template, projectId, userId, createdAt: at, updatedAt: null };
};
