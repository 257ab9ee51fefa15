import type { TokenContext } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { hexId, micros } from '../time.js';
import type { Directory } from './directory.js';
import { badRequest, forbidden, notFound, notPermitted } from './errors.js';
import type { Trust } from './types.js';

const MAX_REDELEGATION = 3;

export interface NewTrust {
  readonly trustor_user_id: string;
  readonly trustee_user_id: string;
  readonly project_id: string | undefined;
  readonly impersonation: boolean;
  /** Ids or names. */
  readonly roles: readonly { readonly id?: string; readonly name?: string }[];
  readonly expires_at: string | undefined;
  readonly remaining_uses: number | undefined;
  readonly allow_redelegation: boolean;
  readonly redelegation_count: number | undefined;
}

/** OS-TRUST: one user lets another act with some of their roles in a project. */
export class Trusts {
  readonly #trusts: Collection<Trust>;

  constructor(
    documents: Documents,
    private readonly directory: Directory,
  ) {
    this.#trusts = documents.collection('trust');
  }

  get revision(): number {
    return this.#trusts.revision;
  }

  all(): Trust[] {
    return this.#trusts.filter((trust) => !expired(trust));
  }

  /** The trust, unless it has expired or been deleted. */
  live(id: string): Trust | undefined {
    const trust = this.#trusts.get(id);
    return trust && !expired(trust) ? trust : undefined;
  }

  get(id: string): Trust {
    const trust = this.live(id);
    if (!trust) throw notFound('trust', id);
    return trust;
  }

  create(caller: TokenContext, wish: NewTrust): Trust {
    refuseCredentials(caller);
    if (wish.trustor_user_id !== caller.userId) throw notPermitted('identity:create_trust');
    this.directory.user(wish.trustee_user_id);
    const parent = caller.trustId === '' ? undefined : this.get(caller.trustId);
    const trust = parent ? this.#redelegated(wish, parent) : this.#made(wish);
    return this.#trusts.put(trust);
  }

  #made(wish: NewTrust): Trust {
    checkCounts(wish);
    return {
      id: hexId(),
      trustor_user_id: wish.trustor_user_id,
      trustee_user_id: wish.trustee_user_id,
      project_id: wish.project_id ?? '',
      impersonation: wish.impersonation,
      role_ids: this.#roles(wish),
      expires_at: expiry(wish.expires_at),
      remaining_uses: wish.remaining_uses ?? null,
      redelegation_count: redelegatable(wish) ? (wish.redelegation_count ?? MAX_REDELEGATION) : 0,
      redelegated_trust_id: null,
    };
  }

  #redelegated(wish: NewTrust, parent: Trust): Trust {
    const made = this.#made(wish);
    const trust = {
      ...made,
      expires_at: made.expires_at ?? parent.expires_at,
      redelegation_count: remainingDepth(wish, parent),
      redelegated_trust_id: parent.id,
    };
    checkRedelegation(parent, trust);
    return trust;
  }

  /** And those made from it. */
  delete(id: string): void {
    this.get(id);
    for (const child of this.#trusts.where('redelegated_trust_id', id))
      if (!expired(child)) this.delete(child.id);
    this.#trusts.delete(id);
  }

  deleteOfUser(userId: string): void {
    const mine = (trust: Trust): boolean =>
      trust.trustor_user_id === userId || trust.trustee_user_id === userId;
    for (const trust of this.#trusts.filter(mine)) this.#trusts.delete(trust.id);
  }

  /** Whether this user may act under the trust now; counts the use. */
  consume(id: string, trusteeId: string): Trust {
    const trust = this.get(id);
    if (trust.trustee_user_id !== trusteeId) throw forbidden('User is not a trustee.');
    if (!this.directory.user(trust.trustor_user_id).enabled)
      throw forbidden('Trustor is disabled.');
    this.#checkStillHeld(trust);
    if (trust.remaining_uses === null) return trust;
    if (trust.remaining_uses < 1) throw forbidden(`No remaining uses for trust: ${id}.`);
    return this.#trusts.patch(trust, { remaining_uses: trust.remaining_uses - 1 });
  }

  #checkStillHeld(trust: Trust): void {
    const target = `project:${trust.project_id}`;
    const held = this.directory.effectiveRoles(trust.trustor_user_id, target);
    if (trust.role_ids.some((id) => !held.some((role) => role.id === id)))
      throw forbidden('Trustee has no delegated roles.');
  }

  #roles(wish: NewTrust): string[] {
    if (wish.project_id === undefined || wish.roles.length === 0)
      throw forbidden('At least one role should be specified.');
    this.directory.project(wish.project_id);
    const held = this.directory.effectiveRoles(wish.trustor_user_id, `project:${wish.project_id}`);
    return wish.roles.map((ref) => {
      const role = held.find(({ id, name }) => (ref.id ? id === ref.id : name === ref.name));
      if (!role) throw notFound('role', ref.id ?? ref.name ?? '');
      return role.id;
    });
  }
}

