/** Work on one key is done one after the other; a failure does not hold up the next. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(key) ?? Promise.resolve()).then(work, work);
    this.last.set(key, mine);
    const tidy = () => {
      if (this.last.get(key) === mine) this.last.delete(key);
    };
    mine.then(tidy, tidy);
    return mine;
  }
}
