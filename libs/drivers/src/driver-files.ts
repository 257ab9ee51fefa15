import { readFileSync } from 'node:fs';

/** The text of files, by the names their templates use for them. Paths are relative to `base`. */
export const readDriverFiles = (
  base: string,
  paths: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    paths.map((path) => [
      path.replace(/^\.\.\/node\//, ''),
      readFileSync(new URL(path, base), 'utf8'),
    ]),
  );
