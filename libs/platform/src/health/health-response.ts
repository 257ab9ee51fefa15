import type { Registry } from 'prom-client';
import type { Health, HealthReport } from './health.js';

/** An answer for whichever HTTP server gives it. */
export interface PlainResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What of a request matters here. */
export interface HealthRequest {
  /** Path with query. */
  readonly url: string;
  readonly accept: string;
}

/**
 * `GET /healthcheck`: 200 `OK`, or 503 with the names of what fails, a line each. With `?detail` or
 * when JSON is accepted: `{"status": "ok" | "unavailable", "checks": {name: {healthy, detail}}}`.
 */
export const healthResponse = async (
  health: Health,
  request: HealthRequest,
): Promise<PlainResponse> => {
  const report = await health.report();
  const status = report.healthy ? 200 : 503;
  if (wantsDetail(request)) {
    const body = { status: report.healthy ? 'ok' : 'unavailable', checks: report.checks };
    return { status, contentType: 'application/json', body: JSON.stringify(body) };
  }
  const body = report.healthy ? 'OK' : failing(report).join('\n');
  return { status, contentType: 'text/plain; charset=UTF-8', body };
};

/** `GET /metrics` in Prometheus' text format. */
export const metricsResponse = async (registry: Registry): Promise<PlainResponse> => ({
  status: 200,
  contentType: registry.contentType,
  body: await registry.metrics(),
});

const wantsDetail = ({ url, accept }: HealthRequest): boolean =>
  new URL(url, 'http://service').searchParams.has('detail') || accept.includes('application/json');

const failing = ({ checks }: HealthReport): string[] =>
  Object.entries(checks)
    .filter(([, { healthy }]) => !healthy)
    .map(([name, { detail }]) => `${name}: ${detail}`);
