import { BarbicanClient } from './barbican/client.js';
import type { Barbican } from './barbican/port.js';
import { CinderClient } from './cinder/client.js';
import type { Cinder } from './cinder/port.js';
import { GlanceClient } from './glance/client.js';
import type { Glance } from './glance/port.js';
import { HeatClient } from './heat/client.js';
import type { Heat } from './heat/port.js';
import { CloudHttp } from './http/cloud-http.js';
import type { CloudConfig } from './http/config.js';
import { KeystoneClient } from './keystone/client.js';
import type { Keystone } from './keystone/port.js';
import { NeutronClient } from './neutron/client.js';
import type { Neutron } from './neutron/port.js';
import { NovaClient } from './nova/client.js';
import type { Nova } from './nova/port.js';
import { OctaviaClient } from './octavia/client.js';
import type { Octavia } from './octavia/port.js';

/** All services of one cloud. */
export interface Cloud {
  readonly keystone: Keystone;
  readonly heat: Heat;
  readonly barbican: Barbican;
  readonly nova: Nova;
  readonly glance: Glance;
  readonly neutron: Neutron;
  readonly cinder: Cinder;
  readonly octavia: Octavia;
}

/** Clients of all services over one set of connections, which `close` ends. Connects on first use. */
export const connectCloud = (
  config: CloudConfig,
): Cloud & { readonly http: CloudHttp; readonly close: () => Promise<void> } => {
  const { caFile, timeoutMs } = config;
  const http = new CloudHttp({ caFile, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return {
    http,
    keystone: new KeystoneClient(http, config),
    heat: new HeatClient(http),
    barbican: new BarbicanClient(http),
    nova: new NovaClient(http),
    glance: new GlanceClient(http),
    neutron: new NeutronClient(http),
    cinder: new CinderClient(http),
    octavia: new OctaviaClient(http),
    close: async () => {
      await http.close();
    },
  };
};