/** Application credentials must not reach further than they were made to. */
export const refuseCredentials = (caller: TokenContext): void => {
  if (caller.methods.includes('application_credential'))
    throw notPermitted("Using method 'application_credential' is not allowed for managing trusts.");
};

const expired = (trust: Trust): boolean =>
  trust.expires_at !== null && Date.parse(trust.expires_at) <= Date.now();

const expiry = (at: string | undefined): string | null => {
  if (at === undefined) return null;
  const ms = Date.parse(at);
  if (Number.isNaN(ms))
    throw badRequest(
      `Expiration time must be in ISO 8601 format, not "${at}". The server could not comply with the request since it is either malformed or otherwise incorrect.`,
    );
  if (ms <= Date.now())
    throw badRequest(
      'The trust could not be created: expiration time is in the past. The server could not comply with the request since it is either malformed or otherwise incorrect.',
    );
  return micros(ms);
};

const redelegatable = (wish: NewTrust): boolean =>
  wish.allow_redelegation && wish.redelegation_count !== 0;

const checkCounts = (wish: NewTrust): void => {
  const may = redelegatable(wish);
  if (may && (wish.redelegation_count ?? 0) > MAX_REDELEGATION)
    throw forbidden(
      `Requested redelegation depth of ${wish.redelegation_count ?? 0} is greater than allowed ${MAX_REDELEGATION}`,
    );
  if (wish.remaining_uses === undefined) return;
  if (may) throw badRequest('remaining_uses must not be set if redelegation is allowed');
  if (wish.remaining_uses < 1)
    throw badRequest('remaining_uses must be a positive integer or null.');
};

const remainingDepth = (wish: NewTrust, parent: Trust): number => {
  if (!redelegatable(wish)) return 0;
  const left = parent.redelegation_count - 1;
  if (wish.redelegation_count !== undefined && wish.redelegation_count !== left)
    throw forbidden(
      'Modifying "redelegation_count" upon redelegation is forbidden. Omitting this parameter is advised.',
    );
  return left;
};

/** What a trust made from a trust may not: reach further than that one. */
const checkRedelegation = (parent: Trust, trust: Trust): void => {
  const fault = redelegationFault(parent, trust);
  if (fault !== undefined) throw forbidden(fault);
};

const redelegationFault = (parent: Trust, trust: Trust): string | undefined => {
  if (parent.redelegation_count < 1)
    return `Remaining redelegation depth of ${parent.redelegation_count} out of allowed range of [0..${MAX_REDELEGATION}]`;
  if (outlives(trust, parent))
    return 'Requested expiration time is more than redelegated trust can provide';
  if (trust.impersonation && !parent.impersonation)
    return `Impersonation is not allowed because redelegated trust does not specify impersonation. Redelegated trust id: ${parent.id}`;
  if (trust.role_ids.some((id) => !parent.role_ids.includes(id)))
    return 'Some of requested roles are not in redelegated trust';
  return undefined;
};

const outlives = (trust: Trust, parent: Trust): boolean =>
  parent.expires_at !== null && trust.expires_at !== null && trust.expires_at > parent.expires_at;
