import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { stackIdsOf } from '../cloud/stack-ids.js';
import type { Sight } from '../cloud/stack.observer.js';
import type { Result } from './cluster.effects.js';
import type { Effect, SeenStack, Situation } from './workflow/situation.js';

/** What a conductor knows of the operations in hand beside the log. Lost, it is found out again. */
export class Memory {
  /** Stacks as last seen, by id. */
  private readonly looked = new Map<string, SeenStack>();
  private readonly failedDeletions = new Map<string, number>();
  private readonly untold = new Set<string>();
  private readonly obstacles = new Map<string, string>();
  private readonly deleting = new Map<string, Set<string>>();

  saw({ seen, missing }: Sight): void {
    for (const [stackId, stack] of seen) this.looked.set(stackId, stack);
    for (const stackId of missing) this.looked.delete(stackId);
  }

  of(cluster: PresentCluster): Pick<Situation, 'seen' | 'announced' | 'obstacles' | 'deleting'> {
    const seen = new Map<string, SeenStack>();
    for (const stackId of stackIdsOf(cluster)) {
      const stack = this.looked.get(stackId);
      const failedDeletions = this.failedDeletions.get(stackId) ?? 0;
      if (stack) seen.set(stackId, { ...stack, failedDeletions });
    }
    return { seen, announced: this.untold, obstacles: this.obstacles, deleting: this.deleting };
  }

  /** Deleting once more what could not be deleted is counted. */
  begins(effect: Effect): void {
    if (effect.kind !== 'delete-stack') return;
    const { stackId } = effect;
    if (this.looked.get(stackId)?.status !== 'DELETE_FAILED') return;
    this.failedDeletions.set(stackId, (this.failedDeletions.get(stackId) ?? 0) + 1);
  }

  ends(effect: Effect, { saw, record }: Result): void {
    this.obstacles.delete(effect.operation.id);
    if (effect.kind === 'update-stack') this.untold.delete(effect.operation.id);
    if (saw) this.looked.set(saw.stackId, saw.stack);
    if (effect.kind === 'delete-stack') this.asked(effect.operation.id, effect.stackId);
    if (record?.type !== 'SettleOperation') return;
    this.untold.delete(effect.operation.id);
    if ('stackId' in effect) this.forgetStack(effect.stackId);
  }

  /** It is recorded that Heat is told of the operation: now it must be. */
  announced(operationId: string): void {
    this.untold.add(operationId);
  }

  obstruct(operationId: string, words: string): void {
    this.obstacles.set(operationId, words);
  }

  keepOnly(operationIds: readonly string[], stackIds: readonly string[]): void {
    const operations = new Set(operationIds);
    const stacks = new Set(stackIds);
    for (const id of [...this.obstacles.keys(), ...this.untold, ...this.deleting.keys()]) {
      if (operations.has(id)) continue;
      this.obstacles.delete(id);
      this.untold.delete(id);
      this.deleting.delete(id);
    }
    for (const id of [...this.looked.keys(), ...this.failedDeletions.keys()]) {
      if (!stacks.has(id)) this.forgetStack(id);
    }
  }

  private asked(operationId: string, stackId: string): void {
    const stacks = this.deleting.get(operationId) ?? new Set();
    this.deleting.set(operationId, stacks.add(stackId));
  }

  private forgetStack(stackId: string): void {
    this.looked.delete(stackId);
    this.failedDeletions.delete(stackId);
  }
}
