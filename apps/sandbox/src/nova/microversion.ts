import type { FastifyInstance, FastifyRequest } from 'fastify';
import { unsupportedVersion } from './errors.js';

/** The newest minor version served. */
export const LATEST = 93;

/** The minor version asked for: 47 of `compute 2.47`. @throws Refusal 406 */
export const minorOf = (request: FastifyRequest): number => {
  const asked = askedFor(request);
  if (asked === undefined) return 1;
  if (asked === 'latest') return LATEST;
  const minor = Number(/^2\.(\d+)$/.exec(asked)?.[1] ?? 0);
  if (minor < 1 || minor > LATEST) throw unsupportedVersion(asked, `2.${LATEST}`);
  return minor;
};

const askedFor = ({ headers }: FastifyRequest): string | undefined => {
  const named = /^compute (\S+)$/i.exec(String(headers['openstack-api-version']))?.[1];
  const legacy = headers['x-openstack-nova-api-version'];
  return named ?? (typeof legacy === 'string' ? legacy : undefined);
};

/** Refuses versions there are none of, and says which one an answer is in. */
export const negotiate = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const version = `2.${minorOf(request)}`;
    reply
      .header('openstack-api-version', `compute ${version}`)
      .header('x-openstack-nova-api-version', version)
      .header('vary', 'OpenStack-API-Version, X-OpenStack-Nova-API-Version');
    done();
  });
};
