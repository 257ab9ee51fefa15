import type { RowReader } from '@jeroboam/eventing/row-store';
import type { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';

/** The rows, once they show everything that any replica has written before. */
export class Reads {
  constructor(
    private readonly rows: RowReader,
    private readonly freshness: Pick<FreshReads, 'ready'>,
  ) {}

  async fresh(): Promise<RowReader> {
    await this.freshness.ready();
    return this.rows;
  }
}
