import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { Refused } from '@jeroboam/eventing/decider';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import { eventually } from '@jeroboam/testing/eventually';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { createMicroservice } from '../bootstrap/nest.js';
import { currentContext, runWithContext } from '../logging/log-context.js';
import { SilentLog } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { Nats } from '../nats/nats.js';
import { ServiceFailed, ServiceUnavailable } from './envelope.js';
import { NatsRequester } from './nats-requester.js';
import { NatsTransport } from './nats-transport.js';

let holding: Promise<void> = Promise.resolve();
let handled = 0;

@Controller()
class Echo {
  @MessagePattern('jeroboam.echo.say')
  say(@Payload() words: unknown, @Ctx() context: NatsContext): object {
    return { words, subject: context.getSubject(), context: currentContext() };
  }
  @MessagePattern('jeroboam.echo.hold')
  async hold(): Promise<string> {
    handled += 1;
    await holding;
    return 'held';
  }
  @MessagePattern('jeroboam.echo.nothing')
  nothing(): void {
    return;
  }
  @MessagePattern('jeroboam.echo.fail')
  fail(@Payload() how: string): never {
    if (how === 'refuse') throw new Refused('conflict', 'The cluster is busy.');
    if (how === 'store') throw new StoreUnavailable('away');
    throw new Error('password=hunter2');
  }
}

@Module({ controllers: [Echo] })
class EchoModule {}

describe('requests over NATS', () => {
  let server: NatsServer;
  let nats: Nats;
  let metrics: Metrics;
  let requester: NatsRequester;
  const services: INestMicroservice[] = [];
  const log = new SilentLog();

  const connect = (name: string) =>
    Nats.connect({ servers: [server.url], user: null, password: null, caFile: null }, name, log);
  const serve = async () => {
    const strategy = new NatsTransport({ nats, queue: 'echo', log, metrics, stopTimeoutMs: 2000 });
    const service = await createMicroservice(EchoModule, strategy, log);
    await service.listen();
    services.push(service);
    return service;
  };

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    metrics = new Metrics('api');
    handled = 0;
    holding = Promise.resolve();
    nats = await connect('test');
    requester = new NatsRequester(nats, metrics);
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.close()));
    await nats.close();
  });

  it('are answered, with the request id and trace of who asks', async () => {
    await serve();
    const ask = () => requester.request('jeroboam.echo.say', { pattern: 'p', data: [1] });
    const context = { requestId: 'req-7', traceparent: '00-aa-bb-01' };
    expect(await runWithContext(context, ask)).toEqual({
      words: { pattern: 'p', data: [1] },
      subject: 'jeroboam.echo.say',
      context: { ...context, subject: 'jeroboam.echo.say' },
    });
  });

  it('give null when the handler gives nothing', async () => {
    await serve();
    expect(await requester.request('jeroboam.echo.nothing', undefined)).toBeNull();
  });

  it('give a refusal on as it was', async () => {
    await serve();
    const refused = requester.request('jeroboam.echo.fail', 'refuse');
    await expect(refused).rejects.toThrow(Refused);
    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      message: 'The cluster is busy.',
    });
  });

  it('tell nothing of a bug but that there is one', async () => {
    await serve();
    const failed = requester.request('jeroboam.echo.fail', 'bug');
    await expect(failed).rejects.toThrow(ServiceFailed);
    await expect(failed).rejects.toThrow('echo failed');
  });

  it('are unavailable when the service lacks what it needs', async () => {
    await serve();
    const failed = requester.request('jeroboam.echo.fail', 'store');
    await expect(failed).rejects.toThrow(ServiceUnavailable);
  });

  it('refuse what is not JSON', async () => {
    await serve();
    const reply = await nats.connection.request('jeroboam.echo.say', '{');
    expect(reply.json()).toEqual({
      error: { code: 'invalid', message: 'The request is not JSON.' },
    });
  });

  it('give up when nobody listens in time', async () => {
    const lonely = requester.request('jeroboam.echo.say', {}, { timeoutMs: 300 });
    await expect(lonely).rejects.toMatchObject({ name: 'ServiceUnavailable', service: 'echo' });
  });

  it('wait for a service that is just starting', async () => {
    const early = requester.request('jeroboam.echo.nothing', {}, { timeoutMs: 5000 });
    await serve();
    expect(await early).toBeNull();
  });

  it('are sent again when no answer comes', async () => {
    holding = new Promise(() => undefined);
    const service = await serve();
    const options = { timeoutMs: 300, tries: 3 };
    const silent = requester.request('jeroboam.echo.hold', {}, options);
    await expect(silent).rejects.toThrow(ServiceUnavailable);
    expect(handled).toBe(3);
    holding = Promise.resolve();
    expect(service).toBeDefined();
  });

  it('go to one member of the group', async () => {
    await serve();
    await serve();
    const asked = Array.from({ length: 20 }, () => requester.request('jeroboam.echo.hold', {}));
    expect(await Promise.all(asked)).toHaveLength(20);
    expect(handled).toBe(20);
  });

  it('that are under way are finished when the service stops, and no more taken', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    holding = promise;
    const service = await serve();
    const asker = await connect('asker');
    const answer = new NatsRequester(asker, metrics).request('jeroboam.echo.hold', {});
    await eventually(() => handled === 1);
    const closed = service.close();
    await eventually(async () => {
      const late = new NatsRequester(asker, metrics);
      await expect(
        late.request('jeroboam.echo.say', {}, { timeoutMs: 20, tries: 1 }),
      ).rejects.toThrow(ServiceUnavailable);
    });
    resolve(undefined);
    expect(await answer).toBe('held');
    await closed;
    await asker.close();
  });

  it('are measured on both sides', async () => {
    await serve();
    await requester.request('jeroboam.echo.nothing', {});
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/rpc_sent_seconds_count\{.*outcome="done".*\} 1/);
    expect(text).toMatch(/rpc_served_seconds_count\{.*outcome="done".*\} 1/);
  });
});
