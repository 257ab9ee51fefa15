import { Refused } from '@jeroboam/eventing/decider';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle, type Handler } from '@jeroboam/eventing/handle';
import type { Metadata } from '@jeroboam/eventing/message';
import {
  nodegroup as exampleNodegroup,
  spec,
  template,
} from '@jeroboam/domain/cluster/cluster.examples';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { isPresent, type ClusterState, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { project, type ProjectCommand, type ProjectState } from '@jeroboam/domain/project/decider';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import type { FakeKeystone } from '@jeroboam/openstack/keystone/fake';
import type { Chance } from './chance.js';
import type { Timeline } from './timeline.js';

export const TIMEOUT_MS = 1_200_000;

/** What users do, as the API would pass it on. */
export class Users {
  readonly clusterIds: string[] = [];
  private readonly send: Handler<ClusterState, ClusterCommand, ClusterEvent>;
  private readonly claim: Handler<ProjectState, ProjectCommand, ProjectEvent>;
  private count = 0;

  constructor(
    store: EventStore,
    private readonly keystone: FakeKeystone,
    private readonly timeline: Timeline,
    private readonly chance: Chance,
  ) {
    this.send = handle(store, 'cluster', cluster);
    this.claim = handle(store, 'project', project);
  }

  get projectId(): string {
    return this.keystone.directory.projectNamed('demo')?.id ?? '';
  }

  /** Something, to something. */
  async act(): Promise<void> {
    const clusterId = this.chance.of(this.clusterIds);
    if (clusterId === undefined || (this.clusterIds.length < 4 && this.chance.is(0.4))) {
      return this.create();
    }
    const state = await this.look(clusterId);
    if (!isPresent(state)) return;
    const deed = this.chance.next();
    if (deed < 0.2) return this.delete(clusterId);
    if (deed < 0.25) return this.loseTrust(state);
    await this.try(clusterId, this.change(deed, state));
  }

  private change(deed: number, state: PresentCluster): ClusterCommand {
    if (deed < 0.5) return this.added();
    return deed < 0.65 ? this.removed(state) : this.resized(state);
  }

  look(clusterId: string): Promise<ClusterState> {
    const data = { at: this.timeline.now() };
    return this.send(
      clusterId,
      {
        type: 'RecordStackUpdate',
        data: { ...data, operationId: '', stackId: '', stackUpdatedAt: null },
      },
      this.metadata(),
    ).then(({ state }) => state);
  }

  /** With a trust that holds. */
  async delete(clusterId: string): Promise<void> {
    const state = await this.look(clusterId);
    if (!isPresent(state)) return;
    if (this.keystone.trusts.has(state.trustId ?? '')) {
      await this.try(clusterId, { type: 'DeleteCluster', data: this.begun() });
      return;
    }
    const trustId = await this.lend();
    await this.try(clusterId, { type: 'DeleteCluster', data: { ...this.begun(), trustId } });
    const after = await this.look(clusterId);
    // It was being deleted already.
    if (!isPresent(after) || after.trustId !== trustId) await this.revoke(trustId);
  }

  private async create(): Promise<void> {
    const uuid = `${String(this.count).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const claim = { clusterId: uuid, defaultLimit: 100, at: this.timeline.now() };
    await this.claim(this.projectId, { type: 'ClaimCluster', data: claim }, this.metadata());
    if (this.chance.is(0.1)) return; // the API crashes
    const trustId = await this.lend();
    const groups = ['master', 'worker'].map((role) =>
      exampleNodegroup({ uuid: `${uuid}-${role}`, name: `default-${role}`, role }),
    );
    this.clusterIds.push(uuid);
    const facts = { uuid, name: `k${this.count}`, projectId: this.projectId, keypair: null };
    const data = {
      ...this.begun(),
      cluster: { ...spec, ...facts, template: { ...template, keypairId: null } },
      nodegroups: groups,
      trustId,
    };
    await this.try(uuid, { type: 'RequestCluster', data });
    // Some change their mind while their first calls are under way.
    if (!this.chance.is(0.3)) return;
    this.timeline.after(this.chance.between(1000, 20_000), () => void this.delete(uuid));
  }

  private added(): ClusterCommand {
    const uuid = `n${this.count}-0000000000000`;
    const nodegroup = exampleNodegroup({ uuid, name: `g${this.count}`, isDefault: false });
    return { type: 'AddNodegroup', data: { ...this.begun(), nodegroup } };
  }

  private removed({ nodegroups }: PresentCluster): ClusterCommand {
    const nodegroupId = this.chance.of(nodegroups)?.uuid ?? '';
    return { type: 'RemoveNodegroup', data: { ...this.begun(), nodegroupId } };
  }

  private resized({ nodegroups }: PresentCluster): ClusterCommand {
    const workers = nodegroups.filter(({ role }) => role !== 'master');
    const nodegroupId = this.chance.of(workers)?.uuid ?? '';
    const nodeCount = this.chance.between(1, 5);
    const what = { nodegroupId, nodeCount, nodesToRemove: [], rollback: this.chance.is(0.3) };
    return { type: 'ResizeNodegroup', data: { ...this.begun(), ...what, by: 'resize' } };
  }

  private async loseTrust({ trustId }: PresentCluster): Promise<void> {
    if (trustId !== null && this.chance.is(0.3)) await this.revoke(trustId);
  }

  private async revoke(trustId: string): Promise<void> {
    await this.keystone.deleteTrust(await this.session(), trustId);
  }

  private async session() {
    const token = this.keystone.signIn('demo', 'demo');
    const validated = await this.keystone.validate(token);
    if (!validated) throw new Error('the token is not valid');
    return (this.keystone as Keystone).userSession(token, validated);
  }

  private async lend(): Promise<string> {
    const session = await this.session();
    const { userId, roles } = await session.access();
    const { userId: trusteeUserId } = await this.keystone.serviceAccount();
    const trust = await this.keystone.createTrust(session, {
      trustorUserId: userId,
      trusteeUserId,
      projectId: this.projectId,
      roles,
      redelegationCount: 2,
    });
    return trust.id;
  }

  private async try(clusterId: string, command: ClusterCommand): Promise<void> {
    try {
      await this.send(clusterId, command, this.metadata());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  private begun() {
    this.count += 1;
    const operationId = `op-${this.count}`;
    return { operationId, at: this.timeline.now(), deadline: this.timeline.in(TIMEOUT_MS) };
  }

  private metadata(): Metadata {
    this.count += 1;
    const commandId = `command-${this.count}`;
    return { correlationId: commandId, causationId: commandId, commandId, actor: null };
  }
}
