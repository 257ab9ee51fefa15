import type { Settings } from '../cloud.js';
import type { Directory } from './directory.js';

/** The URL as a client is to use it. */
export const endpointUrl = (template: string, settings: Settings, projectId: string): string =>
  template
    .replace('$(base_url)s', settings.baseUrl)
    .replace('$(container_infra_url)s', settings.containerInfraUrl)
    .replace('$(project_id)s', projectId);

/** Services and endpoints. Those that need a project are left out when there is none. */
export const catalog = (
  directory: Directory,
  settings: Settings,
  projectId: string,
): readonly object[] =>
  directory.services
    .filter((service) => service.enabled)
    .map((service) => ({
      id: service.id,
      type: service.type,
      name: service.name,
      endpoints: directory.endpoints
        .where('service_id', service.id)
        .filter((row) => row.enabled && (projectId !== '' || !row.url.includes('$(project_id)s')))
        .map((row) => ({
          id: row.id,
          interface: row.interface,
          region: row.region_id,
          region_id: row.region_id,
          url: endpointUrl(row.url, settings, projectId),
        })),
    }));
