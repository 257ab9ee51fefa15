import type { Credentials } from '@eventstore/db-client';

const USER_INFO = /^esdb(?:\+discover)?:\/\/([^:@/]+):([^@/]+)@/u;
const NO_TLS = /[?&]tls=false(?:&|$)/iu;

/**
 * Credentials to give with each append. A call that carries its own makes the client use a call of
 * its own, instead of the long one it shares: there, deadlines are not kept, and the loss of one
 * connection fails the appends of every client in the process.
 *
 * Without TLS the client sends no credentials, so any will do. With TLS and no user in the
 * connection string there are none to give, and the shared call it is.
 */
export const appendCredentials = (connectionString: string): Credentials | undefined => {
  const [, username, password] = USER_INFO.exec(connectionString) ?? [];
  if (username !== undefined && password !== undefined) {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  }
  return NO_TLS.test(connectionString) ? { username: 'none', password: 'none' } : undefined;
};
