import { randomUUID } from 'node:crypto';
import { CloudRefused, NotFound } from '../http/errors.js';
import type { Access, Session } from '../http/session.js';
import { FakeDirectory, fakeId } from './fake-directory.js';
import { fakeToken, type Restriction } from './fake-token.js';
import {
  type AccessRule,
  Keystone,
  type ServiceAccount,
  type Token,
  type TrusteeCredentials,
  type TrusteeUser,
  type Trust,
  type TrustRequest,
} from './port.js';
import { GivenToken, SourcedSession, type TokenSource } from './sessions.js';
import { accessFrom } from './wire.js';

const TRUSTEE_DOMAIN = 'jeroboam';
const CHOICE = { region: null, interface: 'public' } as const;

/** What a token is made for. */
interface Issue {
  readonly userId: string;
  readonly projectId: string | null;
  readonly trustId?: string;
  readonly restricted?: Restriction;
}

/**
 * Keystone in memory: users and projects in `directory`, tokens by {@link FakeKeystone.signIn}.
 * The service account is `jeroboam` in project `service`. Catalogs are empty: the other fakes need none.
 */
export class FakeKeystone extends Keystone {
  readonly directory = new FakeDirectory();
  readonly trusts = new Map<string, Trust>();
  readonly #tokens = new Map<string, Token>();
  readonly #serviceUserId: string;
  readonly #serviceProjectId: string;

  constructor() {
    super();
    const user = this.directory.addUser('jeroboam', 'sandbox');
    const project = this.directory.addProject('service');
    this.directory.grant(user, project, ['admin', 'service']);
    this.#serviceUserId = user.id;
    this.#serviceProjectId = project.id;
  }

  /** A token of a user on a project, both by name. */
  signIn(userName: string, projectName: string): string {
    const userId = this.directory.userNamed(userName)?.id ?? '';
    const projectId = this.directory.projectNamed(projectName)?.id ?? '';
    return this.#issue({ userId, projectId }).token;
  }

