/**
 * Fails unless the rule on who may import whom complains of the project that breaks it, and nothing
 * else does. Without a project graph the rule is silent: one is made first, as `nx lint` would.
 */
import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';

const ROOT = resolve(import.meta.dirname, '..');
const RULE = '@nx/enforce-module-boundaries';

process.chdir(ROOT);
await createProjectGraphAsync({ exitOnError: false });
const eslint = new ESLint({ cwd: ROOT, ignore: false });
const results = await eslint.lintFiles([join(ROOT, 'test/canary/src/*.ts')]);
const complaints = results.flatMap(({ messages }) => messages);
const others = complaints.filter(({ ruleId }) => ruleId !== RULE);

for (const { ruleId, line, message } of complaints) {
  process.stdout.write(`${ruleId ?? 'parser'}, line ${line}: ${message}\n`);
}
if (complaints.length === 0 || others.length > 0) {
  process.stderr.write(
    `canary: ${RULE} alone should have complained of test/canary; ` +
      `it did so ${complaints.length - others.length} times, other rules ${others.length} times\n`,
  );
  process.exitCode = 1;
}
