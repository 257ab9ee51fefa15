import type { ApiUnderTest } from '../testing/api-under-test.js';

/** Who asks, in the order of the columns of the table. */
export const CALLERS = ['owner', 'reader', 'colleague', 'other', 'admin', 'trustee'] as const;
export type Caller = (typeof CALLERS)[number];

const HOUR_MS = 3_600_000;

/** Tokens of everybody the table names. `demo` owns all there is. */
export class Callers {
  /** Tokens of trustees by their cluster. */
  private readonly trustees = new Map<string, string>();

  private constructor(private readonly api: ApiUnderTest) {}

  /** Adds a colleague who is a member of `demo` too. */
  static in(api: ApiUnderTest): Callers {
    const { directory } = api.cloud.keystone;
    const project = directory.projectNamed('demo');
    if (project === undefined) throw new Error('there is no project demo');
    const colleague = directory.addUser('demo_colleague', 'sandbox');
    directory.grant(colleague, project, ['member', 'reader']);
    return new Callers(api);
  }

  /** `trustee` is that of the cluster. */
  async tokenOf(caller: Caller, cluster: string): Promise<string> {
    if (caller === 'trustee') return this.trusteeOf(cluster);
    const names = {
      owner: 'demo',
      reader: 'demo_reader@demo',
      colleague: 'demo_colleague@demo',
      other: 'alt_demo',
      admin: 'admin',
    };
    return this.api.tokenOf(names[caller]);
  }

  /** One that was good and is not any more, though Keystone still describes it. */
  async expired(): Promise<string> {
    const { keystone } = this.api.cloud;
    const token = keystone.signIn('admin', 'admin');
    const described = await keystone.validate(token);
    if (described === null) throw new Error('admin cannot sign in');
    const expiresAt = new Date(Date.now() - HOUR_MS).toISOString();
    const validate = keystone.validate.bind(keystone);
    keystone.validate = async (asked) =>
      asked === token ? { ...described, expiresAt } : await validate(asked);
    return token;
  }

  private async trusteeOf(cluster: string): Promise<string> {
    const known = this.trustees.get(cluster);
    if (known !== undefined) return known;
    const { keystone } = this.api.cloud;
    const name = `trustee of ${cluster}`;
    const userId = await keystone.createTrusteeUser({ name, password: 'pw' });
    const domainId = await keystone.trusteeDomainId();
    const data = { userId, userName: name, domainId, trustId: 't', at: '2026-01-01T13:00:00.000Z' };
    await this.api.happened(`cluster-${cluster}`, { type: 'TrusteeEstablished', data });
    const { token } = await keystone.trusteeSession({ userId, password: 'pw' }).access();
    this.trustees.set(cluster, token);
    return token;
  }
}
