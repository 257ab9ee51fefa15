import type { FastifyInstance } from 'fastify';
import { barbicanRoutes } from '../barbican/routes.js';
import { cinderRoutes } from '../cinder/routes.js';
import type { Cloud } from '../cloud.js';
import { glanceRoutes } from '../glance/routes.js';
import { heatRoutes } from '../heat/routes.js';
import { keystoneRoutes } from '../keystone/routes.js';
import { neutronRoutes } from '../neutron/routes.js';
import { novaRoutes } from '../nova/routes.js';
import { octaviaRoutes } from '../octavia/routes.js';

export interface Service {
  /** As the catalog and fault rules call it. */
  readonly name: string;
  /** Types under which the catalog lists it. */
  readonly types: readonly string[];
  /** First part of every path. */
  readonly prefix: string;
  /** What the catalog adds to the prefix. */
  readonly version: string;

  readonly routes: (app: FastifyInstance, cloud: Cloud) => void;
}

/** Everything that is mounted, each under its own prefix of the one port. */
export const SERVICES: readonly Service[] = [
  {
    name: 'keystone',
    types: ['identity'],
    prefix: '/identity',
    version: '',
    routes: keystoneRoutes,
  },
  {
    name: 'barbican',
    types: ['key-manager'],
    prefix: '/key-manager',
    version: '',
    routes: barbicanRoutes,
  },
  {
    name: 'heat',
    types: ['orchestration'],
    prefix: '/orchestration',
    version: '/v1/$(project_id)s',
    routes: heatRoutes,
  },
  { name: 'glance', types: ['image'], prefix: '/image', version: '', routes: glanceRoutes },
  { name: 'nova', types: ['compute'], prefix: '/compute', version: '/v2.1', routes: novaRoutes },
  { name: 'neutron', types: ['network'], prefix: '/network', version: '', routes: neutronRoutes },
  {
    name: 'cinder',
    types: ['volumev3', 'block-storage'],
    prefix: '/volume',
    version: '/v3/$(project_id)s',
    routes: cinderRoutes,
  },
  {
    name: 'octavia',
    types: ['load-balancer'],
    prefix: '/load-balancer',
    version: '',
    routes: octaviaRoutes,
  },
];

/** `nova` of `/compute/v2.1/servers`, and the path behind the prefix. */
export const serviceOf = (url: string): { readonly service: string; readonly path: string } => {
  const path = url.split('?')[0] ?? '';
  const found = SERVICES.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
  return found
    ? { service: found.name, path: path.slice(found.prefix.length) }
    : { service: '', path };
};
