import {
  configuration,
  type Environment,
  type Section,
  type Values,
} from '@jeroboam/platform/config/configuration';
import {
  dataDirSetting,
  eventStoreSection,
  hostSetting,
  httpSection,
  loggingSection,
  natsSection,
  serviceAccountSection,
  trusteeDomainSection,
} from '@jeroboam/platform/config/sections';
import { Fault, setting, type Setting } from '@jeroboam/platform/config/setting';
import { bool, integer, list, text, url } from '@jeroboam/platform/config/settings';
import { HIGHEST, HIGHEST_OFFERED } from './http/microversion/history.js';
import { Microversion } from './http/microversion/microversion.js';
import type { PolicySettings } from './http/policy/policy-file.js';
import type { EdgeSettings } from './http/settings.js';
import type { ComposeSettings } from './compose.js';

const DEFAULT_PORT = 9511;
const MEBIBYTE = 1_048_576;

const microversion = (variable: string, fallback: Microversion): Setting<Microversion> =>
  setting(variable, { default: fallback }, (value) => {
    const minor = Number(/^1\.(\d{1,2})$/.exec(value)?.[1] ?? NaN);
    const { minor: highest } = Microversion.of(HIGHEST);
    if (minor >= 1 && minor <= highest) return Microversion.of(`1.${minor}`);
    throw new Fault(`must be a version from 1.1 to ${HIGHEST}, not "${value}"`);
  });

const policySection = {
  /** Overrides in oslo.policy's YAML. */
  file: text('JEROBOAM_POLICY_FILE', { default: null }),
  enforceNewDefaults: bool('JEROBOAM_POLICY_ENFORCE_NEW_DEFAULTS', { default: true }),
} satisfies Section;

const edgeSection = {
  maxMicroversion: microversion('JEROBOAM_MAX_MICROVERSION', Microversion.of(HIGHEST_OFFERED)),
  publicUrl: url('JEROBOAM_PUBLIC_URL', { default: null }),
  trustProxy: bool('JEROBOAM_TRUST_PROXY', { default: false }),
  corsOrigins: list('JEROBOAM_CORS_ORIGINS', { default: [] as readonly string[] }),
  /** Keystone as clients reach it; `OS_AUTH_URL` when not given. */
  authUri: url('JEROBOAM_WWW_AUTHENTICATE_URI', { default: null }),
  tokenCacheSeconds: integer('JEROBOAM_TOKEN_CACHE_SECONDS', { min: 0, max: 3600, default: 60 }),
  maxLimit: integer('JEROBOAM_MAX_LIMIT', { min: 1, max: 10_000, default: 1000 }),
  bodyBytes: integer('JEROBOAM_MAX_BODY_BYTES', {
    min: 1024,
    max: 64 * MEBIBYTE,
    default: MEBIBYTE,
  }),
  labels: integer('JEROBOAM_MAX_LABELS', { min: 1, max: 10_000, default: 256 }),
  labelChars: integer('JEROBOAM_MAX_LABEL_CHARS', { min: 1, max: MEBIBYTE, default: 16_384 }),
  /** Requests of one project; 0: no limit. */
  ratePerSecond: integer('JEROBOAM_RATE_PER_SECOND', { min: 0, max: 100_000, default: 0 }),
  rateBurst: integer('JEROBOAM_RATE_BURST', { min: 1, max: 1_000_000, default: 1000 }),
} satisfies Section;

