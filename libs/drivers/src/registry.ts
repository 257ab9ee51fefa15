import { DriverFault, type ClusterDriver, type ClusterType } from './driver.js';
import { kubernetesOnFedoraCoreos } from './k8s_fedora_coreos_v1/driver.js';
import { swarmOnFedoraAtomic } from './swarm_fedora_atomic_v1/driver.js';

/** All drivers. Where two provide the same type of cluster, the first one is taken. */
export const DRIVERS: readonly ClusterDriver[] = [kubernetesOnFedoraCoreos, swarmOnFedoraAtomic];

/** The driver of that name. @throws {@link DriverFault} when there is none. */
export const driverNamed = (
  name: string,
  drivers: readonly ClusterDriver[] = DRIVERS,
): ClusterDriver => {
  const driver = drivers.find((candidate) => candidate.name === name);
  if (!driver) throw new DriverFault(`Cluster driver (${name}) not supported.`);
  return driver;
};

/** The driver for a type of cluster. @throws {@link DriverFault} when there is none. */
export const driverFor = (
  { serverType, os, coe }: ClusterType,
  drivers: readonly ClusterDriver[] = DRIVERS,
): ClusterDriver => {
  const driver = drivers.find(({ provides }) =>
    provides.some((type) => type.serverType === serverType && type.os === os && type.coe === coe),
  );
  if (!driver) {
    throw new DriverFault(`Cluster type (${serverType}, ${os ?? 'None'}, ${coe}) not supported.`);
  }
  return driver;
};
