export interface LookupCacheSettings {
  /** How long an answer is good, in ms. */
  readonly ttlMs: number;
  readonly maxEntries: number;
}

interface Kept {
  readonly answer: Promise<unknown>;
  readonly until: number;
}

/** Answers kept for a moment; one question is asked once at a time. Failures are not kept. */
export class LookupCache {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly settings: LookupCacheSettings,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param key whose question it is, and what is asked: never the same for two tokens */
  get<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key);
    // The key tells the kind of thing, and so its type.
    if (known !== undefined && this.now() < known.until) return known.answer as Promise<T>;
    const answer = ask();
    this.keep(key, { answer, until: this.now() + this.settings.ttlMs });
    answer.catch(() => {
      if (this.kept.get(key)?.answer === answer) this.kept.delete(key);
    });
    return answer;
  }

  private keep(key: string, kept: Kept): void {
    this.kept.delete(key);
    this.kept.set(key, kept);
    if (this.kept.size > this.settings.maxEntries)
      this.kept.delete(this.kept.keys().next().value ?? '');
  }
}
