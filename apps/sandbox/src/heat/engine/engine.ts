import type { Cloud } from '../../cloud.js';
import { seconds } from '../../time.js';
import { abortedReason } from './failure.js';
import { Convergence } from './converge.js';
import { Journal } from './journal.js';
import type { Action, Resource, Source, Stack } from './records.js';
import { NEVER, Records } from './records.js';
import { Scheduler } from './scheduler.js';
import { Teardown } from './teardown.js';
import { Walk } from './walk.js';
import type { Foreman } from './work.js';
import { Work } from './work.js';
import { World } from './world.js';

/** Deleted stacks that can still be looked at by id. */
const KEPT_DELETED = 200;

const EMPTY: Omit<Source, 'id'> = {
  template: { heat_template_version: '2018-08-31', resources: {} },
  files: {},
  environment: { parameters: {}, parameterDefaults: {}, registry: {} },
};

/**
 * Carries out the actions of stacks, in steps that each end on disk: a process that dies goes on
 * with the next step when it is started again.
 */
export class Engine implements Foreman {
  readonly records: Records;
  readonly world: World;
  readonly #journal: Journal;
  readonly #scheduler: Scheduler;
  readonly #convergence: Convergence;
  readonly #teardown: Teardown;
  readonly #walk: Walk;

  constructor(private readonly cloud: Cloud) {
    this.records = new Records(cloud.documents);
    this.world = new World(cloud, this.records);
    this.#journal = new Journal(this.records);
    const work = new Work(this.world, this.#journal, this);
    this.#convergence = new Convergence(this.world, work);
    this.#teardown = new Teardown(this.world, work);
    this.#walk = new Walk(this.world, work);
    this.#scheduler = new Scheduler((id) => this.#visit(id));
  }

  /** Takes up what was in progress when the last process ended. */
  start(): void {
    for (const resource of this.records.resources.all()) {
      if (resource.status !== 'IN_PROGRESS') continue;
      // Faults do not outlive the process: what hung goes on.
      if (resource.phase === 'held') this.records.resources.patch(resource, { dueAt: 0 });
      this.#scheduler.soon(resource.stackId);
    }
    for (const stack of this.records.stacks.all()) {
      if (stack.status === 'IN_PROGRESS') this.#scheduler.soon(stack.id);
    }
  }

  stop(): void {
    this.#scheduler.stop();
  }

  create(stack: Omit<Stack, 'sourceId'>, source: Omit<Source, 'id'>): Stack {
    return this.cloud.documents.transaction(() => {
      const made = { ...stack, sourceId: this.records.addSource(source) };
      this.records.stacks.put(made);
      this.begin(made, 'CREATE');
      return this.records.stack(made.id);
    });
  }

  update(stack: Stack, source: Omit<Source, 'id'>, change: Partial<Stack>): void {
    this.cloud.documents.transaction(() => {
      const changed = this.records.stacks.patch(this.records.stack(stack.id), change);
      this.begin(changed, 'UPDATE', this.records.addSource(source));
    });
  }

  act(stack: Stack, action: 'DELETE' | 'SUSPEND' | 'RESUME' | 'CHECK'): void {
    this.cloud.documents.transaction(() => {
      this.begin(stack, action);
    });
  }

  /** Gives up an update: back to what was before, or no further. */
  cancel(stack: Stack, rollback: boolean): void {
    this.cloud.documents.transaction(() => {
      if (rollback) this.#rollBack(stack);
      else this.#fail(stack, 'Stack UPDATE cancelled', false);
    });
  }

  /** Has the resource made anew by the next update. */
  mark(stack: Stack, resource: Resource): void {
    this.cloud.documents.transaction(() => {
      const reason = 'marked unhealthy by user';
      this.#journal.resource(resource, { action: 'CHECK', status: 'FAILED', reason });
      this.#scheduler.soon(stack.id);
    });
  }

  begin(stack: Stack, action: Action, sourceId?: string): void {
    const updated = action === 'UPDATE' || action === 'ROLLBACK';
    const minutes = stack.timeoutMins ?? 60;
    const replaced = sourceId === undefined ? {} : this.#replaceSource(stack, sourceId);
    const begun = this.records.stacks.patch(this.records.stack(stack.id), {
      traversal: stack.traversal + 1,
      deadline: stack.parentId === null ? Date.now() + minutes * 60_000 : null,
      ...(updated ? { updatedAt: seconds() } : {}),
      ...replaced,
    });
    this.#journal.stack(begun, action, 'IN_PROGRESS');
    this.#scheduler.soon(stack.id);
  }

  failed(stack: Stack, resource: Resource): void {
    const current = this.records.stack(stack.id);
    if (current.status !== 'IN_PROGRESS') return;
    this.#fail(current, `Resource ${resource.action} failed: ${resource.reason}`, true);
  }

  #replaceSource(stack: Stack, sourceId: string): Partial<Stack> {
    this.records.deleteSource(stack.previousSourceId);
    return { sourceId, previousSourceId: stack.sourceId };
  }

