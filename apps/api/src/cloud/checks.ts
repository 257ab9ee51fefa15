import { Refused } from '@jeroboam/eventing/decider';
import type { Labels } from '@jeroboam/domain/cluster-template/events';
import type { CallerCloud } from './caller-cloud.js';

/** Things of the cloud a template or a cluster names. */
export interface CloudNames {
  readonly imageId?: string | null;
  readonly flavorId?: string | null;
  readonly masterFlavorId?: string | null;
  readonly externalNetworkId?: string | null;
  readonly fixedNetwork?: string | null;
  readonly fixedSubnet?: string | null;
}

/** All at once; the first in order that fails is the one the user hears of. */
const inOrder = async (checks: readonly Promise<unknown>[]): Promise<void> => {
  const results = await Promise.allSettled(checks);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
};

const named = <T>(
  name: string | null | undefined,
  look: (name: string) => Promise<T>,
): Promise<T>[] => (name === null || name === undefined ? [] : [look(name)]);

const imageWithDistro = async (cloud: CallerCloud, name: string): Promise<void> => {
  const { osDistro } = await cloud.image(name);
  if (osDistro === null)
    throw new Refused('invalid', `Image ${name} doesn't contain os_distro field.`);
};

/** Whether the caller can use everything named. Refusals as of {@link CallerCloud}. */
export const checkCloudNames = (cloud: CallerCloud, names: CloudNames): Promise<void> =>
  inOrder([
    ...named(names.imageId, (name) => imageWithDistro(cloud, name)),
    ...named(names.flavorId, (name) => cloud.flavor(name)),
    ...named(names.masterFlavorId, (name) => cloud.flavor(name)),
    ...named(names.externalNetworkId, (name) => cloud.externalNetwork(name)),
    ...named(names.fixedNetwork, (name) => cloud.fixedNetwork(name)),
    ...named(names.fixedSubnet, (name) => cloud.fixedSubnet(name)),
  ]);

const VOLUME_TYPES = ['boot_volume_type', 'docker_volume_type', 'etcd_volume_type'];

/**
 * Whether the caller can use the types of volumes that labels name. Those in `known` have been looked for
 * before. Refusals as of {@link CallerCloud}.
 */
export const checkVolumeTypes = (
  cloud: CallerCloud,
  labels: Labels,
  known: Labels = {},
): Promise<void> =>
  inOrder(
    VOLUME_TYPES.filter((label) => labels[label] !== known[label])
      .map((label) => labels[label] ?? '')
      .filter((name) => name !== '')
      .map((name) => cloud.volumeType(name)),
  );

/** GB of the volume nodes boot from, by label or by default; 0: they boot from the flavor's disk. */
export const bootVolumeSize = (labels: Labels, fallback: number): number => {
  const label = labels['boot_volume_size'];
  if (label === undefined) return fallback;
  if (!/^\s*[+-]?\d+\s*$/.test(label))
    throw new Refused('invalid', 'boot_volume_size must be an integer');
  return Number(label);
};

const checkFlavor = async (cloud: CallerCloud, name: string, size: number): Promise<void> => {
  const { diskGib } = await cloud.flavor(name);
  if (diskGib === 0 && size === 0)
    throw new Refused(
      'invalid',
      'Flavor with zero root volume size is not supported when boot_volume_size is zero.',
    );
};

/** Nodes need a disk: a volume of some size, or a flavor that has one. */
export const checkRootVolume = (
  cloud: CallerCloud,
  flavors: readonly (string | null)[],
  size: number,
): Promise<void> =>
  size > 0
    ? Promise.resolve()
    : inOrder(flavors.flatMap((flavor) => named(flavor, (name) => checkFlavor(cloud, name, size))));
