import 'reflect-metadata';
import { runService } from '@jeroboam/platform/bootstrap/run-service';
import { ConfigurationError } from '@jeroboam/platform/config/configuration';
import { PinoLog } from '@jeroboam/platform/logging/pino-log';
import { readConfig, type Config } from './config.js';
import { serve } from './serve.js';

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

const config = configured();
const log = PinoLog.create({ service: 'api', level: config.logging.level });
await runService({ log }, () => serve(config, log));
