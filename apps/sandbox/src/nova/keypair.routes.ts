import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Cloud } from '../cloud.js';
import { object, text } from '../http/fields.js';
import { param, queryOf } from '../query.js';
import { badRequest, forbidden } from './errors.js';
import { minorOf } from './microversion.js';
import type { Keypair } from './types.js';

/** Whose key pairs: one's own; administrators may name another user since 2.10. */
const userOf = (request: FastifyRequest): string => {
  const asked = queryOf(request).user_id ?? text(object(request.body, 'keypair'), 'user_id');
  const { caller } = request;
  if (asked === undefined || asked === caller.userId || minorOf(request) < 10) return caller.userId;
  if (!caller.isAdmin) throw forbidden('os_compute_api:os-keypairs');
  return asked;
};

const brief = (row: Keypair, minor: number): object => ({
  name: row.name,
  public_key: row.public_key,
  fingerprint: row.fingerprint,
  ...(minor >= 2 ? { type: 'ssh' } : {}),
});

export const keypairRoutes = (app: FastifyInstance, { nova }: Cloud): void => {
  const path = '/v2.1/os-keypairs';
  app.get(path, (request) => {
    const rows = nova.keypairs.ofUser(userOf(request));
    const query = queryOf(request);
    const start = rows.findIndex((row) => row.name === query.marker) + 1;
    const limit = Number(query.limit ?? 0) || rows.length;
    const paged = rows.slice(start, start + limit);
    return { keypairs: paged.map((row) => ({ keypair: brief(row, minorOf(request)) })) };
  });
  app.get(`${path}/:name`, (request) => {
    const row = nova.keypair(userOf(request), param(request, 'name'));
    return {
      keypair: {
        ...brief(row, minorOf(request)),
        id: nova.keypairs.rows.ids().indexOf(row.id) + 1,
        user_id: row.user_id,
        created_at: row.created_at,
        updated_at: null,
        deleted: false,
        deleted_at: null,
      },
    };
  });
  app.post(path, (request, reply) => {
    const wish = object(request.body, 'keypair');
    const name = text(wish, 'name');
    const publicKey = text(wish, 'public_key');
    if (name === undefined)
      throw badRequest(
        "Invalid input for field/attribute keypair. Value: {}. 'name' is a required property",
      );
    const { private_key, ...row } = nova.createKeypair(
      { ...request.caller, userId: userOf(request) },
      { name, ...(publicKey === undefined ? {} : { public_key: publicKey }) },
    );
    const secret = private_key === undefined ? {} : { private_key };
    return reply
      .code(minorOf(request) < 2 ? 200 : 201)
      .send({ keypair: { ...brief(row, minorOf(request)), user_id: row.user_id, ...secret } });
  });
  app.delete(`${path}/:name`, (request, reply) => {
    nova.deleteKeypair(userOf(request), param(request, 'name'));
    return reply.code(minorOf(request) < 2 ? 202 : 204).send();
  });
};
