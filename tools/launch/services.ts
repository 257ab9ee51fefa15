import { join } from 'node:path';
import { API_URL, AUTH_URL, DATA, PORTS, ROOT } from './layout.ts';

/** A process of the embedded Jeroboam. */
export interface Service {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** It must be free before the start, and answers once the service is ready. */
  readonly port: number;
  /** Answers 200 once the service can work; without it, an open port will do. */
  readonly healthUrl: string | null;
  /** Services of a later wave need those of the earlier ones. */
  readonly wave: 1 | 2;
  /** How far it stands back for the others when all want the processor, as of nice(1). */
  readonly niceness: number;
}

interface Settings {
  readonly natsServer: string;
  readonly secretKey: string;
  /** Password of everybody in the sandbox; `null` for a real cloud, whose OS_* variables are set. */
  readonly password: string | null;
}

const LOOPBACK = '127.0.0.1';

/** MiB of the young generation: small, as there are many processes on one machine, each mostly idle. */
const YOUNG_MIB = 4;
/** Of those through whose hands much goes that lives for a moment: with less, a tenth of the time went into collecting it. */
const YOUNG_MIB_OF_BUSY = 16;
const BUSY: readonly string[] = ['api', 'conductor'];

const app = (name: string, youngMiB = YOUNG_MIB): readonly string[] => [
  process.execPath,
  '--enable-source-maps',
  `--max-semi-space-size=${youngMiB}`,
  join(ROOT, 'apps', name, 'dist/main.js'),
];

/** Nobody waits for these by the millisecond: whoever asks the API goes before what is built for others. */
const NICENESS = { conductor: 10, certAuthority: 10, stats: 5 } as const;

const healthUrl = (port: number): string => `http://${LOOPBACK}:${port}/healthcheck`;

/** What runs on one machine. */
export const services = (settings: Settings): readonly Service[] => [
  nats(settings),
  eventStore(),
  ...(settings.password === null ? [] : [sandbox(settings.password)]),
  ...core(settings),
];

const nats = ({ natsServer }: Settings): Service => ({
  name: 'nats-server',
  command: [natsServer, '-a', LOOPBACK, '-p', String(PORTS.nats), '-js', '-sd', join(DATA, 'nats')],
  env: {},
  port: PORTS.nats,
  healthUrl: null,
  wave: 1,
  niceness: 0,
});

const eventStore = (): Service => ({
  name: 'event-store',
  command: app('event-store'),
  env: {
    JEROBOAM_DATA_DIR: DATA,
    JEROBOAM_EVENTSTORE_HOST: LOOPBACK,
    JEROBOAM_EVENTSTORE_PORT: String(PORTS.eventStore),
    JEROBOAM_HTTP_PORT: String(PORTS.eventStoreHealth),
  },
  port: PORTS.eventStore,
  healthUrl: healthUrl(PORTS.eventStoreHealth),
  wave: 1,
  niceness: 0,
});

const sandbox = (password: string): Service => ({
  name: 'sandbox',
  command: app('sandbox'),
  env: {
    JEROBOAM_DATA_DIR: DATA,
    JEROBOAM_SANDBOX_HOST: LOOPBACK,
    JEROBOAM_SANDBOX_PORT: String(PORTS.sandbox),
    JEROBOAM_SANDBOX_PASSWORD: password,
    JEROBOAM_API_URL: `${API_URL}/v1`,
  },
  port: PORTS.sandbox,
  healthUrl: AUTH_URL,
  wave: 1,
  niceness: 0,
});

/** The four services that also run in production. */
const core = (settings: Settings): readonly Service[] => {
  const env = coreEnv(settings);
  const one = (name: string, port: number, niceness = 0): Service => ({
    name,
    command: app(name, BUSY.includes(name) ? YOUNG_MIB_OF_BUSY : YOUNG_MIB),
    env: { ...env, JEROBOAM_HTTP_PORT: String(port) },
    port,
    healthUrl: healthUrl(port),
    wave: 2,
    niceness,
  });
  return [
    one('cert-authority', PORTS.certAuthorityHealth, NICENESS.certAuthority),
    one('stats', PORTS.statsHealth, NICENESS.stats),
    one('conductor', PORTS.conductorHealth, NICENESS.conductor),
    one('api', PORTS.api),
  ];
};

const coreEnv = ({ secretKey, password }: Settings): Readonly<Record<string, string>> => ({
  JEROBOAM_DATA_DIR: DATA,
  JEROBOAM_HTTP_HOST: LOOPBACK,
  JEROBOAM_EVENTSTORE_URL: `esdb://${LOOPBACK}:${PORTS.eventStore}?tls=false`,
  JEROBOAM_NATS_URL: `nats://${LOOPBACK}:${PORTS.nats}`,
  JEROBOAM_SECRET_KEY: secretKey,
  JEROBOAM_MAGNUM_URL: `${API_URL}/v1`,
  ...(password === null ? {} : accountInSandbox(password)),
});

const accountInSandbox = (password: string): Readonly<Record<string, string>> => ({
  OS_AUTH_URL: AUTH_URL,
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: password,
  OS_PROJECT_NAME: 'service',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'RegionOne',
  OS_INTERFACE: 'public',
  OS_CACERT: '',
  // The addresses of its clusters are made up: nobody answers there, or a stranger.
  JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS: '-1',
  JEROBOAM_TRUSTEE_DOMAIN_NAME: 'jeroboam',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'jeroboam_domain_admin',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: password,
});
