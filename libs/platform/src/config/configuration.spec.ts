import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { configuration, ConfigurationError } from './configuration.js';
import { configured } from './configured.js';
import {
  eventStoreSection,
  httpSection,
  loggingSection,
  natsSection,
  serviceAccountSection,
  trusteeDomainSection,
} from './sections.js';
import { bool, integer, list, oneOf, secret, text, url } from './settings.js';

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
};

const account = {
  OS_AUTH_URL: 'http://127.0.0.1:9512/identity/v3',
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'hunter2',
  OS_PROJECT_NAME: 'service',
};

describe('configuration', () => {
  it('reads values of every kind', () => {
    const settings = {
      name: text('NAME'),
      nested: { port: integer('PORT', { min: 1, max: 10 }), on: bool('ON') },
      base: url('BASE'),
      colour: oneOf('COLOUR', ['red', 'green']),
      items: list('ITEMS'),
    };
    expect(
      configuration(settings, {
        NAME: ' jeroboam ',
        PORT: '10',
        ON: 'Yes',
        BASE: 'https://cloud.test/v3/',
        COLOUR: 'green',
        ITEMS: 'a, b,,c',
      }),
    ).toEqual({
      name: 'jeroboam',
      nested: { port: 10, on: true },
      base: 'https://cloud.test/v3',
      colour: 'green',
      items: ['a', 'b', 'c'],
    });
  });

  it('takes defaults for what is missing or empty', () => {
    const settings = {
      a: text('A', { default: 'x' }),
      b: integer('B', { min: 0, max: 1, default: null }),
    };
    expect(configuration(settings, { A: '  ' })).toEqual({ a: 'x', b: null });
  });

  it('names all faults at once', () => {
    const settings = {
      a: text('A'),
      deep: { b: integer('B', { min: 1, max: 5 }), c: bool('C') },
      d: url('D'),
      e: oneOf('E', ['x', 'y']),
      f: list('F'),
    };
    const environment = { B: '6', C: 'maybe', D: 'ftp://there', E: 'z', F: ',' };
    expect(faultsOf(() => configuration(settings, environment))).toEqual([
      'A is missing',
      'B must be a whole number from 1 to 5, not "6"',
      'C must be true or false, not "maybe"',
      'D must be a URL that begins with http:// or https://',
      'E must be one of x, y, not "z"',
      'F holds nothing but commas',
    ]);
  });

  it.each(['1.5', '1e1', 'NaN', '0x3', '١'])('takes %s for no whole number', (B) => {
    const settings = { b: integer('B', { min: 0, max: 100 }) };
    expect(faultsOf(() => configuration(settings, { B }))).toHaveLength(1);
  });

  it('cannot be changed', () => {
    const values = configuration({ a: { b: text('B') } }, { B: '1' });
    expect(Object.isFrozen(values)).toBe(true);
    expect(Object.isFrozen(values.a)).toBe(true);
  });

  it('shows a secret to no one but who asks for it', () => {
    const { password } = configuration({ password: secret('P') }, { P: 'hunter2' });
    expect(password.reveal()).toBe('hunter2');
    const shown = [String(password), JSON.stringify({ password }), inspect({ password })];
    expect(shown.join()).not.toContain('hunter2');
  });

  it('does not print the URL it refuses, as it may hold a password', () => {
    const faults = faultsOf(() =>
      configuration(natsSection, { JEROBOAM_NATS_URL: 'amqp://u:pw@h' }),
    );
    expect(faults).toEqual(['JEROBOAM_NATS_URL must be a URL that begins with nats:// or tls://']);
  });
});

describe('sections', () => {
  it('give values their types', () => {
    const values = configuration({ account: serviceAccountSection, http: httpSection(1) }, account);
    const typed: {
      user: string;
      port: number;
      region: string | null;
      face: 'public' | 'internal' | 'admin';
    } = {
      user: values.account.username,
      port: values.http.port,
      region: values.account.regionName,
      face: values.account.interface,
    };
    expect(typed).toEqual({ user: 'jeroboam', port: 1, region: null, face: 'public' });
    expect(values.account.password.reveal()).toBe('hunter2');
  });

  it('take the connection string of a cluster, which names each of its nodes', () => {
    const given =
      'esdb+discover://admin:pw@es1:2113,es2:2113,es3:2113?tls=true&tlsCAFile=/c/ca.crt';
    const read = (url: string) =>
      configuration(eventStoreSection, { JEROBOAM_EVENTSTORE_URL: url });
    expect(read(given).url).toBe(given);
    expect(faultsOf(() => read('esdb+discover://:2113,es2:2113'))).toHaveLength(1);
  });

  it('need nothing to find the services of one machine', () => {
    const settings = {
      eventStore: eventStoreSection,
      nats: natsSection,
      http: httpSection(9521),
      logging: loggingSection,
    };
    expect(configuration(settings, {})).toEqual({
      eventStore: { url: 'esdb://127.0.0.1:9513?tls=false' },
      nats: { servers: ['nats://127.0.0.1:9514'], user: null, password: null, caFile: null },
      http: { host: '127.0.0.1', port: 9521 },
      logging: { level: 'info' },
    });
  });

  it('demand what only the operator knows', () => {
    const settings = { account: serviceAccountSection, trustees: trusteeDomainSection };
    expect(faultsOf(() => configuration(settings, {}))).toEqual([
      'OS_AUTH_URL is missing',
      'OS_USERNAME is missing',
      'OS_PASSWORD is missing',
      'OS_PROJECT_NAME is missing',
      'JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME is missing',
      'JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD is missing',
    ]);
  });
});

describe('configured', () => {
  it('prints each fault on its own line and exits with 78', () => {
    const printed: string[] = [];
    const process = {
      stderr: { write: (line: string) => printed.push(line) },
      exit: (code: number): never => {
        throw new Error(`exit ${code}`);
      },
    };
    expect(() => configured({ a: text('A'), b: text('B') }, {}, process)).toThrow('exit 78');
    expect(printed).toEqual(['configuration: A is missing\n', 'configuration: B is missing\n']);
  });
});
