/** Which conductors each believes to be alive. News of a start or a death takes its time. */
export class Members {
  private readonly views = new Map<string, ReadonlySet<string>>();
  private readonly listeners = new Set<() => void>();

  /** Whether NATS carries anything. */
  connected = true;

  /** A new one knows only itself. */
  join(id: string): void {
    this.views.set(id, new Set([id]));
  }

  seenBy(id: string): readonly string[] {
    return [...(this.views.get(id) ?? [])].sort();
  }

  /** NATS is cut: each hears only itself. */
  isolate(alive: readonly string[]): void {
    for (const id of alive) this.views.set(id, new Set([id]));
    this.connected = false;
    this.announce();
  }

  /** Everybody alive learns who is alive. */
  tell(alive: readonly string[]): void {
    if (!this.connected) return;
    for (const id of alive) this.views.set(id, new Set([id, ...alive]));
    this.announce();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private announce(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
