import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Installation, SERVICES } from './installation.js';
import { OpenstackClient } from './openstack-client.js';

const BASE_PORT = 17_911;
const root = join(import.meta.dirname, '../..');

jest.setTimeout(120_000);

/** A tool of the checkout, and how it ended. */
const tool = async (name: string, home: string) => {
  const env = { ...process.env, JEROBOAM_HOME: home, JEROBOAM_BASE_PORT: String(BASE_PORT) };
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [join(root, 'tools', name)],
      { env: { ...env, NODE_OPTIONS: '' } },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('npm start', () => {
  let home: TempFolder;
  const start = () => Installation.start({ home: home.path, basePort: BASE_PORT });

  beforeEach(() => {
    home = tempFolder('start-');
  });
  afterEach(() => {
    home.remove();
  });

  it('says where the API is, what to try, and leaves credentials for it', async () => {
    const installation = await start();
    expect(installation.output()).toContain(`API        http://127.0.0.1:${BASE_PORT}/v1`);
    expect(installation.output()).toContain('openstack coe cluster template create');
    expect(existsSync(installation.file('openrc'))).toBe(true);
    const clouds = await readFile(installation.file('clouds.yaml'), 'utf8');
    expect(clouds).toContain('jeroboam-demo:');
    await installation.stop();
  });

  it('finds its data again, and ends all it has started', async () => {
    const first = await start();
    const demo = new OpenstackClient({
      authUrl: `${first.sandboxUrl}/identity/v3`,
      user: 'demo',
      project: 'demo',
      password: 'sandbox',
    });
    await demo.text(
      ...['coe', 'cluster', 'template', 'create', 'kept', '--coe', 'kubernetes'],
      ...['--image', 'fedora-coreos', '--external-network', 'public', '--flavor', 'm1.small'],
    );
    const pids = await Promise.all(
      SERVICES.map(async (name) => Number(await readFile(first.file(`run/${name}.pid`), 'utf8'))),
    );
    expect(pids.every(isAlive)).toBe(true);
    await first.stop();
    expect(pids.some(isAlive)).toBe(false);
    const second = await start();
    expect(await demo.list('coe', 'cluster', 'template', 'list')).toMatchObject([{ name: 'kept' }]);
    await second.stop();
  });

  it('lets what is built stand back for who asks', async () => {
    const installation = await start();
    const nicenessOf = async (name: string) =>
      getPriority(Number(await readFile(installation.file(`run/${name}.pid`), 'utf8')));
    const each = await Promise.all(SERVICES.map(async (name) => [name, await nicenessOf(name)]));
    const own = getPriority();
    expect(Object.fromEntries(each)).toMatchObject({
      api: own,
      'event-store': own,
      stats: own + 5,
      conductor: own + 10,
      'cert-authority': own + 10,
    });
    await installation.stop();
  });

  it('does not start twice, and is ended by npm stop', async () => {
    const installation = await start();
    const again = await tool('start.ts', home.path);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^jeroboam: is running already \(process \d+\); .*npm stop\n$/);
    expect((await tool('stop.ts', home.path)).stdout).toBe('Jeroboam has stopped\n');
    await installation.stop();
    expect((await tool('stop.ts', home.path)).stdout).toBe('Jeroboam is not running\n');
  });

  it('names a port that is taken in one line', async () => {
    const stranger = createServer().listen(BASE_PORT, '127.0.0.1');
    await once(stranger, 'listening');
    const { code, stderr } = await tool('start.ts', home.path);
    stranger.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `jeroboam: port ${BASE_PORT} (for api) is taken; is Jeroboam running already (npm stop)? ` +
        'Else set JEROBOAM_BASE_PORT to a free range.\n',
    );
  });
});