const resourceSection = {
  maxClustersPerProject: integer('JEROBOAM_MAX_CLUSTERS_PER_PROJECT', {
    min: 0,
    max: 1_000_000,
    default: 20,
  }),
  /** Network drivers kubernetes templates may name; `all`: every one there is. */
  allowedNetworkDrivers: list('JEROBOAM_KUBERNETES_ALLOWED_NETWORK_DRIVERS', {
    default: ['flannel', 'calico'] as readonly string[],
  }),
  defaultNetworkDriver: text('JEROBOAM_KUBERNETES_DEFAULT_NETWORK_DRIVER', { default: 'flannel' }),
  /** GB; 0: nodes boot from the disk of their flavor. */
  bootVolumeSize: integer('JEROBOAM_DEFAULT_BOOT_VOLUME_SIZE', { min: 0, max: 65_536, default: 0 }),
  /** Driver of templates where neither they nor their image name one. */
  defaultDriver: text('JEROBOAM_DEFAULT_DRIVER', { default: null }),
  /** Drivers that nothing new is made with. */
  disabledDrivers: list('JEROBOAM_DISABLED_DRIVERS', { default: [] as readonly string[] }),
  /** Days. */
  kubeconfigTerm: integer('JEROBOAM_KUBECONFIG_TERM_DAYS', { min: 1, max: 365, default: 1 }),
  /** How long what was looked up in the cloud is believed. */
  lookupSeconds: integer('JEROBOAM_LOOKUP_CACHE_SECONDS', { min: 0, max: 300, default: 5 }),
  /** Silence after which a conductor is shown as down; who takes its clusters over is settled sooner. */
  serviceDownSeconds: integer('JEROBOAM_SERVICE_DOWN_TIME_SECONDS', {
    min: 1,
    max: 86_400,
    default: 180,
  }),
} satisfies Section;

const apiSection = {
  http: httpSection(DEFAULT_PORT),
  logging: loggingSection,
  eventStore: eventStoreSection,
  nats: natsSection,
  dataDir: dataDirSetting,
  host: hostSetting,
  account: serviceAccountSection,
  trusteeDomain: trusteeDomainSection,
  policy: policySection,
  edge: edgeSection,
  resources: resourceSection,
  /** While this file exists, `/healthcheck` says 503. */
  disablingFile: text('JEROBOAM_HEALTHCHECK_DISABLE_FILE', {
    default: '/etc/jeroboam/healthcheck_disable',
  }),
} satisfies Section;

export type Config = Values<typeof apiSection>;

/** Throws ConfigurationError with every fault at once. */
export const readConfig = (environment: Environment): Config =>
  configuration(apiSection, environment);

/** Settings of the policy alone, for the command that checks it. */
export const readPolicyConfig = (environment: Environment): PolicySettings =>
  configuration(policySection, environment);

const NEGATIVE_CACHE_MS = 5000;
const CACHED_TOKENS = 50_000;

/** What the edge takes of it. */
export const edgeSettingsOf = ({ edge, account }: Config): EdgeSettings => ({
  maxMicroversion: edge.maxMicroversion,
  host: { publicUrl: edge.publicUrl, trustProxy: edge.trustProxy },
  corsOrigins: edge.corsOrigins,
  authUri: edge.authUri ?? account.authUrl,
  tokens: {
    ttlMs: edge.tokenCacheSeconds * 1000,
    negativeTtlMs: Math.min(NEGATIVE_CACHE_MS, edge.tokenCacheSeconds * 1000),
    maxEntries: CACHED_TOKENS,
  },
  maxLimit: edge.maxLimit,
  bodyBytes: edge.bodyBytes,
  limits: { labels: edge.labels, labelChars: edge.labelChars },
  rate: { perSecond: edge.ratePerSecond, burst: edge.rateBurst },
});

const CACHED_LOOKUPS = 10_000;

/** What the resources take of it. */
export const resourceSettingsOf = ({ edge, resources }: Config): ComposeSettings => ({
  maxLimit: edge.maxLimit,
  maxClustersPerProject: resources.maxClustersPerProject,
  networkDrivers: {
    allowed: resources.allowedNetworkDrivers,
    default: resources.defaultNetworkDriver,
  },
  bootVolumeSize: resources.bootVolumeSize,
  defaultDriver: resources.defaultDriver,
  disabledDrivers: resources.disabledDrivers,
  kubeconfigTermDays: resources.kubeconfigTerm,
  serviceDownMs: resources.serviceDownSeconds * 1000,
  lookups: { ttlMs: resources.lookupSeconds * 1000, maxEntries: CACHED_LOOKUPS },
});
