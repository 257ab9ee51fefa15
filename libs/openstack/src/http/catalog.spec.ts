import { describe, expect, it } from '@jest/globals';
import { GivenToken, SourcedSession } from '../keystone/sessions.js';
import { endpointOf, findEndpoint, isOffered, withVersion } from './catalog.js';
import { CloudUnavailable } from './errors.js';
import type { CatalogEntry } from './session.js';

const entry = (type: string, region: string, url: string): CatalogEntry => ({
  type,
  name: type,
  endpoints: [
    { interface: 'internal', region, url: `${url}/internal` },
    { interface: 'public', region, url },
  ],
});

const catalog = [
  entry('volumev3', 'One', 'http://c/v3/p'),
  entry('image', 'One', 'http://g1/'),
  entry('image', 'Two', 'http://g2'),
];

describe('findEndpoint', () => {
  it('goes by type, region and interface', () => {
    const find = (region: string | null, kind: 'public' | 'internal') =>
      findEndpoint(catalog, ['image'], { region, interface: kind });
    expect(find(null, 'public')).toBe('http://g1');
    expect(find('Two', 'public')).toBe('http://g2');
    expect(find('Two', 'internal')).toBe('http://g2/internal');
    expect(find('Three', 'public')).toBeNull();
  });

  it('knows a service by its older types', () => {
    const choice = { region: 'One', interface: 'public' } as const;
    expect(findEndpoint(catalog, ['block-storage', 'volumev3'], choice)).toBe('http://c/v3/p');
  });

  it('says which service is not there', () => {
    const look = () =>
      endpointOf(catalog, ['load-balancer'], { region: 'One', interface: 'public' });
    expect(look).toThrow(CloudUnavailable);
    expect(look).toThrow(/no public endpoint of type load-balancer in region One/);
  });
});

describe('isOffered', () => {
  const session = new SourcedSession(
    new GivenToken({
      token: 't',
      userId: 'u',
      projectId: 'p',
      roles: [],
      expiresAt: '2026-01-01T12:00:00.000Z',
      catalog,
    }),
    { region: 'One', interface: 'public' },
  );

  it('goes by the catalog', async () => {
    expect(await isOffered(session, 'volume')).toBe(true);
    expect(await isOffered(session, 'load-balancer')).toBe(false);
  });

  it('does not take a lost token for a service that is not there', async () => {
    const away = new CloudUnavailable('x', { service: 'identity', status: 503, requestId: null });
    const source = { current: () => Promise.reject(away), renew: () => Promise.reject(away) };
    const lost = new SourcedSession(source, { region: null, interface: 'public' });
    await expect(isOffered(lost, 'volume')).rejects.toBe(away);
  });
});

describe('withVersion', () => {
  it.each([
    ['http://h:9292', 'v2', 'http://h:9292/v2'],
    ['http://h/image', 'v2', 'http://h/image/v2'],
    ['http://h/image/v2', 'v2', 'http://h/image/v2'],
    ['http://h:9696/v2.0', 'v2.0', 'http://h:9696/v2.0'],
  ])('of %s', (url, version, whole) => {
    expect(withVersion(url, version)).toBe(whole);
  });
});
