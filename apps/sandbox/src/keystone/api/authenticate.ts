import { list, object, text, type Json } from '../../http/fields.js';
import { badRequest, forbidden, unauthorized } from '../errors.js';
import type { Keystone } from '../keystone.js';
import { matches } from '../passwords.js';
import type { NewToken } from '../tokens.js';
import type { ApplicationCredential, Scope, Token, User } from '../types.js';

/** Who was proven to ask, and by what. */
interface Proven {
  readonly user: User;
  readonly methods: readonly string[];
  readonly parent?: Token;
  readonly credential?: ApplicationCredential;
}

/**
 * Reads the body of `POST /v3/auth/tokens`.
 *
 * @throws Refusal 400, 401 (nobody, or no rights there), 403 and 404 (of trusts)
 */
export const authenticate = (keystone: Keystone, body: unknown): Token => {
  const auth = object(body, 'auth');
  const proven = prove(keystone, object(auth, 'identity'));
  if (!proven) throw unauthorized(keystone.uri);
  const token = keystone.tokens.issue(granted(keystone, proven, auth));
  if (!keystone.tokens.context(token.id)) {
    keystone.tokens.revoke(token.id);
    throw unauthorized(keystone.uri);
  }
  return token;
};

const prove = (keystone: Keystone, identity: Json): Proven | undefined => {
  const [method] = list(identity, 'methods');
  switch (method) {
    case 'password':
      return byPassword(keystone, object(object(identity, 'password'), 'user'));
    case 'token':
      return byToken(keystone, text(object(identity, 'token'), 'id') ?? '');
    case 'application_credential':
      return byCredential(keystone, object(identity, 'application_credential'));
    case undefined:
      throw badRequest(
        "Invalid input for field 'identity/methods': [] should be non-empty. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.",
      );
    default:
      return undefined;
  }
};

const byPassword = (keystone: Keystone, given: Json): Proven | undefined => {
  const user = userOf(keystone, given);
  const password = text(given, 'password');
  if (!user || password === undefined || !matches(password, user.password_hash)) return undefined;
  return { user, methods: ['password'] };
};

const userOf = (keystone: Keystone, given: Json): User | undefined => {
  const id = text(given, 'id');
  if (id !== undefined) return keystone.directory.users.get(id);
  const domainId = domainOf(keystone, object(given, 'domain'));
  return keystone.directory.userNamed(text(given, 'name') ?? '', domainId ?? '');
};

const domainOf = (keystone: Keystone, given: Json): string | undefined =>
  text(given, 'id') ?? keystone.directory.domainNamed(text(given, 'name') ?? '')?.id;

const byToken = (keystone: Keystone, id: string): Proven | undefined => {
  const parent = keystone.tokens.get(id);
  const user = parent && keystone.directory.users.get(parent.user_id);
  if (!parent || !user) return undefined;
  if (parent.scope.kind === 'trust')
    throw forbidden('You are not authorized to perform the requested action.');
  const credential = keystone.credentials.rows.get(parent.application_credential_id ?? '');
  return { user, methods: ['token'], parent, ...(credential ? { credential } : {}) };
};

const byCredential = (keystone: Keystone, given: Json): Proven | undefined => {
  const secret = text(given, 'secret', '');
  const owner = userOf(keystone, object(given, 'user'));
  const id = text(given, 'id');
  const row =
    id === undefined
      ? keystone.credentials
          .ofUser(owner?.id ?? '')
          .find(({ name }) => name === text(given, 'name'))
      : keystone.credentials.rows.get(id);
  const credential = keystone.credentials.proven(row, secret);
  const user = credential && keystone.directory.users.get(credential.user_id);
  return user && { user, methods: ['application_credential'], credential };
};

const granted = (keystone: Keystone, proven: Proven, auth: Json): NewToken => {
  const { user, methods, parent, credential } = proven;
  const base = { methods, parent, applicationCredentialId: credential?.id };
  if (credential) {
    const scope: Scope = { kind: 'project', projectId: credential.project_id };
    return { ...base, userId: user.id, scope, notAfter: credential.expires_at };
  }
  const trustId = text(object(object(auth, 'scope'), 'OS-TRUST:trust'), 'id');
  if (trustId !== undefined) {
    const trust = keystone.trusts.consume(trustId, user.id);
    const userId = trust.impersonation ? trust.trustor_user_id : user.id;
    return { ...base, userId, scope: { kind: 'trust', trustId }, notAfter: trust.expires_at };
  }
  return { ...base, userId: user.id, scope: scopeOf(keystone, user, auth) };
};

const scopeOf = (keystone: Keystone, user: User, auth: Json): Scope => {
  if (auth.scope === undefined || auth.scope === null) return homeOf(keystone, user);
  const scope = object(auth, 'scope');
  if (scope.project !== undefined) return projectScope(keystone, object(scope, 'project'));
  if (scope.domain !== undefined)
    return { kind: 'domain', domainId: domainOf(keystone, object(scope, 'domain')) ?? '' };
  return scope.system === undefined ? { kind: 'unscoped' } : { kind: 'system' };
};

const projectScope = (keystone: Keystone, given: Json): Scope => {
  const domainId = domainOf(keystone, object(given, 'domain')) ?? '';
  const projectId =
    text(given, 'id') ??
    keystone.directory.projectNamed(text(given, 'name') ?? '', domainId)?.id ??
    '';
  return { kind: 'project', projectId };
};

/** A user with a default project gets that one without asking. */
const homeOf = (keystone: Keystone, user: User): Scope => {
  const projectId = user.default_project_id ?? '';
  const roles = keystone.directory.effectiveRoles(user.id, `project:${projectId}`);
  return roles.length > 0 ? { kind: 'project', projectId } : { kind: 'unscoped' };
};
