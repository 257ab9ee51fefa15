import { createHash, timingSafeEqual } from 'node:crypto';
import grpc, { type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { ACCESS_DENIED } from './errors.js';

/** Open to everyone: what a client calls before it says who it is. */
const OPEN = /Gossip\/Read$|GetSupportedMethods$/u;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Refuses calls that do not carry one of these users' passwords. */
export const basicAuthentication = (users: ReadonlyMap<string, string>): ServerInterceptor => {
  const known = [...users].map(([user, password]) => digest(`${user}:${password}`));
  const isKnown = (metadata: Metadata): boolean => {
    const [header] = metadata.get('authorization');
    const [, encoded] = /^Basic (.+)$/iu.exec(String(header ?? '')) ?? [];
    const offered = digest(Buffer.from(encoded ?? '', 'base64').toString());
    return known.some((digested) => timingSafeEqual(digested, offered));
  };
  return (method, call) =>
    new grpc.ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, proceed) => {
            if (OPEN.test(method.path) || isKnown(metadata)) proceed(metadata);
            else call.sendStatus(ACCESS_DENIED);
          },
        });
      },
    });
};
