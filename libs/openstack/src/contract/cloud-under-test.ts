import type { Cloud } from '../cloud.js';
import type { Session } from '../http/session.js';
import type { AccessRule } from '../keystone/port.js';

/** A cloud that a contract is tried on: seeded as `fakeCloud` says, and open to be arranged. */
export interface CloudUnderTest extends Cloud {
  /** A token of a user on a project, both by name, in domain Default. */
  signIn(userName: string, projectName: string): Promise<string>;
  /** A token of `demo` in demo, got with a restricted application credential, which may be for some requests only. */
  signInWithApplicationCredential(accessRules?: readonly AccessRule[]): Promise<string>;
  revoke(token: string): Promise<void>;
  readonly arrange: Arrangement;
  /** Take away what was arranged, and let go of connections. */
  close(): Promise<void>;
}

/** Makes what our ports only look for. Each resolves with the id (key pairs: the name). */
export interface Arrangement {
  keypair(as: Session, name: string, publicKey: string): Promise<string>;
  server(as: Session, server: { name: string; role: string }): Promise<string>;
  image(as: Session, image: { name: string; osDistro: string | null }): Promise<string>;
  network(as: Session, name: string): Promise<string>;
  floatingIp(as: Session): Promise<string>;
  loadBalancer(as: Session, balancer: { name: string; description: string }): Promise<string>;
}

/** The session of a seeded user. */
export const sessionOf = async (
  cloud: CloudUnderTest,
  userName: string,
  projectName: string,
): Promise<Session> => {
  const token = await cloud.signIn(userName, projectName);
  const known = await cloud.keystone.validate(token);
  if (!known) throw new Error(`the token of ${userName} is not valid`);
  return cloud.keystone.userSession(token, known);
};

/** What `look` gives as soon as `holds` is true of it. Fails after the deadline. */
export const eventually = async <T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  deadlineMs = 60_000,
): Promise<T> => {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end)
      throw new Error(`not so within ${deadlineMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

/** The error a call fails with. */
export const failureOf = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
