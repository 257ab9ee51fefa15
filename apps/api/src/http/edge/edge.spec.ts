import { setTimeout as sleep } from 'node:timers/promises';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Module,
  Param,
  Patch,
  Post,
  Logger,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Refused } from '@jeroboam/eventing/decider';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import type { Token } from '@jeroboam/openstack/keystone/port';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { fakeToken } from '../auth/fake-tokens.js';
import { RequestContext } from '../auth/request-context.js';
import { Bool, Int, Text, TextMap } from '../body/fields.js';
import { Argument, Arguments, Caller, Patches, Since, TypingOf } from '../decorators.js';
import { PageQuery, toListing, toPage } from '../listing/page.js';
import { Microversion } from '../microversion/microversion.js';
import { applyPatch } from '../patch/apply-patch.js';
import type { PatchDocument } from '../patch/patch-document.js';
import type { Typing } from '../body/typing.js';
import type { EdgeSettings } from '../settings.js';
import { Admission } from './admission.js';
import { edgeAdapter, installEdge } from './install.js';

class CreateJug {
  @Text({ required: true, min: 1, max: 5 }) name!: string;
  @Int({ min: 1, default: 1 }) litres!: number;
  @TextMap() labels?: Record<string, string> | null;
}

class JugQuery extends PageQuery {
  @Bool({ since: '1.3' }) rollback?: boolean;
}

const rules = { dto: CreateJug, mandatory: ['name'] };
const sortKeys = new Set(['id', 'name']);

@Controller('v1/jugs')
class JugsController {
  @Get()
  list(@Caller() caller: RequestContext, @Arguments() query: JugQuery) {
    const page = toPage(query, { sortKeys, maxLimit: 2 });
    const rows = ['a', 'b'];
    const items = rows.map((uuid) => ({ uuid, links: caller.links.of('jugs', uuid) }));
    const url = caller.links.url('jugs');
    return toListing({ member: 'jugs', items, rows, page, url, markerOf: (row) => row });
  }

  @Get('detail')
  detail() {
    return { jugs: [] };
  }

  @Get(':id')
  show(@Caller() caller: RequestContext, @Param('id') id: string) {
    if (id === 'none') throw new Refused('not-found', `Jug ${id} could not be found.`);
    if (id === 'bug') throw new TypeError('inner secret');
    return { id, user: caller.userId, version: caller.microversion.toString() };
  }

  @Post()
  @HttpCode(202)
  create(@Argument('jug') body: CreateJug) {
    return { name: body.name, litres: body.litres };
  }

  @Patch(':id')
  @HttpCode(202)
  update(@Patches(rules) patch: PatchDocument, @TypingOf() typing: Typing) {
    return applyPatch({ name: 'n', litres: 2 }, patch, { rules, typing });
  }

  @Delete(':id')
  @HttpCode(204)
  remove(): void {
    return;
  }

  @Post(':id/actions/pour')
  @Since('1.7')
  @HttpCode(202)
  pour(@Param('id') id: string) {
    return { uuid: id };
  }
}

const tokens: Readonly<Record<string, Token>> = {
  good: fakeToken(),
  busy: fakeToken({ projectId: 'busy' }),
  limited: fakeToken({
    accessRules: [{ service: 'container-infra', method: 'GET', path: '/v1/jugs/{id}' }],
  }),
};

const keystone = {
  validate: (token: string): Promise<Token | null> =>
    token === 'away'
      ? Promise.reject(
          new CloudUnavailable('x', { service: 'identity', status: 502, requestId: null }),
        )
      : Promise.resolve(tokens[token] ?? null),
};

const settings: EdgeSettings = {
  maxMicroversion: Microversion.of('1.12'),
  host: { publicUrl: null, trustProxy: false },
  corsOrigins: ['https://ui.example.org'],
  authUri: 'http://keystone/v3',
  tokens: { ttlMs: 1000, negativeTtlMs: 1000, maxEntries: 10 },
  maxLimit: 2,
  bodyBytes: 2000,
  limits: { labels: 5, labelChars: 100 },
  rate: { perSecond: 0.001, burst: 200 },
};

@Module({ controllers: [JugsController] })
class JugsModule {}

let app: NestFastifyApplication;
/** How often the rows were awaited. */
let rowsShown = 0;

