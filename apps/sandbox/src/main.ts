import './memory.js';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, type Config } from './config.js';
import { openCloud } from './open-cloud.js';
import { buildServer } from './http/server.js';

const fail = (message: string): never => {
  process.stderr.write(`sandbox: ${message}\n`);
  process.exit(1);
};

const configured = (): Config => {
  try {
    return readConfig(process.env);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
};

const start = async (config: Config): Promise<void> => {
  mkdirSync(config.dataDir, { recursive: true });
  const cloud = openCloud(join(config.dataDir, 'sandbox.sqlite'), {
    baseUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    containerInfraUrl: config.apiUrl,
    password: config.password,
    region: config.region,
    speed: config.speed,
  });
  const app = buildServer(cloud);
  const address = await app.listen({ host: config.host, port: config.port });
  cloud.settings.baseUrl = config.publicUrl ?? address;
  const stop = async (): Promise<void> => {
    await app.close();
    cloud.documents.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  process.stdout.write(`sandbox ready on ${address}\n`);
};

const config = configured();
start(config).catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const where = `${config.host}:${config.port}`;
  if (taken) fail(`port taken: ${where}; set JEROBOAM_SANDBOX_PORT to a free one`);
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
});
