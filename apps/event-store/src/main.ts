import grpc from '@grpc/grpc-js';
import { pino } from 'pino';
import { ConfigInvalid, readConfig } from './config.js';
import { CannotStart, startServer } from './server.js';

const main = async (): Promise<void> => {
  // What the library would print about a port it cannot have is said once, at the end of this file.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, base: { service: 'event-store' } });
  const server = await startServer(config);
  const { port, httpPort } = server;
  log.info({ host: config.host, port, httpPort, tls: config.tls !== undefined }, 'Listening');
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    server.stop().then(
      () => {
        log.info('Stopped');
      },
      (error: unknown) => {
        log.error(error, 'Not stopped cleanly');
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

main().catch((error: unknown) => {
  const expected = error instanceof CannotStart || error instanceof ConfigInvalid;
  console.error(expected ? `event-store: ${error.message}` : error);
  process.exitCode = 1;
});
