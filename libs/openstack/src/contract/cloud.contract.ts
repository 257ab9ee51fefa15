import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { barbicanContract } from '../barbican/barbican.contract.js';
import { cinderContract } from '../cinder/cinder.contract.js';
import { glanceContract } from '../glance/glance.contract.js';
import { heatContract } from '../heat/heat.contract.js';
import { keystoneContract } from '../keystone/keystone.contract.js';
import { neutronContract } from '../neutron/neutron.contract.js';
import { novaContract } from '../nova/nova.contract.js';
import { octaviaContract } from '../octavia/octavia.contract.js';
import type { CloudUnderTest } from './cloud-under-test.js';

/** What every cloud must do for us: one that is real, the sandbox, and the fakes. */
export const cloudContract = (name: string, open: () => Promise<CloudUnderTest>): void => {
  describe(name, () => {
    jest.setTimeout(120_000);
    let cloud: CloudUnderTest;
    const opened = (): CloudUnderTest => cloud;
    beforeAll(async () => {
      cloud = await open();
    });
    afterAll(async () => {
      await cloud.close();
    });

    keystoneContract(opened);
    heatContract(opened);
    barbicanContract(opened);
    novaContract(opened);
    glanceContract(opened);
    neutronContract(opened);
    cinderContract(opened);
    octaviaContract(opened);
  });
};
