import type { Append, Appended, Recorded } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';

/** Fails as it is told to. */
export class FrailEventStore extends InMemoryEventStore {
  /** Dies at the next append, before or after it took effect. */
  dies: 'no' | 'before' | 'after' = 'no';
  /** Does not show yet what was appended from this revision of a stream on. */
  lagsFrom = Infinity;

  override async append(request: Append): Promise<Appended> {
    const dies = this.dies;
    this.dies = 'no';
    if (dies === 'before') throw new Error('killed');
    const appended = await super.append(request);
    if (dies === 'after') throw new Error('killed');
    return appended;
  }

  override async read(stream: string, from?: number): Promise<readonly Recorded[]> {
    const events = await super.read(stream, from);
    return events.filter(({ revision }) => revision < this.lagsFrom);
  }
}