beforeAll(async () => {
  Logger.overrideLogger(false);
  app = await NestFactory.create<NestFastifyApplication>(JugsModule, edgeAdapter(settings));
  const freshness = {
    ready: async () => {
      await sleep(5);
      rowsShown += 1;
      return true;
    },
  };
  const admission = new Admission(keystone, settings, freshness);
  installEdge(app, {
    settings,
    admission,
    log: new SilentLog(),
    metrics: new Metrics('api'),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await app.close();
});

interface Asked {
  readonly token?: string | null;
  readonly version?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | object;
}

const headersOf = ({ token = 'good', version, headers = {} }: Asked) => ({
  ...(token === null ? {} : { 'x-auth-token': token }),
  ...(version === undefined ? {} : { 'openstack-api-version': `container-infra ${version}` }),
  ...headers,
});

const ask = async (route: string, asked: Asked = {}) => {
  const [method, url = '/'] = route.split(' ');
  const { statusCode, headers, payload } = await app.inject({
    method: method as 'GET',
    url,
    headers: headersOf(asked),
    ...(asked.body === undefined ? {} : { payload: asked.body }),
  });
  const isJson = headers['content-type'] === 'application/json' && payload !== '';
  return {
    status: statusCode,
    headers,
    body: isJson ? (JSON.parse(payload) as unknown) : payload,
  };
};

const error = (code: string, status: number, title: string, detail = title) => ({
  errors: [{ request_id: '', code, status, title, detail, links: [] }],
});

const versioned = {
  'openstack-api-minimum-version': 'container-infrastructure-management 1.1',
  'openstack-api-maximum-version': 'container-infrastructure-management 1.12',
  vary: 'OpenStack-API-Version',
};

describe('the edge', () => {
  it('answers a plain request with its id and versions', async () => {
    const { status, headers, body } = await ask('GET /v1/jugs/x');
    expect(status).toBe(200);
    expect(body).toEqual({ id: 'x', user: 'u1', version: '1.1' });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
    expect(headers).toMatchObject({
      ...versioned,
      'openstack-api-version': 'container-infrastructure-management 1.1',
    });
  });

  it.each([
    [null, 401],
    ['bad', 401],
    ['away', 503],
  ])('with the token %j: %d before anything else', async (token, status) => {
    for (const route of ['GET /v1/jugs', 'GET /v1/bogus', 'PUT /v1/jugs']) {
      const answer = await ask(route, { token, version: '9.9', body: '{' });
      expect(answer.status).toBe(status);
      expect(answer.headers['openstack-api-version']).toBeUndefined();
      expect(answer.headers['x-openstack-request-id']).toMatch(/^req-/);
    }
  });

  it.each<[string, Asked, number, number]>([
    ['GET /v1/jugs/x', {}, 200, 1],
    ['GET /v1/jugs/x', { token: 'bad' }, 401, 0],
    ['GET /v1/bogus', {}, 404, 0],
    ['GET /v1/jugs/x', { version: '9.9' }, 406, 0],
    ['GET /v1', {}, 404, 0],
  ])('%s, %j: %d, and the rows are awaited %d times', async (route, asked, status, times) => {
    const before = rowsShown;
    expect((await ask(route, asked)).status).toBe(status);
    expect(rowsShown - before).toBe(times);
  });

  it('words 401 and 503 as Keystone does', async () => {
    const refused = await ask('GET /v1/jugs', { token: null });
    expect(refused.body).toEqual({
      error: {
        code: 401,
        title: 'Unauthorized',
        message: 'The request you have made requires authentication.',
      },
    });
    expect(refused.headers['www-authenticate']).toBe('Keystone uri="http://keystone/v3"');
    expect((await ask('GET /v1/jugs', { token: 'away' })).body).toBe(
      'The Keystone service is temporarily unavailable.',
    );
  });

  it('never believes identity headers from outside', async () => {
    const headers = { 'x-user-id': 'root', 'x-roles': 'admin', 'x-identity-status': 'Confirmed' };
    expect((await ask('GET /v1/jugs/x', { token: null, headers })).status).toBe(401);
    expect((await ask('GET /v1/jugs/x', { headers })).body).toMatchObject({ user: 'u1' });
  });

  it.each([
    ['GET /v1/jugs/x', 200],
    ['GET /jugs/x', 200],
    ['GET /v1/jugs', 401],
    ['DELETE /v1/jugs/x', 401],
    ['GET /v1', 404],
  ])(
    'takes a token that is limited by access rules for what they name: %s: %d',
    async (route, status) => {
      expect((await ask(route, { token: 'limited' })).status).toBe(status);
    },
  );

  it.each([
    ['GET /jugs/x', 200],
    ['GET /v1/jugs/', 200],
    ['GET /v1/jugs/x/', 200],
    ['GET /v1/jugs/detail', 200],
    ['GET /v1/jugs/detail/', 200],
    ['GET /v1/jugs/a%2Fb', 404],
    ['GET /v1/jugs.json', 404],
    ['GET /v1/jugs/%zz', 404],
    [`GET /v1/jugs/${'n'.repeat(500)}`, 200],
    ['DELETE /v1/jugs/x', 204],
  ])('%s: %d', async (route, status) => {
    expect((await ask(route)).status).toBe(status);
  });

  it('answers a URL that cannot be decoded like every path that leads nowhere', async () => {
    const { body, headers } = await ask('GET /v1/jugs/%zz');
    expect(body).toEqual(error('', 404, 'Not Found', ''));
    expect(headers['x-openstack-request-id']).toMatch(/^req-/);
  });

  it('answers 404 and 405 in the form of the framework, without versions', async () => {
    const missing = await ask('GET /v1/bogus', { version: '1.5' });
    expect(missing.status).toBe(404);
    expect(missing.body).toEqual(error('', 404, 'Not Found', ''));
    expect(missing.headers['openstack-api-version']).toBeUndefined();
    for (const method of ['PUT', 'OPTIONS', 'HEAD']) {
      const { status, headers, body } = await ask(`${method} /v1/jugs`);
      expect(status).toBe(405);
      expect(headers['allow']).toBe('DELETE, GET, PATCH, POST');
      expect(headers['openstack-api-version']).toBeUndefined();
      if (method === 'PUT') expect(body).toEqual(error('', 405, 'Method Not Allowed', ''));
      if (method === 'HEAD') expect(body).toBe('');
    }
  });

  it('gates routes by version', async () => {
    const refused = await ask('POST /v1/jugs/x/actions/pour', { version: '1.6' });
    expect(refused.status).toBe(406);
    expect(refused.headers['openstack-api-version']).toBeUndefined();
    expect(refused.body).toEqual(
      error(
        '',
        406,
        'Not Acceptable',
        'Version 1.6 was requested but the requested API pour is not supported for this version.',
      ),
    );
    expect((await ask('POST /v1/jugs/x/actions/pour', { version: '1.7' })).status).toBe(202);
  });

  it('refuses versions out of range, naming the one asked for', async () => {
    const { status, headers, body } = await ask('GET /v1/jugs', { version: '1.13' });
    expect(status).toBe(406);
    expect(headers).toMatchObject({
      ...versioned,
      'openstack-api-version': 'container-infrastructure-management 1.13',
    });
    expect(body).toMatchObject({ errors: [{ code: 'magnum.microversion-unsupported' }] });
  });

  it.each([
    ['application/xml', 406],
    ['text/html', 406],
    ['text/html, */*', 200],
  ])('accepting %s: %d', async (accept, status) => {
    expect((await ask('GET /v1/jugs/x', { headers: { accept } })).status).toBe(status);
  });

  it('types bodies, and keeps the version headers on their faults', async () => {
    expect((await ask('POST /v1/jugs', { body: { name: 'n', litres: '3' } })).body).toEqual({
      name: 'n',
      litres: 3,
    });
    const { status, headers, body } = await ask('POST /v1/jugs', { body: { litres: 1 } });
    expect(status).toBe(400);
    expect(headers).toMatchObject(versioned);
    expect(body).toEqual(
      error(
        'client',
        400,
        'Invalid input for field/attribute name',
        "Invalid input for field/attribute name. Value: 'None'. Mandatory field missing.",
      ),
    );
  });

  it.each([
    ['POST /v1/jugs', undefined, '', 400, 'Missing argument: "jug"'],
    ['POST /v1/jugs', 'application/json', '{', 400, 'Request is not in valid JSON format'],
    ['POST /v1/jugs', 'text/plain', 'x', 415, 'Unknown mimetype: text/plain'],
    [
      'PATCH /v1/jugs/x',
      'application/json-patch+json',
      '[]',
      415,
      'Unknown mimetype: application/json-patch+json',
    ],
    ['POST /v1/jugs', 'nonsense', '{}', 415, 'Unknown mimetype: nonsense'],
    ['POST /v1/jugs', 'application/x-www-form-urlencoded', 'foo=1', 400, 'Unknown argument: "foo"'],
    [
      'POST /v1/jugs',
      'application/json',
      `{"name":"${'x'.repeat(3000)}"}`,
      413,
      'Request is too large.',
    ],
    ['DELETE /v1/jugs/x', 'application/json', '{"a":1}', 400, 'Unknown argument: "a"'],
    ['PATCH /v1/jugs/x', 'application/json', '', 400, 'Missing argument: "patch"'],
    ['GET /v1/jugs?foo=1', undefined, undefined, 400, 'Unknown argument: "foo"'],
    ['GET /v1/jugs/x?foo=1', undefined, undefined, 400, 'Unknown argument: "foo"'],
    ['GET /v1/jugs?rollback=1', undefined, undefined, 400, 'Unknown argument: "rollback"'],
    ['GET /v1/jugs?limit=0', undefined, undefined, 400, 'Limit must be positive'],
    [
      'GET /v1/jugs?limit=1&limit=2',
      undefined,
      undefined,
      400,
      "Invalid input for field/attribute limit. Value: '['1', '2']'. Value should be given once.",
    ],
    ['GET /v1/jugs/none', undefined, undefined, 404, 'Jug none could not be found.'],
  ])('%s as %s: %j is %d', async (route, type, body, status, detail) => {
    const answer = await ask(route, {
      headers: type === undefined ? {} : { 'content-type': type },
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.body).toMatchObject({ errors: [{ status, code: 'client', detail }] });
    expect(answer.headers).toMatchObject(versioned);
  });

  it('does not look at the type of an empty body', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await ask('DELETE /v1/jugs/x', { headers })).status).toBe(204);
  });

  it('keeps the inside of a bug inside', async () => {
    const { status, body, headers } = await ask('GET /v1/jugs/bug');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body).toMatchObject({ errors: [{ code: 'server' }] });
    expect(JSON.stringify(body)).toContain(String(headers['x-openstack-request-id']));
  });

  it('applies patches', async () => {
    const body = [{ op: 'replace', path: '/litres', value: '4' }];
    expect((await ask('PATCH /v1/jugs/x', { body })).body).toEqual({ name: 'n', litres: 4 });
  });

  it('pages with a next link at the host of the request', async () => {
    const { body } = await ask('GET /v1/jugs?limit=2&sort_key=name', {
      headers: { host: 'api:9511' },
    });
    expect(body).toMatchObject({
      next: 'http://api:9511/v1/jugs?sort_key=name&sort_dir=asc&limit=2&marker=b',
      jugs: [{ links: [{ href: 'http://api:9511/v1/jugs/a', rel: 'self' }, {}] }, {}],
    });
  });

  it('answers preflights of known origins, and 405 to other OPTIONS', async () => {
    const headers = {
      origin: 'https://ui.example.org',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-auth-token',
    };
    const preflight = await ask('OPTIONS /v1/jugs', { token: null, headers });
    expect(preflight.status).toBe(200);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://ui.example.org');
    const plain = await ask('GET /v1/jugs', { headers: { origin: 'https://ui.example.org' } });
    expect(plain.headers['vary']).toBe('Origin, OpenStack-API-Version');
    expect(plain.headers['access-control-allow-origin']).toBe('https://ui.example.org');
    const origin = { origin: 'https://ui.example.org' };
    for (const [route, version, vary] of [
      ['GET /v1/jugs/none', '1.5', 'Origin, OpenStack-API-Version'],
      ['GET /v1/jugs', '1.13', 'Origin, OpenStack-API-Version'],
      ['GET /v1/bogus', '1.5', 'Origin'],
    ] as const)
      expect((await ask(route, { version, headers: origin })).headers['vary']).toBe(vary);
  });

  it('limits the rate of a project', async () => {
    for (let sent = 0; sent < 200; sent += 1)
      expect((await ask('GET /v1/jugs/x', { token: 'busy' })).status).toBe(200);
    const { status, headers } = await ask('GET /v1/jugs/x', { token: 'busy' });
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(1);
    expect((await ask('GET /v1/jugs/x')).status).toBe(200);
  });
});
