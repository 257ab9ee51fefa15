import { describe, expect, it } from '@jest/globals';
import { Child } from './child.js';
import { eventually } from './eventually.js';
import { freePorts } from './free-port.js';

const start = (script: string, ready = /ready/) =>
  Child.start({
    name: 'script',
    command: process.execPath,
    args: ['--eval', script],
    env: {},
    ready,
    readyTimeoutMs: 10_000,
  });
const STAYS = 'setInterval(() => {}, 1000); console.log("ready");';

describe('Child', () => {
  it('is ready when it has said so, on either output', async () => {
    const child = await start(`console.error("ready");${STAYS}`);
    expect(child.running).toBe(true);
    expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(child.running).toBe(false);
  });

  it('may end by itself when asked to', async () => {
    const child = await start(`process.on("SIGTERM", () => process.exit(3));${STAYS}`);
    expect(await child.stop()).toEqual({ code: 3, signal: null });
  });

  it('is ended when it does not listen', async () => {
    const child = await start(`process.on("SIGTERM", () => {});${STAYS}`);
    expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('shows the output of one that ends before it is ready', async () => {
    const started = start('console.log("sorry"); process.exit(2)');
    await expect(started).rejects.toThrow(/script ended with 2; its output:\nsorry/);
  });
});

describe('eventually', () => {
  it('asks until the answer is true', async () => {
    let asked = 0;
    await eventually(() => ++asked === 3, { intervalMs: 1 });
    expect(asked).toBe(3);
  });

  it('throws the last error at the deadline', async () => {
    const failing = eventually(
      () => {
        expect(1).toBe(2);
      },
      { timeoutMs: 10, intervalMs: 1 },
    );
    await expect(failing).rejects.toThrow('toBe');
  });
});

describe('freePorts', () => {
  it('gives so many different ones', async () => {
    expect(new Set(await freePorts(5)).size).toBe(5);
  });
});
