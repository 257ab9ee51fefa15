import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { failureOf } from '../contract/cloud-under-test.js';
import { SourcedSession } from '../keystone/sessions.js';
import { CloudHttp } from './cloud-http.js';
import { CloudRefused, NotFound } from './errors.js';
import { object } from './json.js';
import { allPages } from './pages.js';
import { path, ServiceClient } from './service-client.js';
import type { Access } from './session.js';

const access = (token: string): Access => ({
  token,
  userId: 'u',
  projectId: 'p',
  roles: [],
  expiresAt: '2030-01-01T00:00:00.000Z',
  catalog: [],
});

/** A list of two pages, by URL. */
const PAGES: Record<string, object> = {
  '/things': {
    things: [{ id: 'a' }, { id: 'b' }],
    things_links: [{ rel: 'next', href: 'https://proxy/behind/things?marker=b' }],
  },
  '/things?marker=b': { things: [{ id: 'c' }] },
};

describe('ServiceClient', () => {
  let server: Server;
  let http: CloudHttp;
  let client: ServiceClient;
  let asked: IncomingMessage[];
  let goodToken: string;
  let answer: { status: number; body: unknown };

  beforeEach(async () => {
    asked = [];
    goodToken = 'first-token';
    answer = { status: 200, body: { x: 1 } };
    server = createServer((request, response) => {
      asked.push(request);
      const good = request.headers['x-auth-token'] === goodToken;
      const body = PAGES[request.url ?? ''] ?? answer.body;
      response
        .writeHead(good ? answer.status : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(good ? body : { error: { message: 'no' } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}`;
    http = new CloudHttp({ backoffMs: 1 });
    client = new ServiceClient(http, {
      service: 'compute',
      base: async () => await Promise.resolve(base),
    });
  });
  afterEach(async () => {
    await http.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const session = (renewed: string) =>
    new SourcedSession(
      {
        current: async () => await Promise.resolve(access('first-token')),
        renew: async () => await Promise.resolve(access(renewed)),
      },
      { region: null, interface: 'public' },
    );

  it('sends the token and the request id', async () => {
    const as = session('').withRequestId('req-1');
    expect(
      await client.body(as, { method: 'GET', path: '/x', query: { a: ['1', 'b c'] } }),
    ).toEqual({ x: 1 });
    expect(asked[0]!.url).toBe('/x?a=1&a=b%20c');
    expect(asked[0]!.headers).toMatchObject({
      'x-auth-token': 'first-token',
      'x-openstack-request-id': 'req-1',
      accept: 'application/json',
    });
  });

  it('renews the token once after a 401', async () => {
    goodToken = 'second-token';
    const body = await client.body(session('second-token'), { method: 'POST', path: '/x' });
    expect(object(body)['x']).toBe(1);
    expect(asked.map(({ headers }) => headers['x-auth-token'])).toEqual([
      'first-token',
      'second-token',
    ]);
    const failure = await failureOf(client.call(session('third'), { method: 'GET', path: '/x' }));
    expect(failure).toBeInstanceOf(CloudRefused);
    expect(asked).toHaveLength(4);
  });

  it('keeps tokens and secrets out of what it throws', async () => {
    answer = { status: 404, body: { error: { message: 'first-token hunter22 is not there' } } };
    const call = { method: 'GET', path: '/x', secrets: ['hunter22'] } as const;
    const failure = await failureOf(client.call(session(''), call));
    expect(failure).toBeInstanceOf(NotFound);
    expect(failure).toHaveProperty('message', '*** *** is not there');
    expect(JSON.stringify(failure)).not.toMatch(/first-token|hunter22/);
  });

  it('takes the pages of a list together', async () => {
    const rows = await allPages(client, session(''), { path: '/things', member: 'things' });
    expect(rows).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  });
});

describe('path', () => {
  it('encodes its values', () => {
    expect(path`/a/${'b/c d?'}/e`).toBe('/a/b%2Fc%20d%3F/e');
  });

  it.each(['', '.', '..'])('does not let %j lead elsewhere', (value) => {
    expect(() => path`/a/${value}`).toThrow(RangeError);
  });
});
