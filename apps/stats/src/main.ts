import 'reflect-metadata';
import { runService } from '@jeroboam/platform/bootstrap/run-service';
import { configured } from '@jeroboam/platform/config/configured';
import { Health } from '@jeroboam/platform/health/health';
import { HealthServer } from '@jeroboam/platform/health/health-server';
import { PinoLog } from '@jeroboam/platform/logging/pino-log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { statsSection } from './config.js';
import { serve } from './serve.js';

const NAME = 'stats';

const config = configured(statsSection, process.env);
const log = PinoLog.create({ service: NAME, level: config.logging.level });

await runService({ log }, async () => {
  const metrics = new Metrics(NAME).withProcess();
  const { registry } = metrics;
  let started = false;
  const health = new Health().add({
    name: 'start',
    check: () => ({ healthy: started, detail: started ? 'done' : 'under way' }),
  });
  const http = await HealthServer.start({ ...config.http, health, registry });
  const stop = await serve(config, { log, metrics, health });
  started = true;
  return {
    listening: { health: http.url },
    stop: async () => {
      await stop();
      await http.close();
    },
  };
});
