import {
  instant,
  instantOrNull,
  integer,
  type Json,
  object,
  objects,
  text,
  textOrNull,
  texts,
} from '../http/json.js';
import type { Access, CatalogEntry, EndpointInterface } from '../http/session.js';
import type { AccessRule, Named, Role, Token, Trust } from './port.js';

/** A login that succeeded: the token, and what it is. */
export interface Grant {
  readonly access: Access;
  readonly token: Token;
}

/** From the `token` of Keystone's answer. */
export const tokenFrom = (token: Json): Token => {
  const credential = object(token['application_credential']);
  return {
    user: named(object(token['user'])),
    project: token['project'] === undefined ? null : named(object(token['project'])),
    domain: token['domain'] === undefined ? null : role(object(token['domain'])),
    systemScope: object(token['system'])['all'] === true,
    roles: objects(token['roles']).map(role),
    isAdminProject: token['is_admin_project'] !== false,
    applicationCredential:
      textOrNull(credential['id']) === null
        ? null
        : {
            id: text(credential['id']),
            restricted: credential['restricted'] !== false,
            accessRules: accessRulesFrom(credential['access_rules']),
          },
    trustId: textOrNull(object(token['OS-TRUST:trust'])['id']),
    methods: texts(token['methods']),
    issuedAt: instant(token['issued_at']),
    expiresAt: instant(token['expires_at']),
    catalog: objects(token['catalog']).map(catalogEntry),
  };
};

/** A list that is not one lets nothing: it was meant to limit. */
const accessRulesFrom = (rules: unknown): readonly AccessRule[] | null =>
  rules === undefined || rules === null
    ? null
    : objects(rules).map((rule) => ({
        service: text(rule['service']),
        method: text(rule['method']),
        path: text(rule['path']),
      }));

/** A token that is known, with its text. */
export const accessFrom = (token: string, known: Token): Access => ({
  token,
  userId: known.user.id,
  projectId: known.project?.id ?? null,
  roles: known.roles.map(({ name }) => name),
  expiresAt: known.expiresAt,
  catalog: known.catalog,
});

/** From the `trust` of Keystone's answer. Lists leave the roles out. */
export const trustFrom = (trust: Json): Trust => ({
  id: text(trust['id']),
  trustorUserId: text(trust['trustor_user_id']),
  trusteeUserId: text(trust['trustee_user_id']),
  projectId: text(trust['project_id']),
  impersonation: trust['impersonation'] === true,
  roles: objects(trust['roles']).map(role),
  redelegationCount: integer(trust['redelegation_count']),
  redelegatedFrom: textOrNull(trust['redelegated_trust_id']),
  expiresAt: instantOrNull(trust['expires_at']),
});

const role = (value: Json): Role => ({ id: text(value['id']), name: text(value['name']) });

const named = (value: Json): Named => {
  const domain = object(value['domain']);
  return { ...role(value), domainId: text(domain['id']), domainName: text(domain['name']) };
};

const catalogEntry = (entry: Json): CatalogEntry => ({
  type: text(entry['type']),
  name: text(entry['name']),
  endpoints: objects(entry['endpoints']).map((endpoint) => ({
    interface: endpointInterface(text(endpoint['interface'])),
    region: textOrNull(endpoint['region_id']) ?? textOrNull(endpoint['region']),
    url: text(endpoint['url']),
  })),
});

const endpointInterface = (value: string): EndpointInterface =>
  value === 'internal' || value === 'admin' ? value : 'public';
