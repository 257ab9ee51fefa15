import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');

describe('docs/events.md', () => {
  it('is what the declarations of the events say', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['tools/generate-events-doc.ts', '--check'],
      { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' }, encoding: 'utf8', timeout: 60_000 },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }, 70_000);

  it('tells of an event its fields, and of a field its type and meaning', () => {
    const text = readFileSync(resolve(ROOT, 'docs/events.md'), 'utf8');
    const [, resize = ''] = text.split('### ResizeRequested\n');
    const section = resize.slice(0, resize.indexOf('\n### '));
    expect(section).toContain('| `operationId` | `string` |');
    expect(section).toContain(
      '| `nodesToRemove` | `readonly string[]` | Servers to take away first: Heat index, server UUID or private IP. |',
    );
    expect(text).toContain('Stream `authority-<cluster uuid>`');
    expect(text).toContain('### NodegroupSpec');
  });
});
