import { join, resolve } from 'node:path';

/** Root of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where everything lies that a started Jeroboam writes. */
export const HOME = resolve(process.env['JEROBOAM_HOME'] ?? join(ROOT, '.jeroboam'));

export const DATA = join(HOME, 'data');
export const LOGS = join(HOME, 'log');
export const RUN = join(HOME, 'run');
/** Holds the id of the supervisor's process while it runs. */
export const PID_FILE = join(RUN, 'jeroboam.pid');

const base = Number(process.env['JEROBOAM_BASE_PORT'] ?? 9511);

/** All ports count from one, so that a second Jeroboam needs one setting: JEROBOAM_BASE_PORT. */
export const PORTS = {
  api: base,
  sandbox: base + 1,
  eventStore: base + 2,
  nats: base + 3,
  conductorHealth: base + 10,
  certAuthorityHealth: base + 11,
  statsHealth: base + 12,
  eventStoreHealth: base + 13,
} as const;

export const API_URL = `http://127.0.0.1:${PORTS.api}`;
export const SANDBOX_URL = `http://127.0.0.1:${PORTS.sandbox}`;
export const AUTH_URL = `${SANDBOX_URL}/identity/v3`;
