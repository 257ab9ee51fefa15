import { randomUUID } from 'node:crypto';
import { connectCloud } from '../cloud.js';
import type { CloudHttp } from '../http/cloud-http.js';
import type { CloudConfig } from '../http/config.js';
import { object, text } from '../http/json.js';
import type { AccessRule } from '../keystone/port.js';
import type { CloudUnderTest } from './cloud-under-test.js';
import { RealArrangement } from './real-arrangement.js';

/** Our settings for a cloud that is seeded as the sandbox is, with one password for everybody. */
export const seededConfig = (authUrl: string, password = 'sandbox'): CloudConfig => ({
  authUrl,
  username: 'jeroboam',
  password,
  projectName: 'service',
  userDomainName: 'Default',
  projectDomainName: 'Default',
  region: 'RegionOne',
  interface: 'public',
  caFile: null,
  trustees: {
    domainName: 'jeroboam',
    adminName: 'jeroboam_domain_admin',
    adminPassword: password,
  },
});

/** The seeded cloud at that identity URL, through our clients. */
export const reachedCloud = (config: CloudConfig): CloudUnderTest => {
  const cloud = connectCloud(config);
  const arrange = new RealArrangement(cloud.http);
  const identity = new Identity(cloud.http, config);
  return {
    ...cloud,
    arrange,
    signIn: async (user, project) => (await identity.passwordToken(user, project)).token,
    signInWithApplicationCredential: async (accessRules) =>
      await identity.applicationCredentialToken(accessRules),
    revoke: async (token) => {
      await identity.send('DELETE', '/auth/tokens', {
        token,
        headers: { 'x-subject-token': token },
      });
    },
    close: async () => {
      await arrange.takeAway();
      await identity.takeAway();
      await cloud.close();
    },
  };
};

interface Sending {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What users themselves do at Keystone, which none of our services does. */
class Identity {
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(
    private readonly http: CloudHttp,
    private readonly config: CloudConfig,
  ) {}

  async passwordToken(user: string, project: string): Promise<{ token: string; userId: string }> {
    const domain = { name: 'Default' };
    return await this.#token({
      identity: {
        methods: ['password'],
        password: { user: { name: user, password: this.config.password, domain } },
      },
      scope: { project: { name: project, domain } },
    });
  }

  async applicationCredentialToken(accessRules?: readonly AccessRule[]): Promise<string> {
    const { token, userId } = await this.passwordToken('demo', 'demo');
    const at = `/users/${userId}/application_credentials`;
    const answer = await this.send('POST', at, {
      token,
      body: {
        application_credential: {
          name: `contract-${randomUUID()}`,
          ...(accessRules ? { access_rules: accessRules } : {}),
        },
      },
    });
    const credential = object(object(answer.body)['application_credential']);
    const id = text(credential['id']);
    this.#undo.push(async () => await this.send('DELETE', `${at}/${id}`, { token }));
    const granted = await this.#token({
      identity: {
        methods: ['application_credential'],
        application_credential: { id, secret: text(credential['secret']) },
      },
    });
    return granted.token;
  }

  async takeAway(): Promise<void> {
    for (const undo of this.#undo) await undo();
  }

  async send(method: 'POST' | 'DELETE', at: string, { token, headers, body }: Sending) {
    const answer = await this.http.send({
      service: 'identity',
      method,
      url: `${this.config.authUrl}${at}`,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { 'x-auth-token': token }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      repeatable: false,
    });
    if (answer.status >= 400) throw new Error(`${method} ${at}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async #token(auth: object): Promise<{ token: string; userId: string }> {
    const answer = await this.send('POST', '/auth/tokens', { body: { auth } });
    const user = object(object(object(answer.body)['token'])['user']);
    return { token: answer.headers['x-subject-token'] ?? '', userId: text(user['id']) };
  }
}
