import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';
import { healthResponse } from './health-response.js';

const works = { name: 'store', check: () => ({ healthy: true, detail: 'live' }) };
const broken = { name: 'nats', check: () => Promise.reject(new Error('gone')) };
const plain = { url: '/healthcheck', accept: '*/*' };

describe('Health', () => {
  it('is healthy when every check is', async () => {
    expect(await new Health().add(works).report()).toEqual({
      healthy: true,
      checks: { store: { healthy: true, detail: 'live' } },
    });
  });

  it('counts a check that throws as unhealthy', async () => {
    const { healthy, checks } = await new Health().add(works).add(broken).report();
    expect(healthy).toBe(false);
    expect(checks['nats']).toEqual({ healthy: false, detail: 'gone' });
  });

  it('does not wait for a check that hangs', async () => {
    const hangs = { name: 'slow', check: () => new Promise<never>(() => undefined) };
    const { checks } = await new Health(5).add(hangs).report();
    expect(checks['slow']).toEqual({ healthy: false, detail: 'no answer within 5 ms' });
  });
});

describe('healthResponse', () => {
  it('says OK in plain text', async () => {
    const response = await healthResponse(new Health().add(works), plain);
    expect(response).toMatchObject({ status: 200, body: 'OK' });
    expect(response.contentType).toMatch(/^text\/plain/);
  });

  it('names what fails with 503', async () => {
    const response = await healthResponse(new Health().add(works).add(broken), plain);
    expect(response).toMatchObject({ status: 503, body: 'nats: gone' });
  });

  it.each([
    ['?detail', { url: '/healthcheck?detail', accept: '*/*' }],
    ['accepted JSON', { url: '/healthcheck', accept: 'application/json' }],
  ])('gives all checks on %s', async (_, request) => {
    const response = await healthResponse(new Health().add(works), request);
    expect(response.contentType).toBe('application/json');
    expect(JSON.parse(response.body)).toEqual({
      status: 'ok',
      checks: { store: { healthy: true, detail: 'live' } },
    });
  });
});
