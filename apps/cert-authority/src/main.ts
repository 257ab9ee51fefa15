import 'reflect-metadata';
import { ConfigurationError } from '@jeroboam/platform/config/configuration';
import { Health } from '@jeroboam/platform/health/health';
import { HealthServer } from '@jeroboam/platform/health/health-server';
import { PinoLog } from '@jeroboam/platform/logging/pino-log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { readConfig, type Config } from './config.js';
import { serve } from './serve.js';

const NAME = 'cert-authority';
/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIGURATION = 78;

const configured = (): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const fault of error.faults) process.stderr.write(`configuration: ${fault}\n`);
    return process.exit(EXIT_CONFIGURATION);
  }
};

const run = async (config: Config, log: PinoLog): Promise<void> => {
  let started = false;
  const health = new Health().add({
    name: 'start',
    check: () => ({ healthy: started, detail: started ? 'done' : 'under way' }),
  });
  const metrics = new Metrics(NAME).withProcess();
  const { registry } = metrics;
  const http = await HealthServer.start({ ...config.http, health, registry });
  const serving = await serve(config, { log, metrics, health });
  started = true;
  const stop = async (signal: string): Promise<void> => {
    log.info('Stopping', { signal });
    await serving.stop();
    await http.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop(signal));
  }
  log.info('Listening', { health: http.url, secretStore: config.store });
};

const config = configured();
const log = PinoLog.create({ service: NAME, level: config.logging.level });
run(config, log).catch((err: unknown) => {
  log.error('Could not start', { err });
  process.exit(1);
});
