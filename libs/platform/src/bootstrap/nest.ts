import type {
  INestApplicationContext,
  INestMicroservice,
  Type,
  DynamicModule,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Log } from '../logging/log.js';
import { NestLog } from '../logging/nest-log.js';
import type { NatsTransport } from '../rpc/nats-transport.js';
import { RpcErrors } from '../rpc/rpc-errors.js';

type Module = Type | DynamicModule;

const options = (log: Log) => ({
  logger: new NestLog(log),
  // A fault of the start is thrown to whoever starts, not the end of the process behind its back.
  abortOnError: false,
});

/** A Nest microservice that answers over the transport and writes to our log. Not listening yet. */
export const createMicroservice = async (
  module: Module,
  strategy: NatsTransport,
  log: Log,
): Promise<INestMicroservice> => {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options with a class that it does not export
  const service = await NestFactory.createMicroservice(module, { strategy, ...options(log) });
  service.useGlobalFilters(new RpcErrors());
  return service;
};

/** A Nest application on Fastify that writes to our log. Not listening yet. */
export const createHttpApplication = (
  module: Module,
  adapter: FastifyAdapter,
  log: Log,
): Promise<NestFastifyApplication> =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as above
  NestFactory.create<NestFastifyApplication>(module, adapter, options(log));

/** A Nest application without a network side, started: its providers live until it is closed. */
export const createContext = (module: Module, log: Log): Promise<INestApplicationContext> =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as above
  NestFactory.createApplicationContext(module, options(log));
