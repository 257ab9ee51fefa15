import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Append, Appended } from '@jeroboam/eventing/event-store';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { SystemClock } from '@jeroboam/platform/ids/clock';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { Reports } from './reports.js';

class AbsentableEventStore extends InMemoryEventStore {
  away = false;
  hangs = false;

  override append(request: Append): Promise<Appended> {
    if (this.hangs) return new Promise(() => undefined);
    if (this.away) return Promise.reject(new StoreUnavailable('away'));
    return super.append(request);
  }
}

const MINUTE_MS = 60_000;
let store: AbsentableEventStore;

const begin = () =>
  Reports.of({ store, host: 'h1', clock: new SystemClock(), log: new SilentLog() });
const marks = () =>
  store
    .all()
    .filter(({ type }) => type === 'ConductorSeen')
    .map(({ data }) => (data as { reportCount: number }).reportCount);
const pass = (minutes: number) => jest.advanceTimersByTimeAsync(minutes * MINUTE_MS);

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-01-01T12:00:00.000Z') });
  store = new AbsentableEventStore();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('Reports', () => {
  it('register the conductor once, and count its minutes', async () => {
    const reports = await begin();
    expect(reports.count).toBe(1);
    reports.onApplicationBootstrap();
    await pass(2);
    expect(reports.count).toBe(3);
    await reports.beforeApplicationShutdown();
    expect(store.all()).toMatchObject([
      {
        stream: 'conductor-h1',
        type: 'ConductorRegistered',
        data: { host: 'h1', binary: 'magnum-conductor', at: '2026-01-01T12:00:00.000Z' },
      },
      { type: 'ConductorSeen', data: { reportCount: 1, at: '2026-01-01T12:00:00.000Z' } },
      { type: 'ConductorSeen', data: { reportCount: 4, at: '2026-01-01T12:02:00.000Z' } },
    ]);
  });

  it('leave a mark an hour', async () => {
    const reports = await begin();
    reports.onApplicationBootstrap();
    await pass(130);
    expect(marks()).toEqual([1, 61, 121]);
    await reports.beforeApplicationShutdown();
  });

  it('go on where the last life ended', async () => {
    const first = await begin();
    first.onApplicationBootstrap();
    await pass(5);
    await first.beforeApplicationShutdown();
    const second = await begin();
    expect(second.count).toBe(8);
    second.onApplicationBootstrap();
    await second.beforeApplicationShutdown();
    expect(marks()).toEqual([1, 7, 8, 9]);
  });

  it('are marked later when the log is away', async () => {
    const reports = await begin();
    store.away = true;
    reports.onApplicationBootstrap();
    await pass(62);
    expect(marks()).toEqual([]);
    store.away = false;
    await pass(1);
    expect(marks()).toEqual([64]);
    await reports.beforeApplicationShutdown();
  });

  it('end though the log does not answer', async () => {
    const reports = await begin();
    reports.onApplicationBootstrap();
    await pass(1);
    store.hangs = true;
    const end = reports.beforeApplicationShutdown();
    await jest.advanceTimersByTimeAsync(2000);
    await end;
    expect(marks()).toEqual([1]);
  });
});
