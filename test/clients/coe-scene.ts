import { join } from 'node:path';
import { expect } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder } from '@jeroboam/testing/temp-folder';
import { Installation } from '../journey/installation.js';
import type { Fields } from '../journey/openstack-client.js';
import { CoeClient } from './coe-client.js';

export const SETTLING = { timeoutMs: 60_000, intervalMs: 250 };
const BASE_PORT = 17_711;

interface Running {
  readonly installation: Installation;
  readonly projectId: string;
  readonly token: string;
}

/** One installation, with an administrator and a user of it. The story is of one cluster, `k1`. */
export class CoeScene {
  readonly folder = tempFolder('coe-');
  readonly admin: CoeClient;
  readonly demo: CoeClient;
  /** Every command that either has given. */
  readonly given = new Set<string>();
  private running: Running | null = null;

  constructor() {
    const authUrl = `http://127.0.0.1:${BASE_PORT + 1}/identity/v3`;
    const as = (user: string) =>
      new CoeClient({ authUrl, user, project: user, password: 'sandbox' }, this.given);
    [this.admin, this.demo] = [as('admin'), as('demo')];
  }

  async start(): Promise<void> {
    const home = join(this.folder.path, 'home');
    const installation = await Installation.start({ home, basePort: BASE_PORT });
    const issued = await this.demo.show('token', 'issue');
    const [projectId, token] = [String(issued['project_id']), String(issued['id'])];
    this.running = { installation, projectId, token };
    await this.demo.text('keypair', 'create', 'testkey');
  }

  async stop(): Promise<void> {
    await this.running?.installation.stop();
    this.folder.remove();
  }

  /** Project of the user. */
  get projectId(): string {
    return this.now().projectId;
  }

  /** What the user is shown of the cluster. */
  cluster(): Promise<Fields> {
    return this.demo.show('coe', 'cluster', 'show', 'k1');
  }

  /** Waits until what is at the path has the status. Asks the API itself: a client takes a second to start. */
  settled(path: string, status: string): Promise<void> {
    const { installation, token } = this.now();
    const headers = { 'x-auth-token': token, 'openstack-api-version': 'container-infra latest' };
    return eventually(async () => {
      const answer = await fetch(`${installation.apiUrl}/v1/${path}`, { headers });
      expect(await answer.json()).toMatchObject({ status, status_reason: null });
    }, SETTLING);
  }

  private now(): Running {
    if (this.running === null) throw new Error('the installation has not been started');
    return this.running;
  }
}
