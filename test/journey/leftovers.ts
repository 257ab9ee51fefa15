import type { OpenstackClient } from './openstack-client.js';

/** What exists in the cloud because of clusters, by kind: names or ids. */
export type Leftovers = Readonly<Record<string, readonly string[]>>;

/**
 * Looks, as administrator, for all that clusters may leave behind: stacks of the user's project,
 * servers, load balancers, trusts to the service account and from it on, trustees, secrets, containers.
 */
export const whatExists = async (
  admin: OpenstackClient,
  user: OpenstackClient,
  service: OpenstackClient,
): Promise<Leftovers> => {
  const column = async (client: OpenstackClient, name: string, ...command: readonly string[]) =>
    (await client.list(...command)).map((row) => String(row[name])).sort();
  return {
    stacks: await column(user, 'Stack Name', 'stack', 'list'),
    servers: await column(user, 'Name', 'server', 'list'),
    volumes: await column(user, 'ID', 'volume', 'list'),
    routers: await column(user, 'Name', 'router', 'list'),
    floatingIps: await column(user, 'ID', 'floating', 'ip', 'list'),
    trusts: await column(admin, 'ID', 'trust', 'list'),
    trustees: await column(admin, 'Name', 'user', 'list', '--domain', 'jeroboam'),
    secrets: await column(service, 'Secret href', 'secret', 'list', '--limit', '1000'),
    containers: await column(
      service,
      'Container href',
      'secret',
      'container',
      'list',
      '--limit',
      '1000',
    ),
  };
};
