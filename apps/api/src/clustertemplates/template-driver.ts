import { Refused } from '@jeroboam/eventing/decider';
import { DriverFault, type ClusterDriver, type ClusterType } from '@jeroboam/drivers/driver';
import { driverFor, driverNamed } from '@jeroboam/drivers/registry';

/** What a driver refuses is the user's mistake. */
export const asRefusal = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof DriverFault ? new Refused('invalid', error.message) : error;
  }
};

/** The named driver; without a name, the one for the type. 400 when there is none. */
export const chooseDriver = (name: string | null, type: ClusterType): ClusterDriver =>
  asRefusal(() => (name === null ? driverFor(type) : driverNamed(name)));

/** The driver that builds a cluster: the template's own if it can, else the one that can. 400. */
export const buildingDriver = (name: string | null, type: ClusterType): ClusterDriver => {
  const fitting = asRefusal(() => driverFor(type));
  if (name === null) return fitting;
  const own = asRefusal(() => driverNamed(name));
  const isFor = own.provides.some(
    ({ serverType, os, coe }) =>
      serverType === type.serverType && os === type.os && coe === type.coe,
  );
  return isFor ? own : fitting;
};
