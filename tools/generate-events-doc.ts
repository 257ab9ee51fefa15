/**
 * `npm run docs:events`: writes docs/events.md from the declarations of all events. With `--check` it
 * writes nothing, and fails when the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventsDocument } from './events-doc/document.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FILE = join(ROOT, 'docs/events.md');

const text = eventsDocument(ROOT);
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/events.md is not up to date: npm run docs:events\n');
  process.exitCode = 1;
}
