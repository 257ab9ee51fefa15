import { randomUUID } from 'node:crypto';
import { seconds } from '../../time.js';
import type { Action, Records, Resource, Stack, Status } from './records.js';

const COMPLETED = 'completed successfully';

/** Changes of state, each with its event: the only writer of states. */
export class Journal {
  #order: number;

  constructor(private readonly records: Records) {
    this.#order = records.events.all().at(-1)?.order ?? 0;
  }

  stack(stack: Stack, action: Action, status: Status, reason?: string): Stack {
    const words = reason ?? `Stack ${action} ${status === 'IN_PROGRESS' ? 'started' : COMPLETED}`;
    const current = this.records.stack(stack.id);
    const changed = this.records.stacks.patch(current, { action, status, reason: words });
    this.#event(changed, {
      resourceName: stack.name,
      resourceType: 'OS::Heat::Stack',
      physicalId: stack.id,
      status: `${action}_${status}`,
      reason: words,
    });
    return changed;
  }

  /** Puts the resource in this state, with whatever else changes of it. */
  resource(resource: Resource, change: Partial<Resource>): Resource {
    const next = { reason: 'state changed', ...change, updatedAt: seconds() };
    const changed = this.records.resources.patch(resource, next);
    this.#event(this.records.stack(resource.stackId), {
      resourceName: changed.name,
      resourceType: changed.type,
      physicalId: changed.physicalId,
      status: `${changed.action}_${changed.status}`,
      reason: changed.reason,
    });
    return changed;
  }

  #event(
    stack: Stack,
    event: {
      readonly resourceName: string;
      readonly resourceType: string;
      readonly physicalId: string | null;
      readonly status: string;
      readonly reason: string;
    },
  ): void {
    this.records.events.put({
      id: randomUUID(),
      stackId: stack.id,
      stackName: stack.name,
      time: seconds(),
      order: ++this.#order,
      properties: {},
      ...event,
    });
  }
}
