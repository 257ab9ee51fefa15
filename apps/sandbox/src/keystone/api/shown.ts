import type { Settings } from '../../cloud.js';
import { endpointUrl } from '../catalog.js';
import type { Directory } from '../directory.js';
import type * as k from '../types.js';

/** Documents as Keystone shows them: with links, without secrets. */
export class Shown {
  constructor(
    private readonly settings: Settings,
    private readonly directory: Directory,
  ) {}

  get root(): string {
    return `${this.settings.baseUrl}/identity/v3`;
  }

  private self(path: string): { readonly self: string } {
    return { self: `${this.root}/${path}` };
  }

  domain = (row: k.Domain): object => ({
    ...row,
    options: {},
    tags: [],
    links: this.self(`domains/${row.id}`),
  });

  project = (row: k.Project): object => ({
    ...row,
    is_domain: false,
    options: {},
    tags: [],
    links: this.self(`projects/${row.id}`),
  });

  user = (row: k.User): object => ({
    id: row.id,
    name: row.name,
    domain_id: row.domain_id,
    enabled: row.enabled,
    options: row.options,
    password_expires_at: null,
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.default_project_id === null ? {} : { default_project_id: row.default_project_id }),
    links: this.self(`users/${row.id}`),
  });

  role = (row: k.Role): object => ({
    ...row,
    options: {},
    links: this.self(`roles/${row.id}`),
  });

  service = (row: k.Service): object => ({ ...row, links: this.self(`services/${row.id}`) });

  endpoint = (row: k.Endpoint): object => ({
    ...row,
    url: endpointUrl(row.url, this.settings, '$(project_id)s'),
    region: row.region_id,
    links: this.self(`endpoints/${row.id}`),
  });

  /** Lists leave the roles out, as Keystone's do. */
  trust = (row: k.Trust, withRoles: boolean): object => {
    const { role_ids, ...rest } = row;
    const path = `OS-TRUST/trusts/${row.id}`;
    const roles = role_ids.flatMap((id) => this.directory.roles.get(id) ?? []);
    return {
      ...rest,
      deleted_at: null,
      ...(withRoles ? { roles: roles.map(this.role) } : {}),
      roles_links: { ...this.self(`${path}/roles`), next: null, previous: null },
      links: this.self(path),
    };
  };

  credential = (row: k.ApplicationCredential): object => ({
    id: row.id,
    name: row.name,
    description: row.description,
    project_id: row.project_id,
    user_id: row.user_id,
    expires_at: row.expires_at,
    unrestricted: row.unrestricted,
    ...(row.access_rules ? { access_rules: row.access_rules } : {}),
    system: null,
    roles: row.role_ids
      .flatMap((id) => this.directory.roles.get(id) ?? [])
      .map(({ id, name, domain_id }) => ({ id, name, domain_id })),
    links: this.self(`users/${row.user_id}/application_credentials/${row.id}`),
  });

  /** A collection under its key, with the links a list has. */
  list(key: string, path: string, rows: readonly object[]): object {
    return { [key]: rows, links: { next: null, ...this.self(path), previous: null } };
  }
}
