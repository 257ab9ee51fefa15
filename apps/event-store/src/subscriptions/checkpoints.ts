/**
 * Tells how far a filtered subscription has looked while nothing passes its filter, so that its
 * client need not look again. One is due after `interval` events looked at.
 */
export class Checkpoints {
  readonly #interval: number;
  #considered = 0;

  /** `Infinity` when the client did not ask. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Is one due, now that so many more have been looked at? */
  due(considered: number): boolean {
    this.#considered += considered;
    if (this.#considered < this.#interval) return false;
    this.#considered = 0;
    return true;
  }

  /** Is one due at the end of history? */
  dueAtEnd(): boolean {
    const due = Number.isFinite(this.#interval) && this.#considered > 0;
    this.#considered = 0;
    return due;
  }
}
