import { describe, expect, it } from '@jest/globals';
import { fakeToken } from './fake-token.js';
import { CachedLogin } from './sessions.js';
import { accessFrom, type Grant } from './wire.js';

const HOUR_MS = 3_600_000;

describe('CachedLogin', () => {
  const arrange = () => {
    const clock = { now: 0, logins: 0, fails: false };
    const user = { id: 'u', name: 'u', domainId: 'default', domainName: 'Default' };
    const login = async (): Promise<Grant> => {
      clock.logins += 1;
      const nth = clock.logins;
      await Promise.resolve();
      if (clock.fails) throw new Error('away');
      const content = { user, project: null, roles: [], trustId: null, restricted: null };
      const token = fakeToken(content, clock.now);
      return { token, access: accessFrom(`token-${nth}`, token) };
    };
    return { clock, cached: new CachedLogin(login, () => clock.now) };
  };

  it('signs in once for all who ask at the same time', async () => {
    const { clock, cached } = arrange();
    const all = await Promise.all([cached.current(), cached.current(), cached.current()]);
    expect(all.map(({ token }) => token)).toEqual(['token-1', 'token-1', 'token-1']);
    expect(clock.logins).toBe(1);
  });

  it('keeps the token until five minutes before its end', async () => {
    const { clock, cached } = arrange();
    await cached.current();
    clock.now = HOUR_MS - 300_001;
    expect((await cached.current()).token).toBe('token-1');
    clock.now = HOUR_MS - 300_000;
    expect((await cached.current()).token).toBe('token-2');
  });

  it('renews a refused token once, however many were refused', async () => {
    const { clock, cached } = arrange();
    const stale = await cached.current();
    const renewed = await Promise.all([cached.renew(stale), cached.renew(stale)]);
    expect(renewed.map(({ token }) => token)).toEqual(['token-2', 'token-2']);
    expect((await cached.renew(stale)).token).toBe('token-2');
    expect(clock.logins).toBe(2);
  });

  it('tries again after a login that failed', async () => {
    const { clock, cached } = arrange();
    clock.fails = true;
    await expect(cached.current()).rejects.toThrow('away');
    clock.fails = false;
    expect((await cached.current()).token).toBe('token-2');
  });
});
