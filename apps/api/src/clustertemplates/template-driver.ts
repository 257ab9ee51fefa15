import { Refused } from '@jeroboam/eventing/decider';
import { DriverFault, type ClusterDriver, type ClusterType } from '@jeroboam/drivers/driver';
import { driverFor, driverNamed, DRIVERS } from '@jeroboam/drivers/registry';
import type { ResourceSettings } from '../resource-parts.js';

/** What a driver refuses is the user's mistake. */
export const asRefusal = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof DriverFault ? new Refused('invalid', error.message) : error;
  }
};

/** Drivers that new templates and clusters may have. */
const enabled = ({ disabledDrivers }: ResourceSettings): readonly ClusterDriver[] =>
  DRIVERS.filter(({ name }) => !disabledDrivers.includes(name));

/** What a driver is looked for by. */
export interface WantedDriver extends ClusterType {
  readonly name: string | null;
}

/** The named driver; without a name, the one for the type. 400 when there is none. */
export const chooseDriver = (
  { name, ...type }: WantedDriver,
  settings: ResourceSettings,
): ClusterDriver => {
  const drivers = enabled(settings);
  return asRefusal(() => (name === null ? driverFor(type, drivers) : driverNamed(name, drivers)));
};

/** The driver that builds a cluster: the template's own if it can, else the one that can. 400. */
export const buildingDriver = (
  { name, ...type }: WantedDriver,
  settings: ResourceSettings,
): ClusterDriver => {
  const drivers = enabled(settings);
  const fitting = asRefusal(() => driverFor(type, drivers));
  if (name === null) return fitting;
  const own = asRefusal(() => driverNamed(name, drivers));
  const isFor = own.provides.some(
    ({ serverType, os, coe }) =>
      serverType === type.serverType && os === type.os && coe === type.coe,
  );
  return isFor ? own : fitting;
};
