import {
  BadRequest,
  type CloudError,
  type CloudErrorContext,
  CloudRefused,
  CloudUnavailable,
  Conflict,
  NotFound,
} from './errors.js';
import { type Json, object, objects, text, textOrNull } from './json.js';

/** What a service says of its own failure. */
export interface Failure {
  readonly message: string;
  /** Name of the service's exception, where it gives one (Heat, Neutron): `StackExists`. */
  readonly type: string | null;
}

/**
 * The service's own words from the body of an error. Each service has a shape of its own:
 * Keystone and Heat `{error: {message}}`, Nova and Cinder `{badRequest: {message}}`, Neutron
 * `{NeutronError: {message, type}}`, Barbican `{title, description}`, Octavia `{faultstring}`,
 * Glance and proxies HTML.
 */
export const failureOf = (status: number, body: unknown): Failure => {
  const found = typeof body === 'string' ? fromText(body) : fromObject(object(body));
  return { message: found.message || `HTTP ${status}`, type: found.type };
};

const fromText = (body: string): Failure => ({
  message: body
    .replace(/<title>[^<]*<\/title>|<h1>[^<]*<\/h1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500),
  type: null,
});

const fromObject = (body: Json): Failure => {
  const parts: readonly Json[] = [
    object(body['error']),
    ...objects(body['errors']),
    ...Object.values(body).map(object),
    body,
  ];
  const part = parts.find((candidate) => wordsOf(candidate) !== '') ?? {};
  return { message: wordsOf(part), type: textOrNull(part['type']) };
};

const wordsOf = (part: Json): string =>
  ['message', 'detail', 'faultstring', 'description', 'explanation', 'title']
    .map((member) => text(part[member]).replace(/(<br\s*\/?>|\s)+$/, '')) // Glance's, in JSON too
    .find((words) => words !== '') ?? '';

/** The error for a status of 400 or more. */
export const errorFor = (message: string, context: CloudErrorContext): CloudError => {
  const status = context.status ?? 0;
  const Kind = status >= 500 ? CloudUnavailable : (KINDS.get(status) ?? BadRequest);
  return new Kind(message, context);
};

const KINDS: ReadonlyMap<number, new (words: string, context: CloudErrorContext) => CloudError> =
  new Map([
    [401, CloudRefused],
    [403, CloudRefused],
    [404, NotFound],
    [408, CloudUnavailable],
    [409, Conflict],
    [410, NotFound],
    [429, CloudUnavailable],
  ]);

/** The text without the given secrets and without anything that looks like a Fernet token. */
export const redacted = (message: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length > 3)
    .reduce((words, secret) => words.replaceAll(secret, '***'), message)
    .replace(/gAAAA[\w=-]{16,}/g, '***');
