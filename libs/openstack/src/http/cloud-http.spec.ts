import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { failureOf } from '../contract/cloud-under-test.js';
import { CloudHttp, type CloudHttpOptions, type HttpRequest } from './cloud-http.js';
import { CloudUnavailable } from './errors.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('CloudHttp', () => {
  let server: Server;
  let http: CloudHttp;
  let asked: IncomingMessage[];
  let answers: Answer[];

  beforeEach(async () => {
    asked = [];
    answers = [];
    server = createServer((request, response) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)]!;
      asked.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const url = (): string => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}`;
  };
  const wish = (overrides: Partial<HttpRequest> = {}): HttpRequest => ({
    service: 'compute',
    method: 'GET',
    url: `${url()}/x`,
    headers: {},
    repeatable: true,
    ...overrides,
  });
  const open = (options: CloudHttpOptions = {}): CloudHttp => {
    http = new CloudHttp({ backoffMs: 1, ...options });
    return http;
  };
  const status =
    (code: number, body = '', type = 'application/json'): Answer =>
    (_, response) => {
      response.writeHead(code, { 'content-type': type }).end(body);
    };

  it('gives status, headers and the JSON of an answer', async () => {
    answers = [status(200, '{"a":1}')];
    const answer = await open().send(wish());
    expect(answer).toMatchObject({ status: 200, body: { a: 1 }, text: '{"a":1}' });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('gives text that is no JSON as text, and nothing as nothing', async () => {
    answers = [status(404, '<html>no</html>', 'text/html'), status(204), status(200, '{"cut":')];
    open();
    expect((await http.send(wish())).body).toBe('<html>no</html>');
    expect((await http.send(wish())).body).toBeUndefined();
    expect((await http.send(wish())).body).toBe('{"cut":');
  });

  it('keeps connections for calls that follow each other', async () => {
    answers = [status(200)];
    open();
    for (let call = 0; call < 8; call += 1) await http.send(wish());
    const connections = new Set(asked.map(({ socket }) => socket.remotePort));
    expect(asked).toHaveLength(8);
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  it.each([502, 503, 504])('repeats what may be repeated after a %d', async (busy) => {
    answers = [status(busy), status(busy), status(200, '{}')];
    expect((await open().send(wish())).status).toBe(200);
    expect(asked).toHaveLength(3);
  });

  it('gives the last answer when all attempts failed', async () => {
    answers = [status(503, '{"message":"busy"}')];
    const answer = await open({ attempts: 2 }).send(wish());
    expect(answer).toMatchObject({ status: 503, body: { message: 'busy' } });
    expect(asked).toHaveLength(2);
  });

  it('does not repeat what may not be repeated, nor other failures', async () => {
    answers = [status(503), status(500), status(200)];
    open();
    expect((await http.send(wish({ method: 'POST', repeatable: false }))).status).toBe(503);
    expect((await http.send(wish())).status).toBe(500);
    expect(asked).toHaveLength(2);
  });

  it('repeats after a lost connection only what may be repeated', async () => {
    const drop: Answer = (request) => request.socket.destroy();
    answers = [drop, status(200), drop, drop];
    open();
    expect((await http.send(wish())).status).toBe(200);
    const lost = await failureOf(http.send(wish({ method: 'POST', repeatable: false })));
    expect(lost).toBeInstanceOf(CloudUnavailable);
    expect(asked).toHaveLength(3);
  });

  it('gives up after its time, once', async () => {
    answers = [() => undefined];
    const failure = await failureOf(open({ timeoutMs: 50 }).send(wish()));
    expect(failure).toBeInstanceOf(CloudUnavailable);
    expect(failure).toHaveProperty('service', 'compute');
    expect(String(failure)).toMatch(/compute service at 127\.0\.0\.1:\d+ did not answer: timeout/);
    expect(asked).toHaveLength(1);
  });

  it('says who cannot be reached', async () => {
    const failure = await failureOf(
      open().send(wish({ url: 'http://127.0.0.1:1/secret-path', method: 'POST' })),
    );
    expect(failure).toBeInstanceOf(CloudUnavailable);
    expect(String(failure)).toContain('compute service at 127.0.0.1:1');
    expect(String(failure)).not.toContain('secret-path');
  });
});
