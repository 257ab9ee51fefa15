import { ValidationFailed } from '../heat-error.js';
import type { Environment } from '../template/environment.js';
import { resolveType } from '../template/environment.js';
import { cinderKinds } from './cinder.js';
import type { Kind } from './kind.js';
import { networkKinds } from './neutron-network.js';
import { portKinds } from './neutron-port.js';
import { securityKinds } from './neutron-security.js';
import { novaKinds } from './nova.js';
import { octaviaKinds } from './octavia.js';
import { softwareKinds } from './software.js';
import { valueKinds } from './values.js';

export const kinds: Readonly<Record<string, Kind>> = {
  ...cinderKinds,
  ...networkKinds,
  ...portKinds,
  ...securityKinds,
  ...novaKinds,
  ...octaviaKinds,
  ...softwareKinds,
  ...valueKinds,
};

export const GROUP = 'OS::Heat::ResourceGroup';

/** What stands behind a resource's type. */
export type Sort =
  | { readonly sort: 'plain'; readonly kind: Kind }
  | { readonly sort: 'group' }
  | { readonly sort: 'template'; readonly url: string };

const isTemplate = (type: string): boolean =>
  /\.(yaml|template)$/.test(type) || /^(file|https?):\/\//.test(type);

/** @throws ValidationFailed for a type that there is not */
export const sortOf = (
  resource: { readonly type: string; readonly name: string },
  environment: Environment,
): Sort => {
  const type = resolveType(resource.type, resource.name, environment.registry);
  if (type === GROUP) return { sort: 'group' };
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind) return { sort: 'plain', kind };
  if (isTemplate(type)) return { sort: 'template', url: type };
  throw new ValidationFailed(`The Resource Type (${type}) could not be found.`);
};