  /** A token got with a restricted application credential. */
  signInWithApplicationCredential(
    userName: string,
    projectName: string,
    accessRules: readonly AccessRule[] | null = null,
  ): string {
    const userId = this.directory.userNamed(userName)?.id ?? '';
    const projectId = this.directory.projectNamed(projectName)?.id ?? '';
    return this.#issue({ userId, projectId, restricted: { accessRules } }).token;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  override service(): Session {
    return this.#session(() => ({
      userId: this.#serviceUserId,
      projectId: this.#serviceProjectId,
    }));
  }

  override async serviceAccount(): Promise<ServiceAccount> {
    const { userId } = await this.service().access();
    return { userId, userName: 'jeroboam', projectId: this.#serviceProjectId };
  }

  override async validate(token: string): Promise<Token | null> {
    return await Promise.resolve(this.#tokens.get(token) ?? null);
  }

  override userSession(token: string, validated: Token): Session {
    return new SourcedSession(new GivenToken(accessFrom(token, validated)), CHOICE);
  }

  override trustSession(trustId: string): Session {
    return this.#session(() => this.#consume(trustId, this.#serviceUserId));
  }

  override trusteeSession({ userId, password, trustId }: TrusteeCredentials): Session {
    return this.#session(() => {
      if (this.directory.users.get(userId)?.password !== password) throw refused(401);
      return trustId === undefined ? { userId, projectId: null } : this.#consume(trustId, userId);
    });
  }

  override async createTrust(as: Session, request: TrustRequest): Promise<Trust> {
    const token = this.#known(await as.access());
    const parent = token.trustId === null ? null : (this.trusts.get(token.trustId) ?? null);
    if (!mayLend(token, request, parent)) throw refused(403);
    const trust: Trust = {
      id: randomUUID().replaceAll('-', ''),
      trustorUserId: request.trustorUserId,
      trusteeUserId: request.trusteeUserId,
      projectId: request.projectId,
      impersonation: true,
      roles: request.roles.map((name) => ({ id: fakeId('role', name), name })),
      redelegationCount: request.redelegationCount,
      redelegatedFrom: parent?.id ?? null,
      expiresAt: null,
    };
    this.trusts.set(trust.id, trust);
    return trust;
  }

  override async getTrust(as: Session, trustId: string): Promise<Trust> {
    const { userId } = await as.access();
    const trust = this.trusts.get(trustId);
    if (!trust) throw notFound(`Could not find trust: ${trustId}.`);
    if (![trust.trustorUserId, trust.trusteeUserId].includes(userId)) throw refused(403);
    return trust;
  }

  override async listTrustsFor(as: Session, trusteeUserId: string): Promise<readonly Trust[]> {
    if ((await as.access()).userId !== trusteeUserId) throw refused(403);
    return [...this.trusts.values()].filter((trust) => trust.trusteeUserId === trusteeUserId);
  }

  override async deleteTrust(as: Session, trustId: string): Promise<void> {
    const trust = this.trusts.get(trustId);
    if (!trust) return;
    if ((await as.access()).userId !== trust.trustorUserId) throw refused(403);
    const passedOn = [...this.trusts.values()].filter((one) => one.redelegatedFrom === trustId);
    for (const one of passedOn) await this.deleteTrust(as, one.id);
    this.trusts.delete(trustId);
    for (const [text, token] of this.#tokens) {
      if (token.trustId === trustId) this.#tokens.delete(text);
    }
  }

  override async createTrusteeUser({ name, password }: TrusteeUser): Promise<string> {
    return await Promise.resolve(this.directory.addUser(name, password, TRUSTEE_DOMAIN).id);
  }

  override async trusteeDomainId(): Promise<string> {
    return await Promise.resolve(fakeId('domain', TRUSTEE_DOMAIN));
  }

  override async findTrusteeUser(name: string): Promise<string | null> {
    return await Promise.resolve(this.directory.userNamed(name, TRUSTEE_DOMAIN)?.id ?? null);
  }

  override async deleteTrusteeUser(userId: string): Promise<void> {
    this.directory.users.delete(userId);
    await Promise.resolve();
  }

  override async projectExists(projectId: string): Promise<boolean> {
    return await Promise.resolve(this.directory.projects.has(projectId));
  }

  #consume(trustId: string, trusteeUserId: string): Issue {
    const trust = this.trusts.get(trustId);
    if (!trust) throw notFound(`Could not find trust: ${trustId}.`);
    if (trust.trusteeUserId !== trusteeUserId) throw refused(403);
    return { userId: trust.trustorUserId, projectId: trust.projectId, trustId };
  }

  /** Looks at who it is each time, as a real token does not outlive its trust. */
  #session(issue: () => Issue): Session {
    const source: TokenSource = {
      current: async () =>
        await new Promise((resolve) => {
          resolve(this.#issue(issue()));
        }),
      renew: async () => await source.current(),
    };
    return new SourcedSession(source, CHOICE);
  }

  #known({ token }: Access): Token {
    const known = this.#tokens.get(token);
    if (!known) throw refused(401);
    return known;
  }

  #issue(wish: Issue): Access {
    const user = this.directory.users.get(wish.userId);
    if (!user) throw refused(401);
    const roles = this.#rolesFor(wish);
    if (wish.projectId !== null && roles.length === 0) throw refused(401);
    const token = fakeToken({
      user,
      project: this.directory.projects.get(wish.projectId ?? '') ?? null,
      roles,
      trustId: wish.trustId ?? null,
      restricted: wish.restricted ?? null,
    });
    const access = accessFrom(`fake-${randomUUID()}`, token);
    this.#tokens.set(access.token, token);
    return access;
  }

  #rolesFor({ userId, projectId, trustId }: Issue): readonly string[] {
    const trust = this.trusts.get(trustId ?? '');
    return trust?.roles.map(({ name }) => name) ?? this.directory.rolesOf(userId, projectId ?? '');
  }
}

/** Only what one has oneself, and a trust passed on is worth less than the one it comes from. */
const mayLend = (token: Token, request: TrustRequest, parent: Trust | null): boolean => {
  const held = token.roles.map(({ name }) => name);
  return (
    token.applicationCredential?.restricted !== true &&
    request.trustorUserId === token.user.id &&
    request.roles.every((role) => held.includes(role)) &&
    (parent === null || parent.redelegationCount > request.redelegationCount)
  );
};

const refused = (status: 401 | 403): CloudRefused =>
  new CloudRefused(
    status === 401
      ? 'The request you have made requires authentication.'
      : 'You are not authorized to perform the requested action.',
    { service: 'identity', status, requestId: null },
  );

const notFound = (message: string): NotFound =>
  new NotFound(message, { service: 'identity', status: 404, requestId: null });
