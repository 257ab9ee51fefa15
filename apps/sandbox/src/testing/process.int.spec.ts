import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { at } from './sandbox.js';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Node runs TypeScript, but looks for a file called as the import says. */
const RESOLVE_TS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      const own = /^[.]{1,2}[/].*[.]js$/.test(specifier) && context.parentURL?.endsWith('.ts');
      return next(own ? specifier.slice(0, -2) + 'ts' : specifier, context);
    },
  });
`)}`;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

// Compiling its sources takes it seconds on a busy machine.
jest.setTimeout(60_000);

describe('the sandbox as a process', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const launch = (port: string): ChildProcess => {
    const args = [
      '--disable-warning=ExperimentalWarning',
      '--experimental-transform-types',
      '--import',
      RESOLVE_TS,
      MAIN,
    ];
    const child = spawn(process.execPath, args, {
      env: {
        JEROBOAM_SANDBOX_PORT: port,
        JEROBOAM_DATA_DIR: folder,
        JEROBOAM_SANDBOX_SPEED: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  };
  const start = async (port = '0'): Promise<Running> => {
    const child = launch(port);
    for await (const line of createInterface({ input: child.stdout! })) {
      const url = /^sandbox ready on (http:\S+)$/.exec(line)?.[1];
      if (url !== undefined) return { child, url };
    }
    throw new Error('it ended before it was ready');
  };
  const post = (url: string, body: object, token = ''): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify(body),
    });
  const login = async (url: string): Promise<string> => {
    const domain = { id: 'default' };
    const answer = await post(`${url}/identity/v3/auth/tokens`, {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'demo', domain, password: 'sandbox' } },
        },
        scope: { project: { name: 'demo', domain } },
      },
    });
    return answer.headers.get('x-subject-token') ?? '';
  };

  it('keeps what it answered through kill -9, tokens included', async () => {
    const first = await start();
    const token = await login(first.url);
    const secret = { name: 's', payload: 'kept', payload_content_type: 'text/plain' };
    const stored = await post(`${first.url}/key-manager/v1/secrets`, secret, token);
    const ref = String(at(await stored.json(), 'secret_ref'));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await start(new URL(first.url).port);
    expect(second.url).toBe(first.url);
    const payload = await fetch(`${ref}/payload`, { headers: { 'x-auth-token': token } });
    expect(payload.status).toBe(200);
    expect(await payload.text()).toBe('kept');
  });

  it('ends in order when asked to, with a request hanging', async () => {
    const { child, url } = await start();
    await post(`${url}/sandbox/faults`, { service: 'keystone', action: 'hang' });
    const hanging = fetch(`${url}/identity/v3`).then(
      () => 'answered',
      () => 'cut off',
    );
    const struck = async (): Promise<unknown> =>
      at(await (await fetch(`${url}/sandbox/faults`)).json(), 'faults', 0, 'struck');
    while ((await struck()) !== 1);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(await hanging).toBe('cut off');
  });

  it('says in one line that its port is taken', async () => {
    const { url } = await start();
    const second = launch(new URL(url).port);
    let complaint = '';
    second.stderr!.on('data', (text: Buffer) => (complaint += text.toString()));
    const [code] = (await once(second, 'close')) as [number | null];
    expect(code).toBe(1);
    const where = url.replace('http://', '');
    expect(complaint).toBe(
      `sandbox: port taken: ${where}; set JEROBOAM_SANDBOX_PORT to a free one\n`,
    );
  });
});
