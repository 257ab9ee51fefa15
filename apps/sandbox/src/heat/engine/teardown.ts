import type { Resource, Stack } from './records.js';
import type { Work } from './work.js';
import type { World } from './world.js';

/** Deletes resources, each behind all that need it. */
export class Teardown {
  constructor(
    private readonly world: World,
    private readonly work: Work,
  ) {}

  /**
   * @param doomed ids of the resources that are to go
   * @returns whether all are gone
   */
  advance(stack: Stack, doomed: readonly Resource[]): boolean {
    let left = this.#left(doomed);
    for (let before = left.length + 1; left.length < before; left = this.#left(doomed)) {
      before = left.length;
      const needed = new Set(left.flatMap(({ requires }) => requires));
      for (const resource of left) {
        if (this.world.records.stack(stack.id).status !== 'IN_PROGRESS') return false;
        this.#step(stack, resource, needed.has(resource.name));
      }
    }
    return left.length === 0;
  }

  #left(doomed: readonly Resource[]): Resource[] {
    return doomed.flatMap(({ id }) => this.world.records.resources.get(id) ?? []);
  }

  #step(stack: Stack, resource: Resource, needed: boolean): void {
    const { resources } = this.world.records;
    if (resource.action === 'DELETE' && resource.status === 'IN_PROGRESS') {
      this.work.settle(stack, resource);
      return;
    }
    if (needed) return;
    // What was never made, or is to be kept, only leaves the books.
    if (resource.physicalId === null || resource.deletionPolicy === 'retain') {
      resources.delete(resource.id);
      return;
    }
    this.work.begin(stack, resource, { action: 'DELETE' });
  }
}
