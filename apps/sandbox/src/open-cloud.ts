import { Barbican } from './barbican/barbican.js';
import { Cinder } from './cinder/cinder.js';
import type { Cloud, Settings } from './cloud.js';
import { Documents } from './documents.js';
import { Faults } from './control/faults.js';
import { Glance } from './glance/glance.js';
import { Keystone } from './keystone/keystone.js';
import { Neutron } from './neutron/neutron.js';
import { Nova } from './nova/nova.js';
import { Octavia } from './octavia/octavia.js';
import { seed } from './seed/seed.js';

/** Opens the cloud kept in a file (or `:memory:`), and seeds what is missing. */
export const openCloud = (file: string, settings: Settings): Cloud => {
  const documents = new Documents(file);
  const neutron = new Neutron(documents);
  const glance = new Glance(documents);
  const cinder = new Cinder(documents, settings);
  const cloud: Cloud = {
    settings,
    documents,
    faults: new Faults(),
    keystone: new Keystone(documents, settings),
    barbican: new Barbican(documents),
    glance,
    neutron,
    cinder,
    nova: new Nova(documents, settings, { neutron, glance, cinder }),
    octavia: new Octavia(documents, settings, neutron),
  };
  seed(cloud);
  return cloud;
};
