import { join } from 'node:path';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { BarbicanClient } from '@jeroboam/openstack/barbican/client';
import { CloudHttp } from '@jeroboam/openstack/http/cloud-http';
import { KeystoneClient } from '@jeroboam/openstack/keystone/client';
import { AuthorityLog } from './authority/authority-log.js';
import { ClusterAuthorities } from './authority/cluster-authorities.js';
import { Generations } from './authority/generations.js';
import { OpenAuthorities } from './authority/open-authorities.js';
import type { BarbicanConfig, Config } from './config.js';
import { BarbicanSecretStore } from './secrets/barbican-secret-store.js';
import { LocalSecretStore } from './secrets/local-secret-store.js';
import type { SecretStore } from './secrets/secret-store.js';
import { AuthorityCertificates } from './x509/authority-certificates.js';
import { KeyMaker } from './x509/key-pair.js';

const MS_PER_SECOND = 1000;
/** A call that hangs ends, so that the request can be tried again, maybe by another replica. */
const ATTEMPT_MS = 8_000;

/** The secret store of the configuration, and how to let go of it. */
export interface OpenedSecretStore {
  readonly secrets: SecretStore;
  close(): Promise<void>;
}

export const openSecretStore = async (config: Config): Promise<OpenedSecretStore> => {
  if (config.store === 'barbican') return openBarbican(config);
  const secrets = await LocalSecretStore.open(join(config.dataDir, 'cert-authority', 'secrets'));
  return { secrets, close: () => Promise.resolve() };
};

const openBarbican = ({ account }: BarbicanConfig): OpenedSecretStore => {
  const http = new CloudHttp({ caFile: account.caFile, timeoutMs: ATTEMPT_MS });
  const keystone = new KeystoneClient(http, {
    ...account,
    password: account.password.reveal(),
    region: account.regionName,
    trustees: null,
  });
  const secrets = new BarbicanSecretStore(new BarbicanClient(http), keystone.service());
  return { secrets, close: () => http.close() };
};

export interface Sources {
  readonly config: Pick<Config, 'signing' | 'openKeys'>;
  readonly store: EventStore;
  readonly secrets: SecretStore;
  readonly now?: () => Date;
}

export interface Service {
  readonly authorities: ClusterAuthorities;
  /** Keys open at this moment. */
  readonly open: OpenAuthorities;
}

/** The service without its network side. */
export const compose = ({ config, store, secrets, now = () => new Date() }: Sources): Service => {
  const certificates = new AuthorityCertificates(config.signing, new KeyMaker(), now);
  const { limit, ttlSeconds } = config.openKeys;
  const open = new OpenAuthorities(secrets, { limit, ttlMs: ttlSeconds * MS_PER_SECOND });
  const generations = new Generations(secrets, certificates);
  const log = new AuthorityLog(store);
  return {
    authorities: new ClusterAuthorities({ log, generations, open, certificates, now }),
    open,
  };
};
