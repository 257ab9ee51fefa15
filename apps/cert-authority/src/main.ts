import 'reflect-metadata';
import { runWithHealth } from '@jeroboam/platform/bootstrap/run-with-health';
import { ConfigurationError } from '@jeroboam/platform/config/configuration';
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

await runWithHealth({ name: 'cert-authority', ...config }, async (around) => {
  const serving = await serve(config, around);
  return () => serving.stop();
});
