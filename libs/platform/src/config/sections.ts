import { hostname } from 'node:os';
import type { Section, Values } from './configuration.js';
import { integer, oneOf, secret, text, url, urls } from './settings.js';

/** Where the log is. */
export const eventStoreSection = {
  url: url('JEROBOAM_EVENTSTORE_URL', {
    schemes: ['esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'],
    default: 'esdb://127.0.0.1:9513?tls=false',
  }),
} satisfies Section;

/** The NATS servers, and who we are there. */
export const natsSection = {
  servers: urls('JEROBOAM_NATS_URL', {
    schemes: ['nats', 'tls'],
    default: ['nats://127.0.0.1:9514'] as readonly string[],
  }),
  user: text('JEROBOAM_NATS_USER', { default: null }),
  password: secret('JEROBOAM_NATS_PASSWORD', { default: null }),
  /** PEM file of the authority that signed the servers' certificates; turns TLS on. */
  caFile: text('JEROBOAM_NATS_CA_FILE', { default: null }),
} satisfies Section;
export type NatsConfig = Values<typeof natsSection>;

/** Where to listen; each app has a port of its own. */
export const httpSection = (defaultPort: number) =>
  ({
    host: text('JEROBOAM_HTTP_HOST', { default: '127.0.0.1' }),
    port: integer('JEROBOAM_HTTP_PORT', { min: 0, max: 65_535, default: defaultPort }),
  }) satisfies Section;

export const loggingSection = {
  level: oneOf('JEROBOAM_LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
  }),
} satisfies Section;
export type LoggingConfig = Values<typeof loggingSection>;

/** Our own user, as every client of OpenStack is told of its own. */
export const serviceAccountSection = {
  authUrl: url('OS_AUTH_URL'),
  username: text('OS_USERNAME'),
  password: secret('OS_PASSWORD'),
  projectName: text('OS_PROJECT_NAME'),
  userDomainName: text('OS_USER_DOMAIN_NAME', { default: 'Default' }),
  projectDomainName: text('OS_PROJECT_DOMAIN_NAME', { default: 'Default' }),
  regionName: text('OS_REGION_NAME', { default: null }),
  interface: oneOf('OS_INTERFACE', ['public', 'internal', 'admin'], { default: 'public' }),
  /** PEM file of the authority that signed the services' certificates. */
  caFile: text('OS_CACERT', { default: null }),
} satisfies Section;
export type ServiceAccountConfig = Values<typeof serviceAccountSection>;

/** The domain in which each cluster has its trustee, and who may create users there. */
export const trusteeDomainSection = {
  name: text('JEROBOAM_TRUSTEE_DOMAIN_NAME', { default: 'jeroboam' }),
  adminName: text('JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME'),
  adminPassword: secret('JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD'),
} satisfies Section;
export type TrusteeDomainConfig = Values<typeof trusteeDomainSection>;

/** The folder of the read models' files. */
export const dataDirSetting = text('JEROBOAM_DATA_DIR', { default: '.jeroboam' });

/** Name of this machine, in lists of services and as publisher of notifications. */
export const hostSetting = text('JEROBOAM_HOST', { default: hostname() });
