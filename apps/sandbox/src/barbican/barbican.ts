import { randomUUID } from 'node:crypto';
import type { TokenContext } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { bare } from '../time.js';
import { badRequest, forbidden, unknownContainer, unknownSecret } from './errors.js';
import type { Acl, Consumer, Secret, SecretContainer } from './types.js';

export type SecretWish = Pick<
  Secret,
  | 'name'
  | 'secret_type'
  | 'algorithm'
  | 'bit_length'
  | 'mode'
  | 'expiration'
  | 'content_type'
  | 'payload'
>;

export type ContainerWish = Pick<SecretContainer, 'name' | 'type' | 'secrets'>;

/** Roles that may read secrets, and those that may make them. */
const READERS = ['admin', 'creator', 'observer', 'audit', 'member', 'reader'];
const WRITERS = ['admin', 'creator', 'member'];

/** Secrets and the containers that hold several together. A project's are its own. */
export class Barbican {
  readonly secrets: Collection<Secret>;
  readonly containers: Collection<SecretContainer>;

  constructor(documents: Documents) {
    this.secrets = documents.collection('secret');
    this.containers = documents.collection('secret_container');
  }

  createSecret(caller: TokenContext, wish: SecretWish): Secret {
    requireRole(caller, WRITERS, 'Secret creation');
    const now = bare();
    return this.secrets.put({
      id: randomUUID(),
      project_id: caller.projectId,
      creator_id: caller.userId,
      ...wish,
      metadata: {},
      acl: null,
      created: now,
      updated: now,
    });
  }

  secret(caller: TokenContext, id: string): Secret {
    const row = this.secrets.get(id);
    if (!row) throw unknownSecret();
    if (!mayRead(caller, row)) throw forbidden('Secret retrieval');
    return row;
  }

  /** The secret when the caller may change it. */
  ownSecret(caller: TokenContext, id: string, what: string): Secret {
    const row = this.secrets.get(id);
    if (!row) throw unknownSecret();
    if (row.project_id !== caller.projectId) throw forbidden(what);
    requireRole(caller, WRITERS, what);
    return row;
  }

  secretsOf(caller: TokenContext): Secret[] {
    requireRole(caller, READERS, 'Secret(s) retrieval');
    return this.secrets.where('project_id', caller.projectId);
  }

  setAcl(secret: Secret, wish: Pick<Acl, 'users' | 'project-access'> | null): Secret {
    const now = bare();
    const acl = wish && { ...wish, created: secret.acl?.created ?? now, updated: now };
    return this.secrets.patch(secret, { acl });
  }

  createContainer(caller: TokenContext, wish: ContainerWish): SecretContainer {
    requireRole(caller, WRITERS, 'Container creation');
    for (const { name, secret_id } of wish.secrets)
      if (!this.secrets.get(secret_id))
        throw badRequest(`Secret provided for '${name}' doesn't exist.`);
    const now = bare();
    return this.containers.put({
      id: randomUUID(),
      project_id: caller.projectId,
      creator_id: caller.userId,
      ...wish,
      consumers: [],
      created: now,
      updated: now,
    });
  }

  container(caller: TokenContext, id: string): SecretContainer {
    const row = this.containers.get(id);
    if (!row) throw unknownContainer();
    const mine = row.project_id === caller.projectId && hasRole(caller, READERS);
    if (!mine && !caller.isAdmin) throw forbidden('Container retrieval');
    return row;
  }

  containersOf(caller: TokenContext): SecretContainer[] {
    requireRole(caller, READERS, 'Container(s) retrieval');
    return this.containers.where('project_id', caller.projectId);
  }

  deleteContainer(caller: TokenContext, id: string): void {
    requireRole(caller, WRITERS, 'Container deletion');
    this.containers.delete(this.container(caller, id).id);
  }

  setConsumers(container: SecretContainer, consumers: readonly Consumer[]): SecretContainer {
    return this.containers.patch(container, { consumers, updated: bare() });
  }
}

const hasRole = (caller: TokenContext, roles: readonly string[]): boolean =>
  caller.projectId !== '' && caller.roles.some((role) => roles.includes(role));

const requireRole = (caller: TokenContext, roles: readonly string[], what: string): void => {
  if (!hasRole(caller, roles)) throw forbidden(what);
};

/** The project's readers unless the ACL shuts them out, and whom the ACL names. */
const mayRead = (caller: TokenContext, secret: Secret): boolean => {
  if (secret.acl?.users.includes(caller.userId)) return true;
  if (secret.project_id !== caller.projectId) return false;
  const open = secret.acl?.['project-access'] ?? true;
  return (open || secret.creator_id === caller.userId) && hasRole(caller, READERS);
};
