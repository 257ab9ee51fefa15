import type { Stack } from './records.js';
import type { Work } from './work.js';
import type { World } from './world.js';

/** Suspends, resumes or checks every resource of a stack. */
export class Walk {
  constructor(
    private readonly world: World,
    private readonly work: Work,
  ) {}

  /** True when all have done it. */
  advance(stack: Stack): boolean {
    const { records } = this.world;
    for (const resource of records.currentOf(stack.id).values()) {
      if (resource.status === 'IN_PROGRESS') this.work.settle(stack, resource);
      else if (resource.traversal !== stack.traversal && resource.physicalId !== null) {
        this.work.begin(stack, resource, { action: stack.action });
      }
    }
    return [...records.currentOf(stack.id).values()].every(
      ({ traversal, status, physicalId }) =>
        physicalId === null || (traversal === stack.traversal && status === 'COMPLETE'),
    );
  }
}
