import { existsSync, readFileSync } from 'node:fs';

const TICK_US = 10_000;

/** Resident memory of a process, MiB. Linux only, elsewhere `undefined`. */
export const memoryMiB = (pid: number): number | undefined => {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return undefined;
  const [, kib] = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(status, 'utf8')) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1024;
};

/** Processor time a process has used, µs, in steps of 10 ms. Linux only, elsewhere NaN. */
export const processorUs = (pid: number): number => {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return NaN;
  // Fields 14 and 15; counted from behind the name, which may hold blanks.
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
};
