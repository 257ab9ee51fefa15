import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { Health } from './health.js';
import { HealthServer } from './health-server.js';

describe('HealthServer', () => {
  let server: HealthServer;
  let healthy: boolean;

  beforeEach(async () => {
    healthy = true;
    const health = new Health().add({
      name: 'mood',
      check: () => ({ healthy, detail: 'so-so' }),
    });
    const { registry } = new Metrics('stats').withProcess();
    server = await HealthServer.start({ host: '127.0.0.1', port: 0, health, registry });
  });
  afterEach(() => server.close());

  it('answers with the state of the service', async () => {
    const well = await fetch(`${server.url}/healthcheck`);
    expect([well.status, await well.text()]).toEqual([200, 'OK']);
    healthy = false;
    const ill = await fetch(`${server.url}/healthcheck`);
    expect([ill.status, await ill.text()]).toEqual([503, 'mood: so-so']);
  });

  it('gives the numbers with the name of the service', async () => {
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toMatch(/process_resident_memory_bytes\{service="stats"\} \d+/);
  });

  it('knows no other path and no other method', async () => {
    expect((await fetch(`${server.url}/`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('rejects when the port is taken', async () => {
    const { registry } = new Metrics('stats');
    const port = Number(new URL(server.url).port);
    const second = HealthServer.start({ host: '127.0.0.1', port, health: new Health(), registry });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
