import { describe, expect, it } from '@jest/globals';
import { created, spec } from '@jeroboam/domain/cluster/cluster.examples';
import { cluster as decider } from '@jeroboam/domain/cluster/decider';
import { isPresent, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { fold } from '@jeroboam/eventing/decider';
import type { Answer } from './kubernetes-api.js';
import { isReachable, isWatchedByOthers, verdictOf } from './verdict.js';

const cluster = (): PresentCluster => {
  const state = fold(decider, created);
  if (!isPresent(state)) throw new Error(state.status);
  return state;
};

const ok: Answer = { kind: 'answered', status: 200, body: 'ok' };

const nodes = (ready: Readonly<Record<string, string>>): Answer => ({
  kind: 'answered',
  status: 200,
  body: JSON.stringify({
    items: Object.entries(ready).map(([name, status]) => ({
      metadata: { name },
      status: {
        conditions: [
          { type: 'MemoryPressure', status: 'False' },
          { type: 'Ready', status },
        ],
      },
    })),
  }),
});

describe('the verdict', () => {
  it.each<[string, Answer, Answer, object]>([
    [
      'healthy',
      ok,
      nodes({ m0: 'True', w0: 'True' }),
      { status: 'HEALTHY', reason: { 'm0.Ready': 'True', 'w0.Ready': 'True', api: 'ok' } },
    ],
    [
      'a node that is not ready',
      ok,
      nodes({ m0: 'True', w0: 'Unknown' }),
      { status: 'UNHEALTHY', reason: { 'm0.Ready': 'True', 'w0.Ready': 'False', api: 'ok' } },
    ],
    [
      'an API that says no',
      { kind: 'answered', status: 500, body: '[-]etcd failed\n' },
      ok,
      { status: 'UNHEALTHY', reason: { api: '[-]etcd failed' } },
    ],
    [
      'an API that says nothing',
      { kind: 'answered', status: 503, body: '' },
      ok,
      { status: 'UNHEALTHY', reason: { api: 'HTTP 503' } },
    ],
    [
      'an API that hangs',
      { kind: 'failed', reason: 'timeout' },
      ok,
      { status: 'UNHEALTHY', reason: { api: 'timeout' } },
    ],
    [
      'no connection',
      { kind: 'unreached', code: 'ECONNREFUSED' },
      ok,
      { status: 'UNKNOWN', reason: { api: 'The cluster k8s is not accessible: ECONNREFUSED.' } },
    ],
    [
      'nodes that are refused',
      ok,
      { kind: 'answered', status: 403, body: 'nodes is forbidden' },
      { status: 'UNHEALTHY', reason: { api: 'nodes is forbidden' } },
    ],
    [
      'no Kubernetes',
      ok,
      { kind: 'answered', status: 200, body: '<html>' },
      { status: 'UNHEALTHY', reason: { api: '<html>' } },
    ],
  ])('%s', (_, healthz, listed, verdict) => {
    expect(verdictOf(cluster(), healthz, listed)).toEqual(verdict);
  });
});

describe('an API can be reached from outside', () => {
  it.each([
    [{ floatingIpEnabled: true }, true],
    [{ floatingIpEnabled: false }, false],
    [{ floatingIpEnabled: false, masterLbEnabled: true }, false],
    [{ floatingIpEnabled: true, masterLbEnabled: true }, true],
    [
      {
        floatingIpEnabled: false,
        masterLbEnabled: true,
        labels: { master_lb_floating_ip_enabled: 'true' },
      },
      true,
    ],
    [
      {
        floatingIpEnabled: true,
        masterLbEnabled: true,
        labels: { master_lb_floating_ip_enabled: 'False' },
      },
      false,
    ],
  ])('%j: %s', (changes, expected) => {
    expect(isReachable({ ...spec, ...changes })).toBe(expected);
  });
});

describe('others watch the cluster', () => {
  it.each([
    [{}, false],
    [{ auto_healing_enabled: 'true' }, false],
    [{ auto_healing_enabled: 'true', auto_healing_controller: 'draino' }, false],
    [{ auto_healing_enabled: 'True', auto_healing_controller: 'magnum-auto-healer' }, true],
  ])('%j: %s', (labels, expected) => {
    expect(isWatchedByOthers({ ...spec, labels: labels })).toBe(expected);
  });
});
