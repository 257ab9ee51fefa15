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
    const { records } = this.world;
    for (const { id } of doomed) {
      const resource = records.resources.get(id);
      if (!resource) continue;
      if (records.stack(stack.id).status !== 'IN_PROGRESS') return false;
      this.#step(stack, resource, doomed);
    }
    return doomed.every(({ id }) => !records.resources.get(id));
  }

  #step(stack: Stack, resource: Resource, doomed: readonly Resource[]): void {
    const { resources } = this.world.records;
    if (resource.action === 'DELETE' && resource.status === 'IN_PROGRESS') {
      this.work.settle(stack, resource);
      return;
    }
    const needed = doomed.some(
      ({ id, requires }) => requires.includes(resource.name) && resources.get(id),
    );
    if (needed) return;
    // What was never made, or is to be kept, only leaves the books.
    if (resource.physicalId === null || resource.deletionPolicy === 'retain') {
      resources.delete(resource.id);
      return;
    }
    this.work.begin(stack, resource, { action: 'DELETE' });
  }
}
