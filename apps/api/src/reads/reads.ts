import type { RowReader } from '@jeroboam/eventing/row-store';
import type { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';

/** What has been written, as rows. */
export class Reads {
  /**
   * @param rows show whatever any replica had written when the request came: it is not admitted before
   */
  constructor(
    readonly rows: RowReader,
    private readonly freshness: Pick<FreshReads, 'ready'>,
  ) {}

  /** The rows once they show what has been written by now: for who has learned of it from the log. */
  async fresh(): Promise<RowReader> {
    await this.freshness.ready();
    return this.rows;
  }
}
