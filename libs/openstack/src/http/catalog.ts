import { type CloudService, CloudUnavailable } from './errors.js';
import type { CatalogEntry, EndpointInterface, Session } from './session.js';

/** Which endpoint of a catalog to choose. */
export interface EndpointChoice {
  readonly region: string | null;
  readonly interface: EndpointInterface;
}

/** Types under which catalogs know a service, the present one first (service-types authority). */
export const SERVICE_TYPES: Readonly<Record<CloudService, readonly string[]>> = {
  identity: ['identity'],
  orchestration: ['orchestration'],
  'key-manager': ['key-manager'],
  compute: ['compute'],
  image: ['image'],
  network: ['network'],
  volume: ['block-storage', 'volumev3', 'block-store'],
  'load-balancer': ['load-balancer'],
};

/** URL without a trailing slash of the first type that has one; `null` when there is none. */
export const findEndpoint = (
  catalog: readonly CatalogEntry[],
  types: readonly string[],
  choice: EndpointChoice,
): string | null => {
  for (const type of types) {
    const endpoint = catalog
      .filter((entry) => entry.type === type)
      .flatMap((entry) => entry.endpoints)
      .find(
        ({ interface: kind, region }) =>
          kind === choice.interface && (choice.region === null || region === choice.region),
      );
    if (endpoint) return endpoint.url.replace(/\/+$/, '');
  }
  return null;
};

/** {@link findEndpoint} that fails with CloudUnavailable. */
export const endpointOf = (
  catalog: readonly CatalogEntry[],
  types: readonly string[],
  choice: EndpointChoice,
): string => {
  const url = findEndpoint(catalog, types, choice);
  if (url !== null) return url;
  const where = choice.region === null ? '' : ` in region ${choice.region}`;
  throw new CloudUnavailable(
    `The catalog has no ${choice.interface} endpoint of type ${types.join(' or ')}${where}`,
    { service: serviceOf(types), status: null, requestId: null },
  );
};

/** Whether the session's catalog has the service. Errors: those of getting a token. */
export const isOffered = async (as: Session, service: CloudService): Promise<boolean> => {
  await as.access();
  try {
    await as.endpoint(SERVICE_TYPES[service]);
    return true;
  } catch (error) {
    if (error instanceof CloudUnavailable && error.service === service) return false;
    throw error;
  }
};

const serviceOf = (types: readonly string[]): CloudService => {
  const known = Object.entries(SERVICE_TYPES).find(([, names]) =>
    names.some((name) => types.includes(name)),
  );
  return (known?.[0] ?? 'identity') as CloudService;
};

/** `url` with the version at its end; catalogs have it with some services and without with others. */
export const withVersion = (url: string, version: string): string =>
  /\/v\d+(\.\d+)?(\/[^/]+)?$/.test(url) ? url : `${url}/${version}`;