  #fail(stack: Stack, reason: string, mayRollBack: boolean): void {
    const failed = this.#journal.stack(stack, stack.action, 'FAILED', reason);
    this.records.stacks.patch(failed, { deadline: null });
    if (stack.parentId !== null) this.#scheduler.soon(stack.parentId);
    const undoes = stack.action === 'CREATE' || stack.action === 'UPDATE';
    if (mayRollBack && undoes && !stack.disableRollback)
      this.#rollBack(this.records.stack(stack.id));
  }

  #rollBack(stack: Stack): void {
    const back =
      stack.action === 'CREATE' || stack.previousSourceId === null
        ? this.records.addSource(EMPTY)
        : this.records.addSource(this.records.source(stack.previousSourceId));
    this.begin(stack, 'ROLLBACK', back);
  }

  #visit(id: string): number | undefined {
    if (!this.records.stacks.get(id)) return undefined;
    try {
      this.#step(id);
    } catch (error) {
      // A fault of this program: the stack fails, the others go on.
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`heat: stack ${id}: ${reason}\n`);
      this.cloud.documents.transaction(() => {
        this.#fail(this.records.stack(id), 'Unexpected error', false);
      });
    }
    return this.#nextVisit(id);
  }

  #step(id: string): void {
    this.cloud.documents.transaction(() => {
      const stack = this.records.stack(id);
      if (stack.status !== 'IN_PROGRESS') this.#settleLeftovers(stack);
      else if (stack.deadline !== null && stack.deadline <= Date.now()) this.#timeOut(stack);
      else if (this.#advance(stack)) this.#finish(this.records.stack(id));
    });
  }

  /** True when the action is done. */
  #advance(stack: Stack): boolean {
    switch (stack.action) {
      case 'CREATE':
      case 'UPDATE':
      case 'ROLLBACK':
        return this.#convergence.advance(stack) && this.#cleanUp(stack);
      case 'DELETE':
        return this.#teardown.advance(stack, this.records.resourcesOf(stack.id));
      case 'SUSPEND':
      case 'RESUME':
      case 'CHECK':
        return this.#walk.advance(stack);
    }
  }

  #cleanUp(stack: Stack): boolean {
    const { definitions } = this.world.blueprint(stack);
    const doomed = this.records
      .resourcesOf(stack.id)
      .filter(({ name, superseded }) => superseded || !definitions.has(name));
    return this.#teardown.advance(stack, doomed);
  }

  #finish(stack: Stack): void {
    if (stack.status !== 'IN_PROGRESS') return;
    const done = this.#journal.stack(stack, stack.action, 'COMPLETE');
    const gone = stack.action === 'DELETE';
    this.records.deleteSource(done.previousSourceId);
    const settled = this.records.stacks.patch(done, { deadline: null, previousSourceId: null });
    if (gone) this.#bury(settled);
    if (stack.parentId !== null) this.#scheduler.soon(stack.parentId);
  }

  /** Nested stacks leave nothing behind; of the others the newest can still be seen. */
  #bury(stack: Stack): void {
    const { stacks, deletedStacks } = this.records;
    stacks.delete(stack.id);
    if (stack.parentId !== null) {
      this.#forget(stack);
      return;
    }
    deletedStacks.put({ ...stack, deletedAt: seconds() });
    const [oldest] = deletedStacks.ids();
    if (deletedStacks.size > KEPT_DELETED) {
      const old = deletedStacks.get(oldest ?? '');
      if (old) this.#forget(old);
    }
  }

  #forget(stack: Stack): void {
    for (const { id } of this.records.resourcesOf(stack.id)) this.records.resources.delete(id);
    for (const { id } of this.records.eventsOf(stack.id)) this.records.events.delete(id);
    this.records.deleteSource(stack.sourceId);
    this.records.deleteSource(stack.previousSourceId);
    this.records.deletedStacks.delete(stack.id);
  }

  /** The stack has failed; what was under way in it still comes to its own end. */
  #settleLeftovers(stack: Stack): void {
    for (const resource of this.records.resourcesOf(stack.id)) {
      if (resource.status === 'IN_PROGRESS') this.#convergence.settle(stack, resource);
    }
  }

  #timeOut(stack: Stack): void {
    this.#abort(stack);
    this.#fail(this.records.stack(stack.id), 'Timed out', true);
  }

  #abort(stack: Stack): void {
    for (const resource of this.records.resourcesOf(stack.id)) {
      if (resource.status !== 'IN_PROGRESS') continue;
      const child = this.world.childOf(resource);
      if (child?.status === 'IN_PROGRESS') {
        this.#abort(child);
        this.#journal.stack(child, child.action, 'FAILED', 'Timed out');
      }
      const reason = abortedReason(resource, stack);
      this.#journal.resource(resource, { status: 'FAILED', reason });
    }
  }

  #nextVisit(id: string): number | undefined {
    const stack = this.records.stacks.get(id);
    if (!stack) return undefined;
    const dues = this.records
      .resourcesOf(id)
      .filter(({ status }) => status === 'IN_PROGRESS')
      .map(({ dueAt }) => dueAt);
    const next = Math.min(...dues, stack.deadline ?? NEVER);
    return next >= NEVER ? undefined : next;
  }
}
