import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Cloud } from '../cloud.js';
import { openCloud } from '../open-cloud.js';
import { buildServer } from '../http/server.js';

/** What a test sees of an answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole cloud in this process, reached without a socket. */
export class Sandbox {
  readonly cloud: Cloud;
  readonly app: FastifyInstance;

  /** @param file of the state; in memory unless named */
  constructor(file = ':memory:', speed = 0) {
    this.cloud = openCloud(file, {
      baseUrl: 'http://cloud.test:9512',
      containerInfraUrl: 'http://cloud.test:9511/v1',
      password: 'sandbox',
      region: 'RegionOne',
      speed,
    });
    this.app = buildServer(this.cloud);
  }

  async call(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    call: Call = {},
  ): Promise<Answer> {
    const response = await this.app.inject({
      method,
      url,
      headers: { ...(call.token ? { 'x-auth-token': call.token } : {}), ...call.headers },
      ...(call.body === undefined ? {} : { payload: call.body as object }),
    });
    const json = /^application\/json/.test(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode,
      body: json && response.body !== '' ? response.json() : response.body,
      headers: response.headers,
    };
  }

  /** Token of a seeded user in a project, or unscoped. */
  async token(user: string, project?: string): Promise<string> {
    const scope = project && { project: { name: project, domain: { id: 'default' } } };
    return this.authenticate(passwordOf({ name: user, domain: { id: 'default' } }), scope);
  }

  /** Token of the domain's administrator, for that domain. */
  async domainToken(domain: string): Promise<string> {
    const user = { name: `${domain}_domain_admin`, domain: { name: domain } };
    return this.authenticate(passwordOf(user), { domain: { name: domain } });
  }

  async authenticate(identity: object, scope?: unknown): Promise<string> {
    const answer = await this.call('POST', '/identity/v3/auth/tokens', {
      body: { auth: { identity, ...(scope ? { scope } : {}) } },
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return String(answer.headers['x-subject-token']);
  }

  userId(name: string, domainId = 'default'): string {
    return this.cloud.keystone.directory.userNamed(name, domainId)?.id ?? '';
  }

  projectId(name: string): string {
    return this.cloud.keystone.directory.projectNamed(name, 'default')?.id ?? '';
  }

  async close(): Promise<void> {
    await this.app.close();
    this.cloud.documents.close();
  }
}

export const passwordOf = (user: object, password = 'sandbox'): object => ({
  methods: ['password'],
  password: { user: { ...user, password } },
});

/** The value at a path into an answer's body: `at(body, 'image', 'id')`. */
export const at = (body: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((value, key) => Reflect.get(Object(value) as object, key), body);
