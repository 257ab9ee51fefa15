import { Health } from '../health/health.js';
import { HealthServer } from '../health/health-server.js';
import type { Log } from '../logging/log.js';
import { PinoLog } from '../logging/pino-log.js';
import type { LoggingConfig } from '../config/sections.js';
import { Metrics } from '../metrics/metrics.js';
import { runService } from './run-service.js';

/** What every part of a process uses. */
export interface Surroundings {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
}

export interface HealthyServiceOptions {
  readonly name: string;
  readonly logging: LoggingConfig;
  readonly http: { readonly host: string; readonly port: number };
}

/**
 * Runs a service that has no HTTP interface of its own, with health and metrics beside it: they answer
 * from the first moment, unhealthy until `serve` is done.
 *
 * @param serve resolves with how to stop
 */
export const runWithHealth = (
  { name, logging, http }: HealthyServiceOptions,
  serve: (around: Surroundings) => Promise<() => Promise<void>>,
): Promise<void> => {
  const log = PinoLog.create({ service: name, level: logging.level });
  return runService({ log }, async () => {
    const metrics = new Metrics(name).withProcess();
    let started = false;
    const health = new Health().add({
      name: 'start',
      check: () => ({ healthy: started, detail: started ? 'done' : 'under way' }),
    });
    const server = await HealthServer.start({ ...http, health, registry: metrics.registry });
    const stop = await serve({ log, metrics, health });
    started = true;
    return {
      listening: { health: server.url },
      stop: async () => {
        await stop();
        await server.close();
      },
    };
  });
};
