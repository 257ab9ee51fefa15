import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle } from '@jeroboam/eventing/handle';
import { conductor } from '@jeroboam/domain/conductor/decider';
import { within } from '@jeroboam/platform/event-store/patience';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { serviceMetadata } from './service-metadata.js';

/** How Magnum's clients know a conductor. */
const BINARY = 'magnum-conductor';

const REPORT_INTERVAL_MS = 60_000;
/** Reports between two marks. */
const MARK_EVERY = 60;
/** How long a mark may take: the end of the conductor does not wait for a log that is away. */
const MARK_WITHIN_MS = 2000;

export interface ReportsOptions {
  readonly store: EventStore;
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Counts the minutes in which there has been a conductor on this host, in all its lives: Magnum's
 * `report_count`. Heartbeats carry the count. At the start, at the end and once an hour it is marked in the
 * log, where the next life goes on from, and where those look who have not heard a heartbeat.
 */
export class Reports implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private reported: number;

  private constructor(
    private readonly options: ReportsOptions,
    private readonly mark: (reportCount: number) => Promise<unknown>,
    private marked: number,
  ) {
    this.reported = marked + 1;
  }

  /** Registers the conductor, so that it is listed also when it is down, and finds its count. */
  static async of(options: ReportsOptions): Promise<Reports> {
    const { store, host, clock } = options;
    const send = handle(store, 'conductor', conductor);
    const data = { host, binary: BINARY, at: clock.now() };
    const registration = serviceMetadata(host, `register/${host}`);
    const { state } = await send(host, { type: 'RegisterConductor', data }, registration);
    const mark = (reportCount: number) =>
      send(
        host,
        { type: 'MarkConductorSeen', data: { reportCount, at: clock.now() } },
        serviceMetadata(host, `seen/${host}/${reportCount}`),
      );
    return new Reports(options, mark, state.reportCount);
  }

  get count(): number {
    return this.reported;
  }

  onApplicationBootstrap(): void {
    void this.markNow();
    this.timer = setInterval(() => {
      this.reported += 1;
      if (this.reported - this.marked >= MARK_EVERY) void this.markNow();
    }, REPORT_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.reported += 1;
    await this.markNow();
  }

  /** What fails is due again a minute later, but at the end: then the count since the last mark is lost. */
  private async markNow(): Promise<void> {
    const { reported } = this;
    try {
      await within(MARK_WITHIN_MS, this.mark(reported));
      this.marked = reported;
    } catch (err) {
      this.options.log.warn('the count of reports could not be marked', { err });
    }
  }
}
