import type { FastifyInstance } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud, TokenContext } from '../cloud.js';
import { text } from '../http/fields.js';
import { param } from '../query.js';
import { notFound, unknownNetwork, unknownPort, unknownRouter, unknownSubnet } from './errors.js';
import type { Neutron } from './neutron.js';
import { resource } from './resource.js';
import type * as n from './types.js';

/**
 * Neutron v2.0, under `/network`. Bodies are taken for what they should be: names that are none are refused where the
 * documents are filled.
 */
export const neutronRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { neutron } = cloud;
  versions(app, cloud);
  extensions(app);
  networkRoutes(app, neutron);
  portRoutes(app, neutron);
  routerRoutes(app, neutron);
  groupRoutes(app, neutron);
  quotaRoutes(app);
};

const networkRoutes = (app: FastifyInstance, neutron: Neutron): void => {
  const { networks, subnets } = neutron.networks;
  const reachable = (row: n.Network): boolean => row.shared || row['router:external'];
  resource<n.Network>(app, {
    key: 'network',
    plural: 'networks',
    rows: () => networks.all(),
    get: (id) => networks.get(id) ?? refuse(unknownNetwork(id)),
    create: (caller, body) => neutron.createNetwork(caller, body),
    update: (id, body) => neutron.updateNetwork(id, body),
    remove: (id) => {
      neutron.deleteNetwork(id);
    },
    open: reachable,
    hidden: ['provider:network_type', 'provider:physical_network', 'provider:segmentation_id'],
    adminFields: [
      'shared',
      'router:external',
      'provider:network_type',
      'provider:physical_network',
    ],
  });
  resource<n.Subnet>(app, {
    key: 'subnet',
    plural: 'subnets',
    rows: () => subnets.all(),
    get: (id) => subnets.get(id) ?? refuse(unknownSubnet(id)),
    create: (caller, body) =>
      neutron.createSubnet(caller, body as n.Wish<n.Subnet, 'network_id' | 'cidr'>),
    update: (id, body) => neutron.updateSubnet(id, body),
    remove: (id) => {
      neutron.deleteSubnet(id);
    },
    open: (row) => networks.get(row.network_id)?.shared ?? false,
  });
};

const portRoutes = (app: FastifyInstance, neutron: Neutron): void => {
  const { ports, floatingIps } = neutron;
  resource<n.Port>(app, {
    key: 'port',
    plural: 'ports',
    rows: () => ports.rows.all(),
    get: (id) => ports.rows.get(id) ?? refuse(unknownPort(id)),
    create: (caller, body) => neutron.createPort(caller, body as n.PortWish),
    update: (id, body) => neutron.updatePort(id, body),
    remove: (id) => {
      neutron.deletePort(id);
    },
  });
  resource<n.FloatingIp>(app, {
    key: 'floatingip',
    plural: 'floatingips',
    rows: () => floatingIps.rows.all(),
    get: (id) => floatingIps.floatingIp(id),
    create: (caller, body) =>
      neutron.createFloatingIp(caller, body as n.Wish<n.FloatingIp, 'floating_network_id'>),
    update: (id, body) => neutron.updateFloatingIp(id, body),
    remove: (id) => {
      neutron.deleteFloatingIp(id);
    },
    shown: (row) => ({
      ...row,
      port_details: null,
      dns_name: '',
      dns_domain: '',
      qos_policy_id: null,
    }),
  });
};

const routerRoutes = (app: FastifyInstance, neutron: Neutron): void => {
  const { rows } = neutron.routers;
  resource<n.Router>(app, {
    key: 'router',
    plural: 'routers',
    rows: () => rows.all(),
    get: (id) => rows.get(id) ?? refuse(unknownRouter(id)),
    create: (caller, body) => neutron.createRouter(caller, body),
    update: (id, body) => neutron.updateRouter(id, body),
    remove: (id) => {
      neutron.deleteRouter(id);
    },
  });
  const answer = (routerId: string, port: n.Port): object => {
    const subnetId = port.fixed_ips[0]?.subnet_id;
    return {
      id: routerId,
      tenant_id: port.tenant_id,
      project_id: port.project_id,
      port_id: port.id,
      network_id: port.network_id,
      subnet_id: subnetId,
      subnet_ids: port.fixed_ips.map((ip) => ip.subnet_id),
    };
  };
  for (const action of ['addRouterInterface', 'removeRouterInterface'] as const) {
    const path =
      action === 'addRouterInterface' ? 'add_router_interface' : 'remove_router_interface';
    app.put(`/v2.0/routers/:id/${path}`, ({ body, ...request }) => {
      const id = (request.params as { id: string }).id;
      const router = rows.get(id);
      const { caller } = request;
      if (!router || (router.project_id !== caller.projectId && !caller.isAdmin))
        throw unknownRouter(id);
      return answer(id, neutron[action](id, interfaceOf(body)));
    });
  }
};

