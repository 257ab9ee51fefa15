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
}

interface Settings {
  readonly natsServer: string;
  readonly secretKey: string;
  /** Password of everybody in the sandbox; `null` for a real cloud, whose OS_* variables are set. */
  readonly password: string | null;
}

const LOOPBACK = '127.0.0.1';

const app = (name: string): readonly string[] => [
  process.execPath,
  '--enable-source-maps',
  // Small young generation: five processes on one machine, each mostly idle.
  '--max-semi-space-size=4',
  join(ROOT, 'apps', name, 'dist/main.js'),
];

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
});

/** The four services that also run in production. */
const core = (settings: Settings): readonly Service[] => {
  const env = coreEnv(settings);
  const one = (name: string, port: number): Service => ({
    name,
    command: app(name),
    env: { ...env, JEROBOAM_HTTP_PORT: String(port) },
    port,
    healthUrl: healthUrl(port),
    wave: 2,
  });
  return [
    one('cert-authority', PORTS.certAuthorityHealth),
    one('stats', PORTS.statsHealth),
    one('conductor', PORTS.conductorHealth),
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
