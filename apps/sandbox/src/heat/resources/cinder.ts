import type { JsonMap } from '../json.js';
import { mapOf, mapValues, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { ResourceError, physicalName } from './kind.js';
import { idOf, shown } from './neutron-network.js';
import { boolean, integer, map, text } from './property.js';

const showVolume = (site: Site): JsonMap => {
  const found = site.cloud.cinder.volume(idOf(site));
  const fields = shown(found);
  return {
    ...fields,
    size: String(found.size),
    display_name: found.name,
    display_description: found.description,
    snapshot_id: null,
    source_volid: null,
    bootable: 'false',
    metadata_values: { ...found.metadata },
    encrypted: 'False',
    attachments_list: fields.attachments ?? [],
    multiattach: 'False',
  };
};

const volume: Kind = {
  properties: {
    availability_zone: text(),
    size: integer({ update: true, range: { min: 1 } }),
    snapshot_id: text(),
    backup_id: text({ update: true }),
    name: text({ update: true }),
    description: text({ update: true }),
    volume_type: text({ update: true, is: 'cinder.vtype' }),
    metadata: map({ update: true, default: {} }),
    image: text({ is: 'glance.image' }),
    source_volid: text({ is: 'cinder.volume' }),
    scheduler_hints: map(),
    read_only: boolean({ update: true }),
  },
  attributes: [
    'availability_zone',
    'size',
    'snapshot_id',
    'display_name',
    'display_description',
    'volume_type',
    'metadata',
    'source_volid',
    'status',
    'created_at',
    'bootable',
    'metadata_values',
    'encrypted',
    'attachments',
    'attachments_list',
    'multiattach',
  ],
  call: { service: 'cinder', path: '/volumes' },
  create: (site) => {
    const { properties } = site;
    const made = site.cloud.cinder.createVolume(site.owner, {
      name: toText(properties.name) || physicalName(site.stack.name, site.resource.name),
      description: toText(properties.description) || null,
      size: Number(properties.size ?? 1),
      volume_type: toText(properties.volume_type) || null,
      availability_zone: toText(properties.availability_zone) || null,
      metadata: mapValues(mapOf(properties.metadata), toText),
      imageRef: toText(properties.image) || null,
    });
    return { physicalId: made.id, readyAt: made.ready_at };
  },
  fault: (site) =>
    site.cloud.cinder.volume(idOf(site)).status === 'error'
      ? new ResourceError('ResourceInError', 'Went to status error due to "Unknown"')
      : undefined,
  replaces: (site, changed) =>
    changed.size !== undefined && Number(changed.size) < site.cloud.cinder.volume(idOf(site)).size,
  update: (site, changed) => {
    if (changed.size === undefined) return undefined;
    return site.cloud.cinder.extendVolume(idOf(site), Number(changed.size)).ready_at;
  },
  delete: (site) => {
    site.cloud.cinder.deleteVolume(idOf(site));
  },
  show: showVolume,
};

const attach = (site: Site): string => {
  const volumeId = toText(site.properties.volume_id);
  const serverId = toText(site.properties.instance_uuid);
  const attached = site.cloud.nova.attachVolume(serverId, volumeId);
  const attachment = attached.attachments.find((one) => one.server_id === serverId);
  return attachment?.attachment_id ?? volumeId;
};

const attachment: Kind = {
  properties: {
    instance_uuid: text({ required: true, update: true }),
    volume_id: text({ required: true, update: true, is: 'cinder.volume' }),
    mountpoint: text({ update: true }),
  },
  attributes: [],
  call: { service: 'nova', path: '/servers/os-volume_attachments' },
  create: (site) => ({ physicalId: attach(site) }),
  replaces: (_site, changed) =>
    changed.instance_uuid !== undefined || changed.volume_id !== undefined,
  update: () => undefined,
  delete: (site) => {
    site.cloud.nova.detachVolume(
      toText(site.resource.properties.instance_uuid),
      toText(site.resource.properties.volume_id),
    );
  },
};

export const cinderKinds: Readonly<Record<string, Kind>> = {
  'OS::Cinder::Volume': volume,
  'OS::Cinder::VolumeAttachment': attachment,
};
