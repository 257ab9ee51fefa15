import type { Section, Values } from '@jeroboam/platform/config/configuration';
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
import { bool, integer, oneOf, secret, text, url } from '@jeroboam/platform/config/settings';

const AFFINITY = ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'] as const;

/** Volumes of nodes, where no label says otherwise. */
const volumeSection = {
  /** GB; 0: nodes boot from the disk of their flavor. The API must know it too. */
  bootSize: integer('JEROBOAM_DEFAULT_BOOT_VOLUME_SIZE', { min: 0, max: 65_536, default: 0 }),
  bootType: text('JEROBOAM_DEFAULT_BOOT_VOLUME_TYPE', { default: null }),
  dockerType: text('JEROBOAM_DEFAULT_DOCKER_VOLUME_TYPE', { default: null }),
  etcdType: text('JEROBOAM_DEFAULT_ETCD_VOLUME_TYPE', { default: null }),
} satisfies Section;

/** All settings of the conductor. */
export const conductorSection = {
  eventStore: eventStoreSection,
  nats: natsSection,
  http: httpSection(9521),
  logging: loggingSection,
  account: serviceAccountSection,
  trusteeDomain: trusteeDomainSection,
  dataDir: dataDirSetting,
  host: hostSetting,
  /** From it the passwords of all trustees are derived: the same on all conductors, for ever. */
  secretKey: secret('JEROBOAM_SECRET_KEY'),
  /** This service as nodes reach it, with `/v1`. */
  magnumUrl: url('JEROBOAM_MAGNUM_URL'),
  /** Keystone as nodes reach it; `OS_AUTH_URL` when not given. */
  nodeAuthUrl: url('JEROBOAM_NODE_AUTH_URL', { default: null }),
  /** Nodes get the trust itself, and with it all that the user may do (CVE-2016-7404). */
  clusterUserTrust: bool('JEROBOAM_CLUSTER_USER_TRUST', { default: false }),
  /** Nodes verify the certificates of OpenStack and of this service. */
  verifyCa: bool('JEROBOAM_VERIFY_CA', { default: true }),
  /** PEM file of the authority that signed them, for the nodes. */
  nodeCaFile: text('JEROBOAM_NODE_CA_FILE', { default: null }),
  affinityPolicy: oneOf('JEROBOAM_NODES_AFFINITY_POLICY', AFFINITY, {
    default: 'soft-anti-affinity' as const,
  }),
  postInstallManifestUrl: url('JEROBOAM_POST_INSTALL_MANIFEST_URL', { default: null }),
  volumes: volumeSection,
  /** How often the APIs of Kubernetes clusters are asked for their health; a negative number: never. */
  healthIntervalSeconds: integer('JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS', {
    min: -1,
    max: 86_400,
    default: 60,
  }),
  /** How often Heat is looked at while something is in progress. */
  pollIntervalMs: integer('JEROBOAM_POLL_INTERVAL_MS', { min: 100, max: 60_000, default: 2000 }),
} satisfies Section;

export type Config = Values<typeof conductorSection>;