const interfaceOf = (body: unknown): n.RouterInterface => {
  const [subnet, port] = [text(body, 'subnet_id'), text(body, 'port_id')];
  return {
    ...(subnet === undefined ? {} : { subnet_id: subnet }),
    ...(port === undefined ? {} : { port_id: port }),
  };
};

const groupRoutes = (app: FastifyInstance, neutron: Neutron): void => {
  const { groups } = neutron;
  // A project that looks at its groups has the one every project has.
  app.addHook('onRequest', (request, _reply, done) => {
    const { caller } = request as { readonly caller?: TokenContext };
    if (caller?.projectId && request.url.includes('/security-groups')) groups.defaultOf(caller);
    done();
  });
  resource<n.SecurityGroup>(app, {
    key: 'security_group',
    plural: 'security-groups',
    rows: () => groups.rows.all(),
    get: (id) => groups.group(id),
    create: (caller, body) => neutron.createSecurityGroup(caller, body),
    update: (id, body) => neutron.updateSecurityGroup(id, body),
    remove: (id) => {
      neutron.deleteSecurityGroup(id);
    },
    shown: (row) => ({ ...row, security_group_rules: groups.rulesOf(row.id) }),
  });
  resource<n.SecurityGroupRule>(app, {
    key: 'security_group_rule',
    plural: 'security-group-rules',
    rows: () => groups.rules.all(),
    get: (id) => groups.rule(id),
    create: (caller, body) =>
      neutron.createSecurityGroupRule(
        caller,
        body as n.Wish<n.SecurityGroupRule, 'security_group_id' | 'direction'>,
      ),
    remove: (id) => {
      neutron.deleteSecurityGroupRule(id);
    },
  });
};

const refuse = (error: Error): never => {
  throw error;
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  router: 'Neutron L3 Router',
  'external-net': 'Neutron external network',
  'security-group': 'security-group',
  provider: 'Provider Network',
  'allowed-address-pairs': 'Allowed Address Pairs',
  'port-security': 'Port Security',
  binding: 'Port Binding',
  quotas: 'Quota management support',
  extra_dhcp_opt: 'Neutron Extra DHCP options',
  'standard-attr-tag': 'Tag support for resources with standard attribute',
  'project-id': 'project_id field enabled',
};

const extensions = (app: FastifyInstance): void => {
  const shown = (alias: string): object => ({
    alias,
    name: EXTENSIONS[alias],
    description: EXTENSIONS[alias],
    updated: '2016-01-01T00:00:00-00:00',
    links: [],
  });
  app.get('/v2.0/extensions', () => ({ extensions: Object.keys(EXTENSIONS).map(shown) }));
  app.get('/v2.0/extensions/:alias', (request) => {
    const alias = param(request, 'alias');
    if (!(alias in EXTENSIONS))
      throw notFound('HTTPNotFound', `Extension with alias ${alias} does not exist`);
    return { extension: shown(alias) };
  });
  app.get('/v2.0/availability_zones', () => ({
    availability_zones: ['network', 'router'].map((kind) => ({
      name: 'nova',
      resource: kind,
      state: 'available',
    })),
  }));
};

const quotaRoutes = (app: FastifyInstance): void => {
  const unlimited = Object.fromEntries(
    [
      'network',
      'subnet',
      'port',
      'router',
      'floatingip',
      'security_group',
      'security_group_rule',
    ].map((name) => [name, -1]),
  );
  app.get('/v2.0/quotas/:project', () => ({ quota: unlimited }));
  app.get('/v2.0/agents', () => ({ agents: [] }));
  app.get('/v2.0/service-providers', () => ({ service_providers: [] }));
};

const versions = (app: FastifyInstance, cloud: Cloud): void => {
  const href = (): string => `${cloud.settings.baseUrl}/network/v2.0/`;
  app.get('/', PUBLIC, () => ({
    versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: href() }] }],
  }));
  app.get('/v2.0', () => ({
    resources: ['networks', 'subnets', 'ports', 'routers', 'floatingips'].map((name) => ({
      name: name.slice(0, -1),
      collection: name,
      links: [{ rel: 'self', href: href() + name }],
    })),
  }));
};
