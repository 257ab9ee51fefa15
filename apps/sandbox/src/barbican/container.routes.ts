import type { FastifyInstance } from 'fastify';
import type { Cloud } from '../cloud.js';
import { list, text } from '../http/fields.js';
import { matchesFields, param, queryOf } from '../query.js';
import type { ContainerWish } from './barbican.js';
import { badRequest } from './errors.js';
import { listing } from './listing.js';
import type { Consumer, SecretContainer } from './types.js';

/** Which secrets a container of a type takes; others take any. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  certificate: ['certificate', 'private_key', 'private_key_passphrase', 'intermediates'],
  rsa: ['public_key', 'private_key', 'private_key_passphrase'],
};

export const containerRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  const { barbican } = cloud;
  const root = (): string => `${cloud.settings.baseUrl}/key-manager/v1`;
  const ref = (row: SecretContainer): string => `${root()}/containers/${row.id}`;
  const shown = (row: SecretContainer): object => ({
    created: row.created,
    updated: row.updated,
    status: 'ACTIVE',
    name: row.name,
    type: row.type,
    secret_refs: row.secrets.map(({ name, secret_id }) => ({
      name,
      secret_ref: `${root()}/secrets/${secret_id}`,
    })),
    consumers: row.consumers,
    container_ref: ref(row),
    creator_id: row.creator_id,
  });

  app.post('/v1/containers', (request, reply) => {
    const row = barbican.createContainer(request.caller, toWish(request.body));
    return reply
      .code(201)
      .header('location', ref(row))
      .send({ container_ref: ref(row) });
  });
  app.get('/v1/containers', (request) => {
    const query = queryOf(request);
    const rows = barbican
      .containersOf(request.caller)
      .filter((row) => matchesFields(row, query, ['name', 'type']));
    return listing(rows, { key: 'containers', href: `${root()}/containers`, query, shown });
  });
  app.get('/v1/containers/:id', (request) =>
    shown(barbican.container(request.caller, param(request, 'id'))),
  );
  app.delete('/v1/containers/:id', (request, reply) => {
    barbican.deleteContainer(request.caller, param(request, 'id'));
    return reply.code(204).send();
  });
  consumerRoutes(app, cloud, { shown, ref });
};

const consumerRoutes = (
  app: FastifyInstance,
  { barbican }: Cloud,
  of: {
    readonly shown: (row: SecretContainer) => object;
    readonly ref: (row: SecretContainer) => string;
  },
): void => {
  const path = '/v1/containers/:id/consumers';
  app.get(path, (request) => {
    const row = barbican.container(request.caller, param(request, 'id'));
    const query = queryOf(request);
    const href = `${of.ref(row)}/consumers`;
    return listing(row.consumers, { key: 'consumers', href, query, shown: (one) => one });
  });
  app.post(path, (request) => {
    const row = barbican.container(request.caller, param(request, 'id'));
    const consumer = toConsumer(request.body);
    const others = row.consumers.filter((one) => !same(one, consumer));
    return of.shown(barbican.setConsumers(row, [...others, consumer]));
  });
  app.delete(path, (request) => {
    const row = barbican.container(request.caller, param(request, 'id'));
    const consumer = toConsumer(request.body);
    const others = row.consumers.filter((one) => !same(one, consumer));
    return of.shown(barbican.setConsumers(row, others));
  });
};

const same = (a: Consumer, b: Consumer): boolean => a.name === b.name && a.URL === b.URL;

const toConsumer = (body: unknown): Consumer => {
  const [name, url] = [text(body, 'name'), text(body, 'URL')];
  if (!name || !url)
    throw badRequest(
      "Provided object does not match schema 'Consumer': name and URL are required.",
    );
  return { name, URL: url };
};

const toWish = (body: unknown): ContainerWish => {
  const type = text(body, 'type');
  if (type === undefined || !['generic', 'rsa', 'certificate'].includes(type))
    throw badRequest(
      `Provided object does not match schema 'Container': '${type ?? ''}' is not one of ['generic', 'rsa', 'certificate'].`,
    );
  const secrets = list(body, 'secret_refs').map((item) => ({
    name: text(item, 'name', ''),
    secret_id: text(item, 'secret_ref', '').split('/').at(-1) ?? '',
  }));
  checkMembers(
    type,
    secrets.map(({ name }) => name),
  );
  return { name: text(body, 'name', null), type, secrets };
};

const checkMembers = (type: string, names: readonly string[]): void => {
  const allowed = MEMBERS[type] ?? names;
  if (names.some((name) => !allowed.includes(name)))
    throw badRequest(
      `Provided object does not match schema 'Container': only ${allowed.join(', ')} reference names are allowed for ${type} type.`,
    );
  if (type === 'certificate' && !names.includes('certificate'))
    throw badRequest(
      "Provided object does not match schema 'Container': The minimum required reference name is 'certificate' for Certificate type.",
    );
};
