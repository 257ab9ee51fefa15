import { Refused } from '@jeroboam/eventing/decider';
import type { Coe } from '@jeroboam/domain/cluster-template/events';
import type { ResourceSettings } from '../resource-parts.js';

interface CoeRules {
  readonly networkDrivers: readonly string[];
  readonly volumeDrivers: readonly string[];
}

const rexray = ['rexray'];

/** What each orchestration engine takes; the first network driver is the default. */
const RULES: Readonly<Record<Coe, CoeRules>> = {
  kubernetes: { networkDrivers: ['flannel', 'calico', 'cilium'], volumeDrivers: ['cinder'] },
  swarm: { networkDrivers: ['docker', 'flannel'], volumeDrivers: rexray },
  'swarm-mode': { networkDrivers: ['docker'], volumeDrivers: rexray },
  mesos: { networkDrivers: ['docker'], volumeDrivers: rexray },
  dcos: { networkDrivers: ['docker'], volumeDrivers: rexray },
};

type NetworkSettings = ResourceSettings['networkDrivers'];

export const defaultNetworkDriver = (coe: Coe, settings: NetworkSettings): string | null =>
  coe === 'kubernetes' ? settings.default : (RULES[coe].networkDrivers[0] ?? null);

const choices = (drivers: readonly string[]): string => [...drivers, 'unspecified'].join('/');

const invalid = (message: string): Refused => new Refused('invalid', message);

/** @param driver `null`: unspecified, which every engine takes */
export const checkNetworkDriver = (
  coe: Coe,
  driver: string | null,
  { allowed }: NetworkSettings,
): void => {
  if (driver === null) return;
  const { networkDrivers } = RULES[coe];
  const expecting = (drivers: readonly string[]): string =>
    `expecting a ${choices(drivers)} network driver.`;
  if (!networkDrivers.includes(driver))
    throw invalid(`Network driver type ${driver} is not supported, ${expecting(networkDrivers)}`);
  if (coe !== 'kubernetes' || allowed.includes('all') || allowed.includes(driver)) return;
  throw invalid(`Network driver type ${driver} is not allowed, ${expecting(allowed)} `);
};

export const checkVolumeDriver = (coe: Coe, driver: string | null): void => {
  const { volumeDrivers } = RULES[coe];
  if (driver === null || volumeDrivers.includes(driver)) return;
  throw invalid(
    `Volume driver type ${driver} is not supported, expecting a ${choices(volumeDrivers)} volume driver.`,
  );
};

const DEVICEMAPPER_MIN_GB = 3;

/** The storage driver `devicemapper` needs room. */
export const checkVolumeSize = (size: number | null, storageDriver: string | null): void => {
  if (storageDriver !== 'devicemapper' || (size ?? 0) >= DEVICEMAPPER_MIN_GB) return;
  throw invalid(
    `docker volume size ${size ?? 'None'} GB is not valid, expecting minimum value ` +
      `${DEVICEMAPPER_MIN_GB}GB for devicemapper storage driver.`,
  );
};
