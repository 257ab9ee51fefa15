import type { EndpointChoice } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import type { CloudConfig } from '../http/config.js';
import { CloudRefused, Conflict, NotFound } from '../http/errors.js';
import { type Json, object, objects, text } from '../http/json.js';
import { type Call, isSegment, path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import { Authentication, type Login, trusteeLogin } from './authentication.js';
import {
  Keystone,
  type ServiceAccount,
  type Token,
  type TrusteeCredentials,
  type TrusteeUser,
  type Trust,
  type TrustRequest,
} from './port.js';
import { CachedLogin, GivenToken, SourcedSession } from './sessions.js';
import { accessFrom, type Grant, tokenFrom, trustFrom } from './wire.js';

/** Trusts whose tokens are kept, the longest unused dropped first. */
const KEPT_TRUSTS = 2_000;

/** Keystone v3 over HTTP. Reaches it at the configured URL, whatever the catalog says. */
export class KeystoneClient extends Keystone {
  readonly #client: ServiceClient;
  readonly #authentication: Authentication;
  readonly #choice: EndpointChoice;
  readonly #service: CachedLogin;
  readonly #trusteeAdmin: CachedLogin;
  readonly #trusts = new Map<string, CachedLogin>();

  constructor(http: CloudHttp, config: CloudConfig) {
    super();
    const base = identityUrl(config.authUrl);
    this.#choice = { region: config.region, interface: config.interface };
    this.#authentication = new Authentication(http, base, config);
    this.#client = new ServiceClient(http, {
      service: 'identity',
      base: async () => await Promise.resolve(base),
    });
    this.#service = this.#login(() => this.#authentication.serviceLogin());
    this.#trusteeAdmin = this.#login(() => this.#authentication.trusteeAdminLogin());
  }

  override service(): Session {
    return this.#session(this.#service);
  }

  override async serviceAccount(): Promise<ServiceAccount> {
    const { user, project } = (await this.#service.grant()).token;
    return { userId: user.id, userName: user.name, projectId: project?.id ?? '' };
  }

  override async validate(token: string): Promise<Token | null> {
    // Anything else could not have been issued, nor be sent in a header.
    if (!/^[\x21-\x7e]+$/.test(token)) return null;
    const body = await this.#client.orNull(
      this.#client.body(this.service(), {
        method: 'GET',
        path: '/auth/tokens',
        // Without saying that we look to access rules, tokens that have them would not be known.
        headers: { 'x-subject-token': token, 'openstack-identity-access-rules': '1' },
        secrets: [token],
      }),
    );
    return body === null ? null : tokenFrom(object(object(body)['token']));
  }

  override userSession(token: string, validated: Token): Session {
    return new SourcedSession(new GivenToken(accessFrom(token, validated)), this.#choice);
  }

  override trustSession(trustId: string): Session {
    const kept =
      this.#trusts.get(trustId) ?? new CachedLogin(async () => await this.#consume(trustId));
    this.#trusts.delete(trustId);
    this.#trusts.set(trustId, kept);
    const [oldest] = this.#trusts.keys();
    if (this.#trusts.size > KEPT_TRUSTS && oldest !== undefined) this.#trusts.delete(oldest);
    return this.#session(kept);
  }

  override trusteeSession(credentials: TrusteeCredentials): Session {
    return this.#session(this.#login(() => trusteeLogin(credentials)));
  }

  override async createTrust(as: Session, request: TrustRequest): Promise<Trust> {
    const redelegable = request.redelegationCount > 0;
    const lend: Call = {
      method: 'POST',
      path: '/OS-TRUST/trusts',
      body: {
        trust: {
          trustor_user_id: request.trustorUserId,
          trustee_user_id: request.trusteeUserId,
          project_id: request.projectId,
          impersonation: true,
          allow_redelegation: redelegable,
          ...(redelegable ? { redelegation_count: request.redelegationCount } : {}),
          roles: request.roles.map((name) => ({ name })),
        },
      },
    };
    const body = await this.#client.body(as, lend).catch(refusedIfNotFound);
    return trustFrom(object(object(body)['trust']));
  }

  override async getTrust(as: Session, trustId: string): Promise<Trust> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: path`/OS-TRUST/trusts/${trustId}`,
    });
    return trustFrom(object(object(body)['trust']));
  }

  override async listTrustsFor(as: Session, trusteeUserId: string): Promise<readonly Trust[]> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: '/OS-TRUST/trusts',
      query: { trustee_user_id: trusteeUserId },
    });
    return objects(object(body)['trusts']).map(trustFrom);
  }

  override async deleteTrust(as: Session, trustId: string): Promise<void> {
    await this.#client.ensureGone(as, path`/OS-TRUST/trusts/${trustId}`);
    this.#trusts.delete(trustId);
  }

  override async createTrusteeUser(user: TrusteeUser): Promise<string> {
    const domainId = await this.trusteeDomainId();
    try {
      return await this.#putTrustee({ method: 'POST', path: '/users' }, user, {
        name: user.name,
        domain_id: domainId,
      });
    } catch (error) {
      const existing = error instanceof Conflict ? await this.findTrusteeUser(user.name) : null;
      if (existing === null) throw error;
      return await this.#putTrustee({ method: 'PATCH', path: path`/users/${existing}` }, user, {});
    }
  }

  override async trusteeDomainId(): Promise<string> {
    return (await this.#trusteeAdmin.grant()).token.domain?.id ?? '';
  }

  override async findTrusteeUser(name: string): Promise<string | null> {
    const body = await this.#client.body(this.#session(this.#trusteeAdmin), {
      method: 'GET',
      path: '/users',
      query: { domain_id: await this.trusteeDomainId(), name },
    });
    const [found] = objects(object(body)['users']).filter((user) => user['name'] === name);
    return found ? text(found['id']) : null;
  }

  override async deleteTrusteeUser(userId: string): Promise<void> {
    await this.#client.ensureGone(this.#session(this.#trusteeAdmin), path`/users/${userId}`);
  }

  override async projectExists(projectId: string): Promise<boolean> {
    if (!isSegment(projectId)) return false;
    const found = await this.#client.orNull(
      this.#client.call(this.service(), { method: 'GET', path: path`/projects/${projectId}` }),
    );
    return found !== null;
  }

  async #putTrustee(
    target: { readonly method: 'POST' | 'PATCH'; readonly path: string },
    { password, description }: TrusteeUser,
    identity: Json,
  ): Promise<string> {
    const body = await this.#client.body(this.#session(this.#trusteeAdmin), {
      ...target,
      body: {
        user: {
          ...identity,
          password,
          enabled: true,
          ...(description === undefined ? {} : { description }),
          // Machines use it: rules made for people must not lock it out.
          options: {
            ignore_change_password_upon_first_use: true,
            ignore_password_expiry: true,
            ignore_lockout_failure_attempts: true,
          },
        },
      },
      secrets: [password],
    });
    return text(object(object(body)['user'])['id']);
  }

  /** Keystone answers 401 both to a trust that is gone and to a wrong password; a look at the trust tells. */
  async #consume(trustId: string): Promise<Grant> {
    try {
      return await this.#authentication.login(this.#authentication.serviceLogin(trustId));
    } catch (error) {
      if (error instanceof CloudRefused) await this.getTrust(this.service(), trustId);
      throw error;
    }
  }

  #login(login: () => Login): CachedLogin {
    return new CachedLogin(async () => await this.#authentication.login(login()));
  }

  #session(login: CachedLogin): Session {
    return new SourcedSession(login, this.#choice);
  }
}

/** Lending a role that the trustor lacks is 404 to Keystone, as if there were no such role. */
const refusedIfNotFound = (error: unknown): never => {
  if (!(error instanceof NotFound)) throw error;
  const { service, status, requestId } = error;
  throw new CloudRefused(error.message, { service, status, requestId });
};

/** With `/v3` at its end and nothing after. */
const identityUrl = (authUrl: string): string =>
  `${authUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3`;
