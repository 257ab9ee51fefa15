import { randomBytes } from 'node:crypto';
import type { TokenContext } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { hexId, micros } from '../time.js';
import type { Directory } from './directory.js';
import { badRequest, duplicate, notFound, notPermitted } from './errors.js';
import { hashed, matches } from './passwords.js';
import type { AccessRule, ApplicationCredential } from './types.js';

export interface NewCredential {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly secret: string | undefined;
  readonly expires_at: string | undefined;
  readonly unrestricted: boolean;
  readonly access_rules: readonly Omit<AccessRule, 'id'>[] | undefined;
  /** Ids or names; all of the caller's when empty. */
  readonly roles: readonly { readonly id?: string; readonly name?: string }[];
}

const ruled = ({ access_rules }: NewCredential): readonly AccessRule[] | null =>
  access_rules?.map((rule) => ({ id: hexId(), ...rule })) ?? null;

/** Application credentials: a user's stand-in for programs, in one project. */
export class Credentials {
  readonly rows: Collection<ApplicationCredential>;

  constructor(
    documents: Documents,
    private readonly directory: Directory,
  ) {
    this.rows = documents.collection('application_credential');
  }

  ofUser(userId: string): ApplicationCredential[] {
    return this.rows.where('user_id', userId);
  }

  get(userId: string, id: string): ApplicationCredential {
    const row = this.rows.get(id);
    if (row?.user_id !== userId) throw notFound('Application Credential', id);
    return row;
  }

  /** The credential, and its secret for the only time. */
  create(
    caller: TokenContext,
    wish: NewCredential,
  ): { readonly credential: ApplicationCredential; readonly secret: string } {
    this.refuseRestricted(caller);
    if (caller.projectId === '' || !wish.name)
      throw badRequest("Invalid input for field 'name': None is not of type 'string'");
    if (this.ofUser(caller.userId).some((row) => row.name === wish.name))
      throw duplicate('application_credential', `Duplicate entry found with name ${wish.name}`);
    const secret = wish.secret ?? randomBytes(64).toString('base64url');
    const credential = this.rows.put({
      id: hexId(),
      user_id: caller.userId,
      project_id: caller.projectId,
      name: wish.name,
      description: wish.description ?? null,
      secret_hash: hashed(secret),
      role_ids: this.#roles(caller, wish.roles),
      expires_at: wish.expires_at ? micros(Date.parse(wish.expires_at)) : null,
      unrestricted: wish.unrestricted,
      access_rules: ruled(wish),
    });
    return { credential, secret };
  }

  delete(caller: TokenContext, id: string): void {
    this.refuseRestricted(caller);
    this.rows.delete(id);
  }

  deleteOfUser(userId: string): void {
    for (const row of this.ofUser(userId)) this.rows.delete(row.id);
  }

  /** The credential when the secret fits and it has not expired. */
  proven(
    row: ApplicationCredential | undefined,
    secret: string,
  ): ApplicationCredential | undefined {
    if (!row || (row.expires_at !== null && row.expires_at <= micros())) return undefined;
    return matches(secret, row.secret_hash) ? row : undefined;
  }

  /** A credential may not breed, unless it was made unrestricted. */
  private refuseRestricted(caller: TokenContext): void {
    if (caller.methods.includes('application_credential') && !caller.unrestricted)
      throw notPermitted(
        "Using method 'application_credential' is not allowed for managing additional application credentials.",
      );
  }

  #roles(caller: TokenContext, wanted: NewCredential['roles']): string[] {
    const held = this.directory
      .effectiveRoles(caller.userId, `project:${caller.projectId}`)
      .filter((role) => caller.roles.includes(role.name));
    if (wanted.length === 0) return held.map((role) => role.id);
    return wanted.map((ref) => {
      const role = held.find(({ id, name }) => (ref.id ? id === ref.id : name === ref.name));
      if (!role)
        throw badRequest(
          `Invalid application credential: Could not find role assignment with role: ${ref.id ?? ref.name ?? ''}, user or group: ${caller.userId}, project, domain, or system: ${caller.projectId}.`,
        );
      return role.id;
    });
  }
}
