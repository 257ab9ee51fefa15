import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** From a fraction of a millisecond to the longest wait of a request, in seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How a measured piece of work ended. */
export type WorkOutcome = 'done' | 'refused' | 'failed';

/** The numbers of one service, in Prometheus' format. Durations are in seconds. */
export class Metrics {
  readonly registry = new Registry();

  /** Load, decide, append; labels `command`, `outcome`. */
  readonly commands = this.histogram(
    'jeroboam_command_seconds',
    'Time from taking a command to its events being stored',
    ['command', 'outcome'],
  );
  /** Label `model`. */
  readonly projectionLag = this.histogram(
    'jeroboam_projection_lag_seconds',
    'Time from the store taking an event to its rows being committed, while live',
    ['model'],
  );
  /** Label `model`. */
  readonly projectionLive = this.gauge(
    'jeroboam_projection_live',
    '1 while the read model follows the log live, 0 while it catches up or is broken',
    ['model'],
  );
  /** Label `model`. */
  readonly projectionPosition = this.gauge(
    'jeroboam_projection_position',
    'Position in the log that the read model has passed',
    ['model'],
  );
  /** Requests sent over NATS; labels `subject`, `outcome`. */
  readonly rpcSent = this.histogram(
    'jeroboam_rpc_sent_seconds',
    'Time from sending a request over NATS to its reply, retries included',
    ['subject', 'outcome'],
  );
  /** Requests answered over NATS; labels `subject`, `outcome`. */
  readonly rpcServed = this.histogram(
    'jeroboam_rpc_served_seconds',
    'Time a request that came over NATS took to answer',
    ['subject', 'outcome'],
  );

  /** @param service label of every number: `api`, `conductor`, … */
  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds memory, CPU, event loop and garbage collection of this process. */
  withProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  histogram<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({
      name,
      help,
      labelNames: [...labelNames],
      buckets: SECONDS,
      registers: [this.registry],
    });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
