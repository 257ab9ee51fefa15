import type { CloudHttp } from '../http/cloud-http.js';
import type { CloudConfig } from '../http/config.js';
import { CloudRefused } from '../http/errors.js';
import { errorFor, failureOf, redacted } from '../http/failure.js';
import { object } from '../http/json.js';
import type { TrusteeCredentials } from './port.js';
import { accessFrom, type Grant, tokenFrom } from './wire.js';

/** Who wants a token, and for what. */
export interface Login {
  /** Keystone's `password.user`. */
  readonly user: object;
  /** Keystone's `scope`; `null` for none. */
  readonly scope: object | null;
  /** Kept out of messages. */
  readonly password: string;
}

/** `POST /auth/tokens` by password, and the logins we know of. */
export class Authentication {
  constructor(
    private readonly http: CloudHttp,
    private readonly identityUrl: string,
    private readonly config: CloudConfig,
  ) {}

  /** The service account in its project, or consuming a trust. */
  serviceLogin(trustId?: string): Login {
    const { username, password, projectName, userDomainName, projectDomainName } = this.config;
    return {
      user: { name: username, password, domain: { name: userDomainName } },
      scope:
        trustId === undefined
          ? { project: { name: projectName, domain: { name: projectDomainName } } }
          : { 'OS-TRUST:trust': { id: trustId } },
      password,
    };
  }

  /** The admin of the trustee domain, on that domain. CloudRefused when none is configured. */
  trusteeAdminLogin(): Login {
    const { trustees } = this.config;
    if (trustees === null) {
      throw new CloudRefused('No trustee domain is configured.', {
        service: 'identity',
        status: null,
        requestId: null,
      });
    }
    const { adminName, adminPassword, domainName } = trustees;
    return {
      user: { name: adminName, password: adminPassword, domain: { name: domainName } },
      scope: { domain: { name: domainName } },
      password: adminPassword,
    };
  }

  /** Errors: CloudUnavailable; CloudRefused and NotFound as Keystone answers. */
  async login({ user, scope, password }: Login): Promise<Grant> {
    const answer = await this.http.send({
      service: 'identity',
      method: 'POST',
      url: `${this.identityUrl}/auth/tokens`,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user } },
          ...(scope === null ? {} : { scope }),
        },
      }),
      repeatable: true, // a token more does no harm
    });
    if (answer.status >= 400) {
      const { message } = failureOf(answer.status, answer.body);
      throw errorFor(redacted(message, [password]), {
        service: 'identity',
        status: answer.status,
        requestId: answer.headers['x-openstack-request-id'] ?? null,
      });
    }
    const token = tokenFrom(object(object(answer.body)['token']));
    return { token, access: accessFrom(answer.headers['x-subject-token'] ?? '', token) };
  }
}

/** A trustee, on its trust when it names one. */
export const trusteeLogin = ({ userId, password, trustId }: TrusteeCredentials): Login => ({
  user: { id: userId, password },
  scope: trustId === undefined ? null : { 'OS-TRUST:trust': { id: trustId } },
  password,
});
