import type { Token } from '@jeroboam/openstack/keystone/port';
import type { ApiUnderTest } from '../testing/api-under-test.js';

/** Who asks, in the order of the columns of the table. */
export const CALLERS = [
  ...(['owner', 'reader', 'colleague', 'other', 'admin', 'trustee'] as const),
  ...(['system', 'domain'] as const),
];
export type Caller = (typeof CALLERS)[number];

const HOUR_MS = 3_600_000;

const DOMAIN = { project: null, domain: { id: 'default', name: 'Default' } };

/** Tokens of everybody the table names. `demo` owns all there is. */
export class Callers {
  /** Tokens of trustees by their cluster. */
  private readonly trustees = new Map<string, string>();
  /** What Keystone says of some tokens otherwise than it would. */
  private readonly amended = new Map<string, Token>();
  private readonly system: Promise<string>;
  private readonly domain: Promise<string>;

  private constructor(private readonly api: ApiUnderTest) {
    const { keystone } = api.cloud;
    const validate = keystone.validate.bind(keystone);
    keystone.validate = async (token) => this.amended.get(token) ?? (await validate(token));
    this.system = this.amend('admin', { project: null, systemScope: true });
    this.domain = this.amend('demo', DOMAIN);
  }

  /** Adds a colleague who is a member of `demo` too, and a guest, whose role no rule knows. */
  static in(api: ApiUnderTest): Callers {
    const { directory } = api.cloud.keystone;
    const project = directory.projectNamed('demo');
    if (project === undefined) throw new Error('there is no project demo');
    const colleague = directory.addUser('demo_colleague', 'sandbox');
    directory.grant(colleague, project, ['member', 'reader']);
    directory.grant(directory.addUser('demo_guest', 'sandbox'), project, ['guest']);
    return new Callers(api);
  }

  /** `trustee` is that of the cluster. */
  async tokenOf(caller: Caller | 'guest', cluster: string): Promise<string> {
    if (caller === 'trustee') return this.trusteeOf(cluster);
    if (caller === 'system' || caller === 'domain') return this[caller];
    const names = {
      owner: 'demo',
      reader: 'demo_reader@demo',
      colleague: 'demo_colleague@demo',
      guest: 'demo_guest@demo',
      other: 'alt_demo',
      admin: 'admin',
    };
    return this.api.tokenOf(names[caller]);
  }

  /** One that was good and is not any more, though Keystone still describes it. */
  expired(): Promise<string> {
    return this.amend('admin', { expiresAt: new Date(Date.now() - HOUR_MS).toISOString() });
  }

  /** A new token of a user, that is otherwise than tokens of their project. */
  private async amend(name: string, changes: Partial<Token>): Promise<string> {
    const { keystone } = this.api.cloud;
    const token = keystone.signIn(name, name);
    const described = await keystone.validate(token);
    if (described === null) throw new Error(`${name} cannot sign in`);
    this.amended.set(token, { ...described, ...changes });
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
