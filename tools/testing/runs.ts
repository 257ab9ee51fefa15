import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../launch/layout.ts';

/** How tests ended. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothingRun: Outcome = { passed: 0, failed: 0, skipped: 0 };

export const isCi = (): boolean => (process.env['CI'] ?? '') !== '';

export const sum = (a: Outcome, b: Outcome): Outcome => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** Builds all projects; ends the process when that fails. */
export const runBuild = (): void => {
  const built = spawnSync('nx', ['run-many', '-t', 'build', '--output-style=static'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status === 0) return;
  process.stderr.write(`${built.stdout}${built.stderr}`);
  process.exit(1);
};

/** Runs tiers of tests. A run that ends before its tests do counts as one failure. */
export const runJest = (tiers: readonly string[], options: readonly string[] = []): Outcome => {
  const folder = mkdtempSync(join(tmpdir(), 'jest-'));
  const file = join(folder, 'outcome.json');
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = ['--json', `--outputFile=${file}`, ...options, '--selectProjects', ...tiers];
  const { status } = spawnSync(process.execPath, [jest, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  const outcome = read(file);
  rmSync(folder, { recursive: true });
  return status === 0 || outcome.failed > 0 ? outcome : sum(outcome, { ...nothingRun, failed: 1 });
};

const read = (file: string): Outcome => {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    return {
      passed: result['numPassedTests'] ?? 0,
      failed: (result['numFailedTests'] ?? 0) + (result['numRuntimeErrorTestSuites'] ?? 0),
      skipped: (result['numPendingTests'] ?? 0) + (result['numTodoTests'] ?? 0),
    };
  } catch {
    return nothingRun;
  }
};

/** The closing line; ends the process with 1 unless something has passed and nothing failed. */
export const report = ({ passed, failed, skipped }: Outcome): void => {
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
};
