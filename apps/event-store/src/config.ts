import { readFileSync } from 'node:fs';

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Address clients that discover are sent to. */
  readonly advertisedHost: string;
  /** Where the log's file is kept. */
  readonly dataDir: string;
  readonly tls: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
  /** Passwords by user. Empty: no authentication. */
  readonly users: ReadonlyMap<string, string>;
  readonly httpHost: string;
  readonly httpPort: number;
  readonly logLevel: string;
}

/** The environment is not one the server can run in. Names every fault. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const GREATEST_PORT = 65_535;

/** The only reader of the environment. Throws {@link ConfigInvalid}. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const faults: string[] = [];
  const get = (name: string) => environment[name]?.trim() ?? '';
  const port = (name: string, fallback: number) => {
    const value = get(name) === '' ? fallback : Number(get(name));
    if (!Number.isInteger(value) || value < 0 || value > GREATEST_PORT) {
      faults.push(`${name} is not a port: ${get(name)}`);
    }
    return value;
  };
  const file = (name: string) => {
    if (get(name) === '') return undefined;
    try {
      return readFileSync(get(name));
    } catch (error) {
      faults.push(`${name} cannot be read: ${String(error)}`);
      return undefined;
    }
  };
  const or = (name: string, fallback: string) => get(name) || fallback;
  const host = or('JEROBOAM_EVENTSTORE_HOST', '127.0.0.1');
  const certificate = file('JEROBOAM_EVENTSTORE_CERT_FILE');
  const key = file('JEROBOAM_EVENTSTORE_KEY_FILE');
  const config: Config = {
    host,
    port: port('JEROBOAM_EVENTSTORE_PORT', 9513),
    advertisedHost: or('JEROBOAM_EVENTSTORE_ADVERTISED_HOST', host),
    dataDir: or('JEROBOAM_DATA_DIR', '.jeroboam/data'),
    tls: certificate && key && { certificate, key },
    users: toUsers(get('JEROBOAM_EVENTSTORE_USERS'), faults),
    httpHost: or('JEROBOAM_HTTP_HOST', '127.0.0.1'),
    httpPort: port('JEROBOAM_HTTP_PORT', 9524),
    logLevel: or('JEROBOAM_LOG_LEVEL', 'info'),
  };
  faults.push(...contradictions(config, Boolean(certificate) !== Boolean(key)));
  if (faults.length > 0) throw new ConfigInvalid(faults.join('; '));
  return Object.freeze(config);
};

const toUsers = (list: string, faults: string[]): Map<string, string> => {
  const users = new Map<string, string>();
  for (const pair of list.split(',').filter(Boolean)) {
    const colon = pair.indexOf(':');
    // The pair itself holds a password: it is not repeated.
    if (colon <= 0) faults.push('JEROBOAM_EVENTSTORE_USERS is not a list of user:password');
    else users.set(pair.slice(0, colon).trim(), pair.slice(colon + 1));
  }
  return users;
};

const contradictions = (config: Config, halfTls: boolean): string[] => {
  const faults: string[] = [];
  if (halfTls) {
    faults.push('JEROBOAM_EVENTSTORE_CERT_FILE and JEROBOAM_EVENTSTORE_KEY_FILE go together');
  } else if (config.users.size > 0 && !config.tls) {
    faults.push('JEROBOAM_EVENTSTORE_USERS needs TLS: clients send no password without it');
  }
  if (!LOG_LEVELS.includes(config.logLevel)) {
    faults.push(`JEROBOAM_LOG_LEVEL is none of ${LOG_LEVELS.join(', ')}`);
  }
  return faults;
};
