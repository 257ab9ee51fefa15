/** What of a read model matters here. */
interface Reached {
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>;
}

/** What of the announcements matters here. */
interface Announced {
  readonly furthest: bigint | null;
}

/** Lets a read wait until the rows show what any replica has written before it. */
export class FreshReads {
  private abandoned = -1n;

  constructor(
    private readonly model: Reached,
    private readonly positions: Announced,
    private readonly timeoutMs = 500,
  ) {}

  /**
   * True when the rows are fresh, false when the wait was too long. A position once waited for in
   * vain holds up nobody else: one stuck projection must not slow down every read.
   */
  async ready(): Promise<boolean> {
    const { furthest } = this.positions;
    if (furthest === null) return true;
    const timeoutMs = furthest <= this.abandoned ? 0 : this.timeoutMs;
    const reached = await this.model.waitFor(furthest, timeoutMs);
    if (!reached && furthest > this.abandoned) this.abandoned = furthest;
    return reached;
  }
}
