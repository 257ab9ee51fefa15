import type { TemplateSpec } from '@jeroboam/domain/cluster-template/events';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import { countClustersOfTemplate } from '@jeroboam/read-models/clusters';
import { newId } from '@jeroboam/platform/ids/ids';
import type { CallerCloud } from '../cloud/caller-cloud.js';
import {
  bootVolumeSize,
  checkCloudNames,
  checkRootVolume,
  checkVolumeTypes,
} from '../cloud/checks.js';
import type { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { applyPatch, changedAttributes } from '../http/patch/apply-patch.js';
import { rootOf, type PatchDocument, type PatchRules } from '../http/patch/patch-document.js';
import type { ResourceParts, ResourceSettings } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import {
  ClusterTemplateDto,
  toChanges,
  toResponse,
  type TemplateShape,
} from './clustertemplates.dto.js';
import { checkNetworkDriver, checkVolumeDriver } from './coe-rules.js';
import { checkPublishing } from './create-template.js';

export const templatePatchRules: PatchRules = {
  dto: ClusterTemplateDto,
  mandatory: [
    'image_id',
    'coe',
    'network_driver',
    'external_network_id',
    'tls_disabled',
    'public',
    'server_type',
    'registry_enabled',
    'cluster_distro',
    'hidden',
  ],
  removed: { labels: {}, master_lb_enabled: false, floating_ip_enabled: true },
};

const CLOUD_NAMES = [
  'imageId',
  'flavorId',
  'masterFlavorId',
  'externalNetworkId',
  'fixedNetwork',
  'fixedSubnet',
] as const;

/** Only what changes is looked up: what was named before may be gone by now. */
const checkNewNames = (cloud: CallerCloud, changes: Partial<TemplateSpec>): Promise<void> =>
  checkCloudNames(
    cloud,
    Object.fromEntries(CLOUD_NAMES.map((field) => [field, changes[field] ?? null])),
  );

const checkDisk = async (
  cloud: CallerCloud,
  { labels, flavorId, masterFlavorId }: TemplateSpec,
  { bootVolumeSize: fallback }: ResourceSettings,
): Promise<void> => {
  await checkRootVolume(cloud, [flavorId, masterFlavorId], bootVolumeSize(labels, fallback));
};

const concernsDisk = ({ flavorId, masterFlavorId, labels }: Partial<TemplateSpec>): boolean =>
  [flavorId, masterFlavorId, labels].some((value) => value !== undefined);

/** The checks of a change, in the order of the contract. */
const check = async (
  parts: Pick<ResourceParts, 'cloud' | 'policy' | 'settings'>,
  caller: RequestContext,
  { before, changes }: { readonly before: TemplateSpec; readonly changes: Partial<TemplateSpec> },
): Promise<void> => {
  const { policy, settings } = parts;
  const after = { ...before, ...changes };
  checkNetworkDriver(after.coe, after.networkDriver, settings.networkDrivers);
  checkVolumeDriver(after.coe, after.volumeDriver);
  const cloud = parts.cloud.of(caller);
  await checkNewNames(cloud, changes);
  if (changes.public !== undefined || changes.hidden !== undefined) checkPublishing(policy, caller);
  if (concernsDisk(changes)) await checkDisk(cloud, after, settings);
  await checkVolumeTypes(cloud, after.labels, before.labels);
};

export interface TemplateChange {
  readonly row: ClusterTemplateRow;
  readonly patch: PatchDocument;
  readonly typing: Typing;
  readonly rules?: PatchRules;
}

type Parts = Pick<
  ResourceParts,
  'aggregates' | 'clock' | 'cloud' | 'policy' | 'reads' | 'settings'
>;

/** `PATCH /clustertemplates/{id}` of a template that was found and may be changed. */
export const changeTemplate = async (
  parts: Parts,
  caller: RequestContext,
  { row, patch, typing, rules = templatePatchRules }: TemplateChange,
): Promise<ClusterTemplateRow> => {
  const before = toResponse(row, caller);
  const patched = applyPatch(before, patch, { rules, typing });
  const changes = toChanges(patched, changedAttributes(before, patched));
  await check(parts, caller, { before: row.template, changes });
  const at = parts.clock.now();
  const { uuid } = row.template;
  const clusterCount = countClustersOfTemplate(parts.reads.rows, uuid);
  const { events } = await parts.aggregates.clusterTemplate(
    uuid,
    { type: 'ChangeTemplate', data: { changes, clusterCount, at } },
    metadataOf(caller, newId()),
  );
  const template = { ...row.template, ...changes };
  return { ...row, template, updatedAt: events.length > 0 ? at : row.updatedAt };
};

const takesLabelsAway = (patch: PatchDocument): boolean => {
  const last = patch.filter(({ path }) => rootOf(path) === 'labels').at(-1);
  return last?.op === 'remove' && last.path === '/labels';
};

/** The reply to a patch. Labels that it took away show as null there, and empty ever after. */
export const toPatchReply = (
  row: ClusterTemplateRow,
  caller: RequestContext,
  { patch, shape }: { readonly patch: PatchDocument; readonly shape?: TemplateShape },
): Record<string, unknown> => {
  const shown = toResponse(row, caller, shape);
  return takesLabelsAway(patch) ? { ...shown, labels: null } : shown;
};
