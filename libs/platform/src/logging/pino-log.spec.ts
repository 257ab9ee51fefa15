import { describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.js';
import { runWithContext } from './log-context.js';
import { NestLog } from './nest-log.js';
import { PinoLog } from './pino-log.js';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----';

const recording = (level: 'debug' | 'info' = 'info') => {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const log = PinoLog.create({ service: 'api', level, destination });
  const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, text: () => written.join('') };
};

describe('PinoLog', () => {
  it('writes JSON lines with service, level and UTC time', () => {
    const { log, lines } = recording();
    log.info('cluster created', { clusterId: 'c1' });
    const [line] = lines();
    expect(line).toMatchObject({
      level: 'info',
      service: 'api',
      msg: 'cluster created',
      clusterId: 'c1',
    });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('is silent below its level', () => {
    const { log, lines } = recording();
    log.debug('nothing');
    expect(lines()).toEqual([]);
  });

  it('adds the context of the running work, across waits, and that of its parent', async () => {
    const { log, lines } = recording();
    await runWithContext({ requestId: 'req-1' }, async () => {
      await Promise.resolve();
      runWithContext({ clusterId: 'c1' }, () => {
        log.info('inner');
      });
      log.info('outer');
    });
    log.info('outside');
    expect(lines().map(({ requestId, clusterId }) => [requestId, clusterId])).toEqual([
      ['req-1', 'c1'],
      ['req-1', undefined],
      [undefined, undefined],
    ]);
  });

  it('keeps the fields of a line to that line', () => {
    const { log, lines } = recording();
    runWithContext({ requestId: 'req-1' }, () => {
      log.info('one', { detail: 'of the first' });
      log.info('two');
    });
    expect(lines().map(({ requestId, detail }) => [requestId, detail])).toEqual([
      ['req-1', 'of the first'],
      ['req-1', undefined],
    ]);
  });

  it('adds the fields of a child', () => {
    const { log, lines } = recording();
    log.child({ component: 'heat' }).warn('slow');
    expect(lines()[0]).toMatchObject({ level: 'warn', component: 'heat' });
  });

  it.each([
    ['token', { token: 'hush' }],
    ['X-Auth-Token', { headers: { 'X-Auth-Token': 'hush' } }],
    ['password', { body: { auth: { identity: [{ user: { password: 'hush' } }] } } }],
    ['adminPassword', { adminPassword: 'hush' }],
    ['grafana_admin_password', { labels: { grafana_admin_password: 'hush' } }],
    ['private_key', { private_key: 'hush' }],
    ['a secret value', { value: new Secret('hush') }],
    ['a secret of an error', { err: Object.assign(new Error('no'), { token: 'hush' }) }],
    ['a key in a text', { pem: KEY.replace('MIIEow==', 'hush') }],
    ['a key in an error', { err: new Error(KEY.replace('MIIEow==', 'hush')) }],
  ])('does not show %s', (_, fields) => {
    const { log, text } = recording();
    log.info('said', fields);
    log.child(fields).info('said');
    expect(text()).toContain('said');
    expect(text()).not.toContain('hush');
  });

  it('does not show a key in the message', () => {
    const { log, text } = recording();
    log.error(`failed with ${KEY}`);
    expect(text()).toContain('failed with [redacted]');
  });

  it('shows errors with stack and cause', () => {
    const { log, lines } = recording();
    log.error('failed', { err: new Error('outer', { cause: new Error('inner') }) });
    expect(lines()[0]?.['err']).toMatchObject({
      type: 'Error',
      message: expect.stringContaining('outer'),
      stack: expect.stringContaining('inner'),
    });
  });

  it('writes positions, which are no numbers of JSON', () => {
    const { log, lines } = recording();
    log.info('committed', { position: 9_007_199_254_740_993n });
    expect(lines()[0]?.['position']).toBe('9007199254740993');
  });
});

describe('NestLog', () => {
  it('takes the class from behind the message, and the stack of an error', () => {
    const { log, lines } = recording('debug');
    const nest = new NestLog(log);
    nest.log('Mapped {/v1, GET} route', 'RouterExplorer');
    nest.error('broken', 'Error: broken\n    at somewhere', 'ExceptionsHandler');
    expect(lines()).toMatchObject(
      [
        { level: 'debug', msg: 'Mapped {/v1, GET} route', context: 'RouterExplorer' },
        { level: 'error', msg: 'broken', context: 'ExceptionsHandler', stack: /at somewhere/ },
      ].map(({ stack, ...line }) =>
        stack ? { ...line, stack: expect.stringMatching(stack) } : line,
      ),
    );
  });
});
