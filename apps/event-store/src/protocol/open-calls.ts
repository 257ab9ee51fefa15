/** Calls without an end of their own, so that a server that stops can end them. */
export class OpenCalls {
  readonly #endings = new Set<() => void>();

  get size(): number {
    return this.#endings.size;
  }

  /** Returns how to take the call off the list. */
  add(end: () => void): () => void {
    this.#endings.add(end);
    return () => this.#endings.delete(end);
  }

  endAll(): void {
    for (const end of [...this.#endings]) end();
  }
}
