import { Refused } from '@jeroboam/eventing/decider';
import { isRepeated } from '@jeroboam/eventing/repetition';
import type { Coe, TemplateSnapshot, TemplateSpec } from '@jeroboam/domain/cluster-template/events';
import { templateByUuid, type ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { CallerCloud } from '../cloud/caller-cloud.js';
import {
  bootVolumeSize,
  checkCloudNames,
  checkRootVolume,
  checkVolumeTypes,
} from '../cloud/checks.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { Fault } from '../http/errors/faults.js';
import type { Policy } from '../http/policy/policy.js';
import { ownScope } from '../reads/scope.js';
import { generatedName } from '../reads/wire.js';
import type { ResourceParts, ResourceSettings } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { identityOf, keyOutlived, type Identity } from '../writing/repeated-requests.js';
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
  settings: ResourceSettings,
): Promise<Pick<TemplateSpec, 'clusterDistro' | 'driver'>> => {
  const { osDistro, properties } = await cloud.image(spec.imageId);
  if (osDistro === null)
    throw new Refused('invalid', `Image ${spec.imageId} doesn't contain os_distro field.`);
  const name = spec.driver ?? properties['magnum_driver'] ?? settings.defaultDriver;
  const wanted = { name, serverType: spec.serverType, os: osDistro, coe: spec.coe };
  return { clusterDistro: osDistro, driver: chooseDriver(wanted, settings).name };
};

/** 403 unless the caller may show templates to others, or hide them. */
export const checkPublishing = (policy: Policy, caller: RequestContext): void => {
  if (policy.allows(caller, 'clustertemplate:publish')) return;
  throw new Fault(403, 'Not authorized to set public or hidden flag for cluster template.');
};

type Parts = Pick<
  ResourceParts,
  'aggregates' | 'cloud' | 'clock' | 'policy' | 'reads' | 'settings' | 'store'
>;

interface Asked {
  readonly body: ClusterTemplateDto;
  readonly identity: Identity;
}

/** All checks of `POST /clustertemplates`, in the order of the contract. */
const checked = async (
  parts: Parts,
  caller: RequestContext,
  { body, identity }: Asked,
): Promise<TemplateSnapshot> => {
  const { policy, settings } = parts;
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
  await checkVolumeTypes(cloud, spec.labels);
  return { ...spec, ...imaged, uuid: body.uuid ?? identity.uuid };
};

const create = async (
  parts: Parts,
  caller: RequestContext,
  asked: Asked,
): Promise<ClusterTemplateRow> => {
  const template = await checked(parts, caller, asked);
  const { projectId, userId } = caller;
  const at = parts.clock.now();
  await parts.aggregates.clusterTemplate(
    template.uuid,
    { type: 'CreateTemplate', data: { template, projectId, userId, at } },
    metadataOf(caller, asked.identity.operationId),
  );
  return { template, projectId, userId, createdAt: at, updatedAt: null };
};

/** What the key has made: 422 for another body, 409 when it has been deleted since. 403 as for a new one. */
const made = async (
  { policy, reads, store }: Parts,
  caller: RequestContext,
  identity: Identity,
): Promise<ClusterTemplateRow | null> => {
  const [first] = await store.read(`clusterTemplate-${identity.uuid}`);
  if (first !== undefined) policy.enforce(caller, 'clustertemplate:create');
  if (!isRepeated(identity, first)) return null;
  const row = templateByUuid(await reads.fresh(), ownScope(caller), identity.uuid);
  if (row === null) throw keyOutlived('ClusterTemplate');
  return row;
};

/**
 * `POST /clustertemplates`.
 *
 * @param key of idempotency: the same again gives the same template
 */
export const createTemplate = async (
  parts: Parts,
  caller: RequestContext,
  { body, key }: { readonly body: ClusterTemplateDto; readonly key: string | null },
): Promise<ClusterTemplateRow> => {
  const identity = identityOf(`${caller.projectId ?? ''}/clustertemplates`, key, body);
  if (key === null) return create(parts, caller, { body, identity });
  if (body.uuid !== undefined && body.uuid !== null)
    throw new Fault(400, 'A template whose uuid is given needs no Idempotency-Key.');
  const known = await made(parts, caller, identity);
  if (known !== null) return known;
  const created = await create(parts, caller, { body, identity });
  // The same request at the same time may have been the one that made it.
  return (await made(parts, caller, identity)) ?? created;
};
