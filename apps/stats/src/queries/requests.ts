import { Refused } from '@jeroboam/eventing/decider';
import type { AuditQuery } from '@jeroboam/read-models/audit';
import { MAX_AUDIT_ROWS, MAX_USAGE_ROWS, type StatsRequests } from '@jeroboam/read-models/requests';
import type { UsageQuery } from '@jeroboam/read-models/usage';

/** What came over the network: nothing is known of its types. */
type Fields = Readonly<Record<string, unknown>>;

/** Each throws Refused that names the first member that is wrong. */
export const toCountsQuery = (message: unknown): StatsRequests['counts']['request'] => ({
  projectId: textOrNull(fieldsOf(message), 'projectId'),
});

export const toQuotaQuery = (message: unknown): StatsRequests['quota']['request'] => {
  const fields = fieldsOf(message);
  const { defaultLimit } = fields;
  if (typeof defaultLimit !== 'number' || !Number.isInteger(defaultLimit)) {
    throw faulty('defaultLimit');
  }
  return { projectId: text(fields, 'projectId'), defaultLimit };
};

/** @param nowMs nothing is counted beyond it */
export const toUsageQuery = (message: unknown, nowMs: number): UsageQuery => {
  const fields = fieldsOf(message);
  return {
    projectId: textOrNull(fields, 'projectId'),
    fromMs: time(fields, 'from'),
    toMs: Math.min(time(fields, 'to'), nowMs),
    afterClusterId: textOrNull(fields, 'afterClusterId'),
    limit: limit(fields, MAX_USAGE_ROWS),
  };
};

export const toAuditQuery = (message: unknown): AuditQuery => {
  const fields = fieldsOf(message);
  return {
    projectId: textOrNull(fields, 'projectId'),
    resourceId: textOrNull(fields, 'resourceId'),
    userId: textOrNull(fields, 'userId'),
    fromMs: timeOrNull(fields, 'from'),
    toMs: timeOrNull(fields, 'to'),
    afterPosition: position(fields, 'afterPosition'),
    limit: limit(fields, MAX_AUDIT_ROWS),
  };
};

const fieldsOf = (message: unknown): Fields => {
  if (typeof message !== 'object' || message === null) throw faulty('body');
  return { ...message };
};

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw faulty(name);
  return value;
};

const textOrNull = (fields: Fields, name: string): string | null =>
  fields[name] === undefined || fields[name] === null ? null : text(fields, name);

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const time = (fields: Fields, name: string): number => {
  const value = text(fields, name);
  const ms = ISO_8601.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw faulty(name);
  return ms;
};

const timeOrNull = (fields: Fields, name: string): number | null =>
  textOrNull(fields, name) === null ? null : time(fields, name);

/** At most what SQLite takes for a whole number. */
const position = (fields: Fields, name: string): bigint | null => {
  const value = textOrNull(fields, name);
  if (value === null) return null;
  if (!/^\d{1,18}$/.test(value)) throw faulty(name);
  return BigInt(value);
};

const limit = (fields: Fields, max: number): number => {
  const value = fields['limit'] ?? max;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) throw faulty('limit');
  return Math.min(value, max);
};

const faulty = (member: string): Refused =>
  new Refused('invalid', `The ${member} of the request to the stats service is not valid.`);
