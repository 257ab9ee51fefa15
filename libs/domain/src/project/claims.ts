/**
 * Clusters that hold a place under a quota. Immutable: a change copies one of its small parts, as a
 * project may have thousands of clusters, and each creation makes a claim.
 */
export class Claims {
  static readonly none = new Claims(new Map(), 0);

  private constructor(
    private readonly parts: ReadonlyMap<string, ReadonlySet<string>>,
    readonly size: number,
  ) {}

  has(clusterId: string): boolean {
    return this.parts.get(partOf(clusterId))?.has(clusterId) ?? false;
  }

  with(clusterId: string): Claims {
    if (this.has(clusterId)) return this;
    const part = new Set(this.parts.get(partOf(clusterId))).add(clusterId);
    return new Claims(new Map(this.parts).set(partOf(clusterId), part), this.size + 1);
  }

  without(clusterId: string): Claims {
    if (!this.has(clusterId)) return this;
    const parts = new Map(this.parts);
    const part = new Set(parts.get(partOf(clusterId)));
    part.delete(clusterId);
    if (part.size > 0) parts.set(partOf(clusterId), part);
    else parts.delete(partOf(clusterId));
    return new Claims(parts, this.size - 1);
  }

  *keys(): IterableIterator<string> {
    for (const part of this.parts.values()) yield* part;
  }
}

/** Two digits of a uuid: at most 256 parts. */
const partOf = (clusterId: string): string => clusterId.slice(0, 2);
