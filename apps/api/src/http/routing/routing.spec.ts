import { describe, expect, it } from '@jest/globals';
import { accepts } from './accept.js';
import { crossOrigin } from './cors.js';
import { addressOf, hostOf, Links } from './links.js';
import { rewriteUrl } from './rewrite-url.js';
import { RouteTable } from './route-table.js';

describe('rewriteUrl', () => {
  it.each([
    ['/', '/'],
    ['/v1', '/v1'],
    ['/v1/', '/v1'],
    ['/healthcheck', '/healthcheck'],
    ['/clusters', '/v1/clusters'],
    ['/clusters/?limit=1', '/v1/clusters?limit=1'],
    ['/v1/clusters/', '/v1/clusters'],
    ['/v1/clusters/x/?rollback=True', '/v1/clusters/x?rollback=True'],
    ['/v1/clusters/x/nodegroups/', '/v1/clusters/x/nodegroups'],
    ['/v1/clusters/detail/', '/v1/clusters/detail/'],
    ['/clustertemplates/detail/', '/v1/clustertemplates/detail/'],
    ['/v1/certificates/detail/', '/v1/certificates/detail'],
    ['/v1/clusters/x/nodegroups/detail/', '/v1/clusters/x/nodegroups/detail'],
    ['/v1/clusters/a%2Fb', '/v1/clusters/a/b'],
    ['/v1/clusters/a%20b', '/v1/clusters/a%20b'],
    ['/v2/clusters', '/v1/clusters?marker=v2'],
    ['/v2/clusters/?limit=1', '/v1/clusters?marker=v2&limit=1'],
    ['/foo/clustertemplates/detail', '/v1/clustertemplates/detail?marker=foo'],
    ['/v2/quotas', '/v1/quotas?marker=v2'],
    ['/v2/clusters/x', '/v1/v2/clusters/x'],
    ['/v2/stats', '/v1/v2/stats'],
    ['/v1/clusters/x/detail', '/v1/clusters/detail?marker=x'],
    ['/clusters/a%20b&c=+/detail?', '/v1/clusters/detail?marker=a%20b%26c%3D%2B'],
    ['/v1/clusters/clusters', '/v1/clusters/clusters'],
    ['/v1/quotas/clusters', '/v1/quotas/clusters'],
    ['/v1/stats/clusters', '/v1/stats/clusters'],
    ['/v1/clusters///', '/v1/clusters'],
    ['///', '/'],
    ['/v1.json', '/v1.json'],
    ['/v1/clusters.json', '/v1/clusters.json'],
  ])('%s goes to %s', (url, routed) => {
    expect(rewriteUrl(url, 'GET')).toBe(routed);
  });

  it('finds markers in the paths of listings only', () => {
    expect(rewriteUrl('/v2/clusters', 'POST')).toBe('/v1/v2/clusters');
    expect(rewriteUrl('/v1/clusters/x/detail?a=b', 'DELETE')).toBe('/v1/clusters/x/detail?a=b');
  });
});

describe('RouteTable', () => {
  const table = new RouteTable();
  for (const [method, pattern] of [
    ['GET', '/v1'],
    ['GET', '/v1/clusters'],
    ['POST', '/v1/clusters'],
    ['GET', '/v1/clusters/detail'],
    ['GET', '/v1/clusters/:id'],
    ['PATCH', '/v1/clusters/:id'],
    ['DELETE', '/v1/clusters/:id'],
    ['POST', '/v1/clusters/:id/actions/resize'],
    ['GET', '/v1/stats'],
    ['GET', '/v1/mservices'],
    ['GET', '/v1/quotas'],
    ['GET', '/v1/quotas/:project/:resource'],
    ['PATCH', '/v1/quotas/:project/:resource'],
    ['GET', '/v1/clusters/:cluster/nodegroups'],
    ['PATCH', '/v1/clusters/:cluster/nodegroups/:id'],
  ] as const)
    table.add(method, pattern);

  it.each([
    ['/v1', ['GET']],
    ['/v1/clusters', ['DELETE', 'GET', 'PATCH', 'POST']],
    ['/v1/clusters/x', ['DELETE', 'GET', 'PATCH', 'POST']],
    ['/v1/stats', ['GET']],
    ['/v1/stats/x', ['GET']],
    ['/v1/stats/x/y', ['GET']],
    ['/v1/mservices/x', ['GET']],
    ['/v1/quotas', ['GET', 'PATCH']],
    ['/v1/quotas/p/Cluster', ['GET', 'PATCH']],
    ['/v1/clusters/x/nodegroups', ['GET', 'PATCH']],
    ['/v1/clusters/x/actions/resize', []],
    ['/v1/clusters/x/actions/dance', []],
    ['/v1/clusters/x/actions', []],
    ['/v1/bogus', null],
    ['/v1/clusters/x/y', null],
  ])('%s allows %j', (path, methods) => {
    expect(table.allowed(path)).toEqual(methods);
  });
});

