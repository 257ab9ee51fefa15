import { Pool } from 'undici';
import { PASSWORD, type Installation } from './installation.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/v1` of the API. */
  readonly path: string;
  readonly body?: object;
  readonly status: number;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const scopeOf = (name: string) => ({
  auth: {
    identity: {
      methods: ['password'],
      password: { user: { name, domain: { name: 'Default' }, password: PASSWORD } },
    },
    scope: { project: { name, domain: { name: 'Default' } } },
  },
});

/** A user of the sandbox with a token, and connections to the API that are kept. */
export class User {
  readonly projectId: string;
  readonly #pool: Pool;
  readonly #sandboxUrl: string;
  readonly #token: string;

  private constructor(installation: Installation, token: string, projectId: string) {
    this.projectId = projectId;
    this.#token = token;
    this.#sandboxUrl = installation.sandboxUrl;
    this.#pool = new Pool(installation.apiUrl, { connections: 64, pipelining: 1 });
  }

  /** Logs in to the project of the same name. */
  static async login(installation: Installation, name: string): Promise<User> {
    const response = await fetch(`${installation.sandboxUrl}/identity/v3/auth/tokens`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: JSON.stringify(scopeOf(name)),
    });
    const { token } = (await response.json()) as { token: { project: { id: string } } };
    const id = response.headers.get('x-subject-token');
    if (id === null) throw new Error(`${name} cannot log in: ${response.status}`);
    return new User(installation, id, token.project.id);
  }

  /** Text of the answer. Throws when its status is another than expected. */
  async text({ method, path, body, status }: Call): Promise<string> {
    const response = await this.#pool.request({
      method,
      path: `/v1${path}`,
      headers: {
        'x-auth-token': this.#token,
        'openstack-api-version': 'container-infra latest',
        ...(body === undefined ? {} : JSON_TYPE),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.body.text();
    if (response.statusCode === status) return text;
    throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
  }

  async makeKeypair(name: string): Promise<void> {
    const response = await fetch(`${this.#sandboxUrl}/compute/v2.1/os-keypairs`, {
      method: 'POST',
      headers: { ...JSON_TYPE, 'x-auth-token': this.#token },
      body: JSON.stringify({ keypair: { name } }),
    });
    if (!response.ok) throw new Error(`no key pair: ${await response.text()}`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
