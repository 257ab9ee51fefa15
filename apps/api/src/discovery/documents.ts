import { Microversion } from '../http/microversion/microversion.js';
import type { Link, Links } from '../http/routing/links.js';

/** `GET /`: the versions there are. */
export const versionsDocument = (links: Links, max: Microversion): object => ({
  name: 'OpenStack Magnum API',
  description: 'Magnum is an OpenStack project which aims to provide container cluster management.',
  versions: [
    {
      id: 'v1',
      links: [{ href: `${links.host}/v1/`, rel: 'self' }],
      status: 'CURRENT',
      max_version: max.toString(),
      min_version: Microversion.min.toString(),
    },
  ],
});

/** Collections of version 1 in the order of the document; the braces are literal. */
const collections: readonly (readonly [name: string, path: string])[] = [
  ['clustertemplates', 'clustertemplates/'],
  ['clusters', 'clusters/'],
  ['quotas', 'quotas/'],
  ['certificates', 'certificates/'],
  ['mservices', 'mservices/'],
  ['stats', 'stats/'],
  ['federations', 'federations/'],
  ['nodegroups', 'clusters/{cluster_id}/nodegroups'],
  ['credentials', 'credentials/'],
];

/** `GET /v1`: where the collections are. */
export const versionOneDocument = (links: Links): object => ({
  id: 'v1',
  media_types: [{ base: 'application/json', type: 'application/vnd.openstack.magnum.v1+json' }],
  links: [
    { href: `${links.host}/v1/`, rel: 'self' },
    {
      href: 'http://docs.openstack.org/developer/magnum/dev/api-spec-v1.html',
      rel: 'describedby',
      type: 'text/html',
    },
  ],
  ...Object.fromEntries(
    collections.map(([name, path]): [string, Link[]] => [name, links.of(path)]),
  ),
});
