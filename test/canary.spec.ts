import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');

describe('the rule on who may import whom', () => {
  it('complains of the project that breaks it', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/check-canary.ts'], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false' },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^@nx\/enforce-module-boundaries, line 1: A project tagged with "type:domain" can only depend on libs tagged with "type:kernel"/,
    );
  }, 70_000);
});
