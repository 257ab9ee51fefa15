import { describe, expect, it } from '@jest/globals';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { authenticate, Unauthenticated, type KeystoneAway } from './authenticate.js';
import { fakeToken } from './fake-tokens.js';
import { TokenCache, type Validate } from './token-cache.js';

const settings = { ttlMs: 300_000, negativeTtlMs: 10_000, maxEntries: 2 };
const start = Date.parse('2026-11-23T10:00:00Z');

const setUp = (validate: Validate) => {
  const clock = { now: start };
  const asked: string[] = [];
  const cache = new TokenCache(
    (token) => {
      asked.push(token);
      return validate(token);
    },
    settings,
    () => clock.now,
  );
  return { cache, asked, clock };
};

describe('TokenCache', () => {
  it('asks once for concurrent and later requests, and knows the token by its hash', async () => {
    const { cache, asked } = setUp(() => Promise.resolve(fakeToken()));
    const found = await Promise.all([cache.look('t'), cache.look('t')]);
    await cache.look('t');
    expect(asked).toEqual(['t']);
    expect(found[0]?.hash).toBe('e3b98a4da31a127d4bde6e43033f66ba274cab0eb7eb1c70ec41402bf6273dd8');
    expect(found[1]?.token.user.id).toBe('u1');
  });

  it('asks again after its time', async () => {
    const { cache, asked, clock } = setUp(() => Promise.resolve(fakeToken()));
    await cache.look('t');
    clock.now += 299_999;
    await cache.look('t');
    clock.now += 1;
    await cache.look('t');
    expect(asked).toHaveLength(2);
  });

  it('believes no token beyond its own end', async () => {
    const token = fakeToken({ expiresAt: '2026-11-23T10:01:00.000000Z' });
    const { cache, asked, clock } = setUp(() => Promise.resolve(token));
    expect(await cache.look('t')).not.toBeNull();
    clock.now += 60_000;
    expect(await cache.look('t')).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('remembers invalid tokens for a short while', async () => {
    const { cache, asked, clock } = setUp(() => Promise.resolve(null));
    expect(await cache.look('t')).toBeNull();
    expect(await cache.look('t')).toBeNull();
    expect(asked).toHaveLength(1);
    clock.now += 10_000;
    expect(await cache.look('t')).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('forgets the oldest when full', async () => {
    const { cache, asked } = setUp(() => Promise.resolve(fakeToken()));
    for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) await cache.look(token);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('remembers no failure', async () => {
    let down = true;
    const { cache } = setUp(() =>
      down ? Promise.reject(new Error('down')) : Promise.resolve(fakeToken()),
    );
    await expect(cache.look('t')).rejects.toThrow('down');
    down = false;
    expect(await cache.look('t')).not.toBeNull();
  });
});

describe('authenticate', () => {
  const uri = 'http://keystone/v3';

  it.each([undefined, '', 'x'.repeat(16_385)])('refuses %p without asking', async (token) => {
    const { cache, asked } = setUp(() => Promise.resolve(fakeToken()));
    await expect(authenticate(token, cache, uri)).rejects.toThrow(Unauthenticated);
    expect(asked).toEqual([]);
  });

  it('answers 401 as Keystone does', async () => {
    const { cache } = setUp(() => Promise.resolve(null));
    const error: unknown = await authenticate('t', cache, uri).catch((thrown: unknown) => thrown);
    expect((error as Unauthenticated).answer()).toEqual({
      status: 401,
      body: {
        error: {
          code: 401,
          title: 'Unauthorized',
          message: 'The request you have made requires authentication.',
        },
      },
      headers: { 'WWW-Authenticate': 'Keystone uri="http://keystone/v3"' },
      versioned: false,
    });
  });

  it('answers 503 in plain text when Keystone is away', async () => {
    const away = new CloudUnavailable('no', { service: 'identity', status: null, requestId: null });
    const { cache } = setUp(() => Promise.reject(away));
    const error: unknown = await authenticate('t', cache, uri).catch((thrown: unknown) => thrown);
    expect((error as KeystoneAway).answer()).toMatchObject({
      status: 503,
      body: 'The Keystone service is temporarily unavailable.',
    });
  });
});
