import type { Settings, TokenContext } from '../cloud.js';
import type { Collection } from '../documents.js';
import { catalog } from './catalog.js';
import type { Directory } from './directory.js';
import type { Trusts } from './trusts.js';
import type * as k from './types.js';

export interface TokenSources {
  readonly directory: Directory;
  readonly trusts: Trusts;
  readonly credentials: Collection<k.ApplicationCredential>;
  readonly settings: Settings;
}

/** Where a scope leads: target of the roles, and the part of the body that names it. */
interface Place {
  readonly target: string;
  readonly roles: readonly k.Role[];
  readonly shown: object;
  readonly project?: k.Project;
  readonly domain?: k.Domain;
}

/**
 * What a token means now, undefined when it means nothing any more: the user, project or trust is
 * gone or disabled, or no role is left.
 */
export const tokenBody = (
  token: k.Token,
  sources: TokenSources,
): { readonly context: TokenContext; readonly body: string } | undefined => {
  const { directory, credentials } = sources;
  const who = enabledUser(directory, token.user_id);
  const credential = credentials.get(token.application_credential_id ?? '');
  if (!who || (token.application_credential_id && !credential)) return undefined;
  const place = placeOf(token, sources, credential);
  if (!place) return undefined;
  const { user, domain } = who;
  const body = {
    methods: token.methods,
    user: { domain: named(domain), id: user.id, name: user.name, password_expires_at: null },
    audit_ids: token.audit_ids,
    expires_at: token.expires_at,
    issued_at: token.issued_at,
    ...place.shown,
    ...credentialShown(credential),
  };
  return {
    context: { ...contextOf(token, user, place), unrestricted: credential?.unrestricted ?? true },
    body: JSON.stringify({ token: body }),
  };
};

const enabledUser = (
  directory: Directory,
  id: string,
): { readonly user: k.User; readonly domain: k.Domain } | undefined => {
  const user = directory.users.get(id);
  const domain = user && directory.domains.get(user.domain_id);
  return user?.enabled && domain?.enabled ? { user, domain } : undefined;
};

/** Those of the roles that were passed on, undefined when one of them is held no more. */
const restricted = (
  held: readonly k.Role[],
  only: readonly string[] | undefined,
): readonly k.Role[] | undefined => {
  if (!only) return held;
  const kept = held.filter((role) => only.includes(role.id));
  return kept.length === only.length ? kept : undefined;
};

const contextOf = (
  token: k.Token,
  user: k.User,
  place: Place,
): Omit<TokenContext, 'unrestricted'> => {
  const roles = place.roles.map((role) => role.name);
  return {
    tokenId: token.id,
    userId: user.id,
    userName: user.name,
    userDomainId: user.domain_id,
    projectId: place.project?.id ?? '',
    projectName: place.project?.name ?? '',
    domainId: place.domain?.id ?? '',
    roles,
    isAdmin: roles.includes('admin'),
    trustId: token.scope.kind === 'trust' ? token.scope.trustId : '',
    methods: token.methods,
    expiresAt: token.expires_at,
  };
};

const placeOf = (
  token: k.Token,
  sources: TokenSources,
  credential: k.ApplicationCredential | undefined,
): Place | undefined => {
  const { directory } = sources;
  const { scope } = token;
  switch (scope.kind) {
    case 'unscoped':
      return { target: '', roles: [], shown: {} };
    case 'system': {
      const roles = directory.effectiveRoles(token.user_id, 'system');
      return withRoles({ target: 'system', roles, shown: { system: { all: true } } }, sources);
    }
    case 'domain': {
      const domain = directory.domains.get(scope.domainId);
      const roles = directory.effectiveRoles(token.user_id, `domain:${scope.domainId}`);
      const place = { target: '', roles, shown: { domain: domain && named(domain) } };
      return domain?.enabled ? withRoles({ ...place, domain }, sources) : undefined;
    }
    case 'project':
      return projectPlace(token, sources, {
        projectId: scope.projectId,
        only: credential?.role_ids,
        shown: {},
      });
    case 'trust':
      return trustPlace(token, sources, scope.trustId);
  }
};

const trustPlace = (token: k.Token, sources: TokenSources, id: string): Place | undefined => {
  const trust = sources.trusts.live(id);
  if (!trust) return undefined;
  return projectPlace({ ...token, user_id: trust.trustor_user_id }, sources, {
    projectId: trust.project_id,
    only: trust.role_ids,
    shown: {
      'OS-TRUST:trust': {
        id: trust.id,
        impersonation: trust.impersonation,
        trustor_user: { id: trust.trustor_user_id },
        trustee_user: { id: trust.trustee_user_id },
      },
    },
  });
};

/** Of the roles held in the project, those in `only` (and what they imply). */
const projectPlace = (
  token: k.Token,
  sources: TokenSources,
  wish: { projectId: string; only: readonly string[] | undefined; shown: object },
): Place | undefined => {
  const { directory } = sources;
  const project = directory.projects.get(wish.projectId);
  const domain = project && directory.domains.get(project.domain_id);
  if (!project?.enabled || !domain?.enabled) return undefined;
  const held = directory.effectiveRoles(token.user_id, `project:${project.id}`);
  const kept = restricted(held, wish.only);
  if (!kept) return undefined;
  const roles = directory.withImplied(kept);
  const shown = {
    project: { domain: named(domain), id: project.id, name: project.name },
    is_domain: false,
    ...wish.shown,
  };
  return withRoles({ target: `project:${project.id}`, roles, shown, project }, sources);
};

const withRoles = (place: Place, sources: TokenSources): Place | undefined => {
  if (place.roles.length === 0) return undefined;
  const roles = place.roles.map((role) => ({ id: role.id, name: role.name }));
  const services = catalog(sources.directory, sources.settings, place.project?.id ?? '');
  return { ...place, shown: { ...place.shown, roles, catalog: services } };
};

const named = (row: { readonly id: string; readonly name: string }): object => ({
  id: row.id,
  name: row.name,
});

const credentialShown = (row: k.ApplicationCredential | undefined): object =>
  row
    ? {
        application_credential: {
          id: row.id,
          name: row.name,
          restricted: !row.unrestricted,
          ...(row.access_rules ? { access_rules: row.access_rules } : {}),
        },
      }
    : {};
