import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cloud } from '../cloud.js';
import { flag, numeric, object, text, texts, textMap } from '../http/fields.js';
import { matchesFields, param, queryOf } from '../query.js';
import type { SecretWish } from './barbican.js';
import { badRequest, conflict, noPayload, notAcceptable, unknownSecret } from './errors.js';
import { listing } from './listing.js';
import type { Secret } from './types.js';

export const secretRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  createAndList(app, cloud);
  readAndDelete(app, cloud);
  metadataRoutes(app, cloud);
  aclRoutes(app, cloud);
};

const ref = (cloud: Cloud, secret: Secret): string =>
  `${cloud.settings.baseUrl}/key-manager/v1/secrets/${secret.id}`;

const shown = (cloud: Cloud, secret: Secret): object => ({
  created: secret.created,
  updated: secret.updated,
  status: 'ACTIVE',
  name: secret.name,
  secret_type: secret.secret_type,
  expiration: secret.expiration,
  algorithm: secret.algorithm,
  bit_length: secret.bit_length,
  mode: secret.mode,
  creator_id: secret.creator_id,
  ...(secret.payload === null ? {} : { content_types: { default: secret.content_type } }),
  secret_ref: ref(cloud, secret),
});

const createAndList = (app: FastifyInstance, cloud: Cloud): void => {
  app.post('/v1/secrets', (request, reply) => {
    const secret = cloud.barbican.createSecret(request.caller, toWish(request.body));
    const url = ref(cloud, secret);
    return reply.code(201).header('location', url).send({ secret_ref: url });
  });
  app.get('/v1/secrets', (request) => {
    const query = queryOf(request);
    const names = ['name', 'algorithm', 'mode', 'secret_type'];
    const rows = cloud.barbican
      .secretsOf(request.caller)
      .filter((row) => matchesFields(row, query, names))
      .filter((row) => !query.bits || row.bit_length === Number(query.bits));
    return listing(rows, {
      key: 'secrets',
      href: `${cloud.settings.baseUrl}/key-manager/v1/secrets`,
      query,
      shown: (row) => shown(cloud, row),
    });
  });
};

const toWish = (body: unknown): SecretWish => {
  return {
    name: text(body, 'name', null),
    secret_type: text(body, 'secret_type', 'opaque'),
    algorithm: text(body, 'algorithm', null),
    bit_length: numeric(body, 'bit_length', null),
    mode: text(body, 'mode', null),
    expiration: text(body, 'expiration', null),
    ...payloadOf(body),
  };
};

const payloadOf = (body: unknown): Pick<Secret, 'payload' | 'content_type'> => {
  // Blanks and newlines at the ends are lost, as they are in Barbican.
  const payload = text(body, 'payload')?.trim();
  const type = text(body, 'payload_content_type');
  if (payload === '')
    throw badRequest(
      "Provided object does not match schema 'Secret': If 'payload' specified, must be non empty.",
    );
  if (payload !== undefined && type === undefined)
    throw badRequest(
      "Provided object does not match schema 'Secret': payload_content_type must be provided when payload is provided.",
    );
  const content_type = type === undefined ? null : plain(type);
  if (payload === undefined) return { payload: null, content_type };
  return { payload: encoded(payload, text(body, 'payload_content_encoding')), content_type };
};

/** `text/plain` of `text/plain; charset=utf-8`. */
const plain = (type: string): string => type.split(';')[0]?.trim() ?? '';

const encoded = (payload: string, encoding: string | undefined): string =>
  encoding === 'base64' ? payload : Buffer.from(payload).toString('base64');

const readAndDelete = (app: FastifyInstance, cloud: Cloud): void => {
  const { barbican } = cloud;
  app.get('/v1/secrets/:id', (request, reply) => {
    const secret = alive(barbican.secret(request.caller, param(request, 'id')));
    const accept = request.headers.accept ?? '*/*';
    const wantsPayload = secret.content_type !== null && accept.includes(secret.content_type);
    if (!wantsPayload || accept.includes('application/json')) return shown(cloud, secret);
    return sendPayload(secret, reply);
  });
  app.get('/v1/secrets/:id/payload', (request, reply) => {
    const secret = alive(barbican.secret(request.caller, param(request, 'id')));
    const accept = request.headers.accept ?? '*/*';
    const fits = accept.includes('*/*') || accept.includes(secret.content_type ?? '');
    if (!fits) throw notAcceptable();
    return sendPayload(secret, reply);
  });
  app.put('/v1/secrets/:id', (request, reply) => {
    const secret = barbican.ownSecret(request.caller, param(request, 'id'), 'Secret update');
    if (secret.payload !== null) throw conflict('Secret already has data, cannot modify it.');
    barbican.secrets.patch(secret, uploaded(request));
    return reply.code(204).send();
  });
  app.delete('/v1/secrets/:id', (request, reply) => {
    const secret = barbican.ownSecret(request.caller, param(request, 'id'), 'Secret deletion');
    barbican.secrets.delete(secret.id);
    return reply.code(204).send();
  });
};

const alive = (secret: Secret): Secret => {
  if (secret.expiration !== null && Date.parse(`${secret.expiration}Z`) <= Date.now())
    throw unknownSecret();
  return secret;
};

const sendPayload = (secret: Secret, reply: FastifyReply): FastifyReply => {
  if (secret.payload === null) throw noPayload();
  const type = secret.content_type ?? 'application/octet-stream';
  return reply
    .header('content-type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type)
    .send(Buffer.from(secret.payload, 'base64'));
};

const uploaded = (request: FastifyRequest): Pick<Secret, 'payload' | 'content_type'> => {
  const data = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (data.length === 0) throw badRequest('No secret data was provided in the PUT request.');
  const encoding = request.headers['content-encoding'];
  return {
    payload: encoding === 'base64' ? data.toString() : data.toString('base64'),
    content_type: plain(request.headers['content-type'] ?? ''),
  };
};

const metadataRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { barbican } = cloud;
  app.get('/v1/secrets/:id/metadata', (request) => ({
    metadata: barbican.secret(request.caller, param(request, 'id')).metadata,
  }));
  app.put('/v1/secrets/:id/metadata', (request, reply) => {
    const secret = barbican.ownSecret(request.caller, param(request, 'id'), 'Secret metadata');
    barbican.secrets.patch(secret, { metadata: textMap(request.body, 'metadata') });
    return reply.code(201).send({ metadata_ref: `${ref(cloud, secret)}/metadata` });
  });
};

const aclRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { barbican } = cloud;
  const path = '/v1/secrets/:id/acl';
  app.get(path, (request) => {
    const { acl } = barbican.secret(request.caller, param(request, 'id'));
    return { read: acl ?? { 'project-access': true } };
  });
  for (const method of ['PUT', 'PATCH'] as const)
    app.route({
      method,
      url: path,
      handler: (request) => {
        const secret = barbican.ownSecret(request.caller, param(request, 'id'), 'Secret ACL');
        const read = object(request.body, 'read');
        barbican.setAcl(secret, {
          users: texts(read, 'users'),
          'project-access': flag(read, 'project-access', true),
        });
        return { acl_ref: `${ref(cloud, secret)}/acl` };
      },
    });
  app.delete(path, (request, reply) => {
    barbican.setAcl(barbican.ownSecret(request.caller, param(request, 'id'), 'Secret ACL'), null);
    return reply.code(200).send();
  });
};
