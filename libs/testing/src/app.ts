import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Child } from './child.js';

export interface AppOptions {
  /** Name of the project under `apps`. */
  readonly app: string;
  /** Variables it is given; of the test's own only PATH and HOME go along. */
  readonly env: Readonly<Record<string, string>>;
  /** The line that says it can be used: `Listening on …` unless given. */
  readonly ready?: RegExp;
  readonly readyTimeoutMs?: number;
}

/** Starts an app as it was built: `apps/<app>/dist/main.js`. */
export const startApp = ({ app, env, ready, readyTimeoutMs }: AppOptions): Promise<Child> => {
  const main = join(workspaceRoot(), 'apps', app, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${app} is not built: nx build ${app}`);
  const { PATH = '', HOME = '' } = process.env;
  return Child.start({
    name: app,
    command: process.execPath,
    args: ['--enable-source-maps', main],
    env: { PATH, HOME, ...env },
    ready: ready ?? /Listening/,
    ...(readyTimeoutMs === undefined ? {} : { readyTimeoutMs }),
  });
};

/** The folder that holds `nx.json`. */
const workspaceRoot = (): string => {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = resolve(folder, '..');
    if (parent === folder) throw new Error(`${process.cwd()} lies in no workspace`);
    folder = parent;
  }
  return folder;
};
