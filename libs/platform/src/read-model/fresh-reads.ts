import type { Ahead } from '@jeroboam/eventing/event-store';
import { within } from '../event-store/patience.js';
import type { Log } from '../logging/log.js';

/** What of a read model matters here. */
interface Model {
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>;
  lookAhead(from: bigint): Promise<Ahead>;
}

export interface FreshReadsOptions {
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Others that write. Without them the rows show what this process has written, and the log is not asked. */
  readonly peers?: { readonly none: boolean };
  /** Longest wait for the log's answer, and then for the rows, in ms. */
  readonly timeoutMs?: number;
  /** After the log has not answered, reads go on without it for so long, in ms. */
  readonly blindMs?: number;
}

const TIMEOUT_MS = 500;
const BLIND_MS = 1000;

/**
 * Lets a read wait until the rows show whatever any replica has written before it: the log is asked how
 * far it goes, once for all reads that came meanwhile. A log that is away holds up nobody for long.
 */
export class FreshReads {
  /** The log is known up to here; the last of it that the rows are to show. */
  private seen = -1n;
  private last = -1n;
  private waiting: ((isKnown: boolean) => void)[] = [];
  private isLooking = false;
  private abandoned = -1n;
  private blindUntil = -Infinity;
  private readonly timeoutMs: number;
  private readonly blindMs: number;

  constructor(
    private readonly model: Model,
    private readonly options: FreshReadsOptions,
  ) {
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.blindMs = options.blindMs ?? BLIND_MS;
  }

  /**
   * True when the rows are fresh, false when that could not be told in time. A position once waited for
   * in vain holds up nobody else: one stuck projection must not slow down every read.
   */
  async ready(): Promise<boolean> {
    if (this.options.peers?.none === true) return true;
    if (!(await this.isLastKnown())) return false;
    const { last } = this;
    const reached = await this.model.waitFor(last, last <= this.abandoned ? 0 : this.timeoutMs);
    if (!reached && last > this.abandoned) this.abandoned = last;
    return reached;
  }

  /** After a look that has begun after this call. */
  private isLastKnown(): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (!this.isLooking) void this.lookOnAndOn();
    });
  }

  private async lookOnAndOn(): Promise<void> {
    this.isLooking = true;
    while (this.waiting.length > 0) {
      const told = this.waiting;
      this.waiting = [];
      const isKnown = await this.look();
      for (const tell of told) tell(isKnown);
    }
    this.isLooking = false;
  }

  private async look(): Promise<boolean> {
    const { log } = this.options;
    if (performance.now() < this.blindUntil) return false;
    try {
      const { last, end } = await within(this.timeoutMs, this.model.lookAhead(this.seen));
      this.seen = end;
      this.last = last ?? this.last;
      if (this.blindUntil >= 0) log.info('reads are compared with the log again');
      this.blindUntil = -Infinity;
      return true;
    } catch (error) {
      if (this.blindUntil < 0) log.warn('reads cannot be compared with the log', { err: error });
      this.blindUntil = performance.now() + this.blindMs;
      return false;
    }
  }
}
