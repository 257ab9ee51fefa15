/**
 * `npm run bench`: all benches in this folder; `npm run bench -- event-store`: that one. Prints
 * Markdown tables. Ends with 1 when something that must never happen did (a goal of zero missed).
 */
import { readdirSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg } from 'node:os';
import { isReached, median, show, TABLE_HEAD, toRow, type Bench } from './measure/bench.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -'.ts'.length));

const runBench = async (name: string): Promise<void> => {
  const { bench } = (await import(`./${name}.ts`)) as { bench: Bench };
  print(`\n## ${bench.title}\n\n${TABLE_HEAD}`);
  for await (const measure of bench.run()) {
    print(toRow(measure));
    const { goal, values } = measure;
    if (goal?.relation === '=' && !isReached(goal, median(values))) process.exitCode = 1;
  }
};

const machine = (): string => {
  const load = loadavg().map(show).join(' ');
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `Node ${process.version}, ${availableParallelism()} × ${model} (${arch()}), load before ${load}`;
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}; there are: ${available.join(', ')}`);
  process.exitCode = 2;
} else {
  print(machine());
  for (const name of asked.length > 0 ? asked : available) await runBench(name);
}