describe('accepts', () => {
  it.each([
    [undefined, true],
    ['', true],
    ['*/*', true],
    ['application/json', true],
    ['application/*', true],
    ['text/html, */*;q=0.1', true],
    ['application/json;q=0', false],
    ['application/xml', false],
    ['text/html', false],
    ['text/plain', false],
  ])('%j: %s', (header, expected) => {
    expect(accepts(header, ['application/json'])).toBe(expected);
  });
});

describe('hostOf', () => {
  const forwarded = {
    host: 'inner:9511',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'api.example.org, proxy',
    'x-forwarded-prefix': '/container-infra',
  };

  it.each([
    [forwarded, null, false, 'http://inner:9511'],
    [forwarded, null, true, 'https://api.example.org/container-infra'],
    [forwarded, 'https://p.example.org/x/', true, 'https://p.example.org/x'],
    [{ host: '[::1]:9511' }, null, false, 'http://[::1]:9511'],
    [{ host: 'evil"><script>' }, null, false, 'http://localhost'],
    [{}, null, false, 'http://localhost'],
    [{ host: 'h', 'x-forwarded-prefix': '//evil.org' }, null, true, 'http://h'],
  ])('%j with %j, trusted %s: %s', (headers, publicUrl, trustProxy, host) => {
    expect(hostOf(headers, { publicUrl, trustProxy })).toBe(host);
  });

  it('makes links of both kinds', () => {
    expect(new Links('http://h').of('clusters', 'u', 'nodegroups', 'n')).toEqual([
      { href: 'http://h/v1/clusters/u/nodegroups/n', rel: 'self' },
      { href: 'http://h/clusters/u/nodegroups/n', rel: 'bookmark' },
    ]);
  });

  it('believes a forwarded address of a trusted proxy only', () => {
    const headers = { 'x-forwarded-for': '10.0.0.1, 10.0.0.2' };
    expect(addressOf('127.0.0.1', headers, { trustProxy: false })).toBe('127.0.0.1');
    expect(addressOf('127.0.0.1', headers, { trustProxy: true })).toBe('10.0.0.1');
  });
});

describe('crossOrigin', () => {
  const asks = {
    method: 'OPTIONS',
    origin: 'https://ui',
    requestedMethod: 'PATCH',
    requestedHeaders: 'x-auth-token, content-type',
  };

  it('says nothing to origins it does not know', () => {
    expect(crossOrigin(asks, [])).toEqual({ headers: {}, preflight: false });
    expect(crossOrigin({ ...asks, origin: undefined }, ['*']).preflight).toBe(false);
  });

  it('answers a preflight', () => {
    const { headers, preflight } = crossOrigin(asks, ['https://ui']);
    expect(preflight).toBe(true);
    expect(headers['access-control-allow-origin']).toBe('https://ui');
    expect(headers['access-control-allow-methods']).toBe('GET, PUT, POST, DELETE, PATCH');
  });

  it('grants no method or header beyond its list', () => {
    const granted = 'access-control-allow-origin';
    expect(
      crossOrigin({ ...asks, requestedMethod: 'TRACE' }, ['*']).headers[granted],
    ).toBeUndefined();
    expect(
      crossOrigin({ ...asks, requestedHeaders: 'x-odd' }, ['*']).headers[granted],
    ).toBeUndefined();
  });

  it('exposes headers of plain requests', () => {
    const plain = { ...asks, method: 'GET', requestedMethod: undefined };
    expect(crossOrigin(plain, ['https://ui'])).toEqual({
      preflight: false,
      headers: {
        vary: 'Origin',
        'access-control-allow-origin': 'https://ui',
        'access-control-expose-headers':
          'X-Auth-Token, X-Subject-Token, X-Service-Token, X-OpenStack-Request-ID, X-Server-Management-Url, ETag',
      },
    });
  });
});
