import {
  configuration,
  type Environment,
  type Section,
  type Values,
} from '@jeroboam/platform/config/configuration';
import {
  dataDirSetting,
  eventStoreSection,
  httpSection,
  loggingSection,
  natsSection,
  serviceAccountSection,
} from '@jeroboam/platform/config/sections';
import { Fault, setting, type Setting } from '@jeroboam/platform/config/setting';
import { bool, integer, oneOf } from '@jeroboam/platform/config/settings';
import { EXTENSION_NAMES, KEY_USAGES } from './x509/extensions.js';
import { DEFAULT_POLICY, type SigningPolicy } from './x509/signing-policy.js';

const DEFAULT_PORT = 9522;

/** Words of the list with commas between them. */
const choices = <const W extends string>(
  variable: string,
  words: readonly W[],
  fallback: ReadonlySet<W>,
): Setting<ReadonlySet<W>> =>
  setting(variable, { default: fallback }, (value) => {
    const asked = value.split(',').map((word) => word.trim());
    const unknown = asked.filter((word) => !words.some((known) => known === word));
    if (unknown.length > 0) {
      throw new Fault(`holds ${unknown.join(', ')}; it may hold ${words.join(', ')}`);
    }
    return new Set(words.filter((word) => asked.includes(word)));
  });

const signingSection = {
  allowCa: bool('JEROBOAM_X509_ALLOW_CA', { default: DEFAULT_POLICY.allowCa }),
  allowedExtensions: choices(
    'JEROBOAM_X509_ALLOWED_EXTENSIONS',
    EXTENSION_NAMES,
    DEFAULT_POLICY.allowedExtensions,
  ),
  allowedKeyUsages: choices(
    'JEROBOAM_X509_ALLOWED_KEY_USAGE',
    KEY_USAGES,
    DEFAULT_POLICY.allowedKeyUsages,
  ),
  termDays: integer('JEROBOAM_X509_TERM_OF_VALIDITY', {
    min: 1,
    max: 36_500,
    default: DEFAULT_POLICY.termDays,
  }),
  rsaKeySize: integer('JEROBOAM_X509_RSA_KEY_SIZE', {
    min: 2048,
    max: 8192,
    default: DEFAULT_POLICY.rsaKeySize,
  }),
} satisfies Section & Record<keyof SigningPolicy, unknown>;

const commonSection = {
  eventStore: eventStoreSection,
  nats: natsSection,
  http: httpSection(DEFAULT_PORT),
  logging: loggingSection,
  signing: signingSection,
  /** Keys of authorities that are open at once, and for how long each. */
  openKeys: {
    limit: integer('JEROBOAM_CA_KEY_CACHE_SIZE', { min: 1, max: 100_000, default: 256 }),
    ttlSeconds: integer('JEROBOAM_CA_KEY_CACHE_SECONDS', { min: 1, max: 3600, default: 60 }),
  },
} satisfies Section;

const STORES = ['barbican', 'local'] as const;
const storeSetting = oneOf('JEROBOAM_SECRET_STORE', STORES, { default: 'barbican' });
const barbicanSection = { ...commonSection, store: storeSetting, account: serviceAccountSection };
const localSection = { ...commonSection, store: storeSetting, dataDir: dataDirSetting };

export type BarbicanConfig = Values<typeof barbicanSection> & { readonly store: 'barbican' };
export type LocalConfig = Values<typeof localSection> & { readonly store: 'local' };
/** What the environment says. The service account is needed for Barbican only. */
export type Config = BarbicanConfig | LocalConfig;

/** Throws ConfigurationError with every fault at once. */
export const readConfig = (environment: Environment): Config =>
  environment['JEROBOAM_SECRET_STORE']?.trim() === 'local'
    ? { ...configuration(localSection, environment), store: 'local' }
    : { ...configuration(barbicanSection, environment), store: 'barbican' };
