/** Longest that a timer can be set for. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls back with the id of each stack when its time has come. One timer for all; none when idle. */
export class Scheduler {
  readonly #due = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param visit looks at a stack; returns when to look again (epoch milliseconds), or nothing */
  constructor(private readonly visit: (id: string) => number | undefined) {}

  /** Asks for a visit at that time, or earlier when one was asked for before. */
  at(id: string, time: number): void {
    const known = this.#due.get(id);
    if (known !== undefined && known <= time) return;
    this.#due.set(id, time);
    this.#arm();
  }

  soon(id: string): void {
    this.at(id, 0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#due.size === 0) return;
    const next = Math.min(...this.#due.values());
    const wait = Math.min(Math.max(0, next - Date.now()), LONGEST_MS);
    this.#timer = setTimeout(() => {
      this.#run();
    }, wait);
  }

  #run(): void {
    const now = Date.now();
    const ready = [...this.#due].filter(([, time]) => time <= now).map(([id]) => id);
    for (const id of ready) {
      this.#due.delete(id);
      const again = this.visit(id);
      if (again !== undefined) this.at(id, again);
    }
    this.#arm();
  }
}
