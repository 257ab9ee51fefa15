import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PUBLIC } from '../authentication.js';
import type { Cloud } from '../cloud.js';
import { flag, isObject, numeric, text, texts, type Json } from '../http/fields.js';
import { page, param, queryOf, valuesOf, type Query } from '../query.js';
import { badRequest, forbidden } from './errors.js';
import { maySee, type ImageWish } from './glance.js';
import type { Image } from './types.js';

/** Glance v2, under `/image`. */
export const glanceRoutes = (app: FastifyInstance, cloud: Cloud): void => {
  versions(app, cloud);
  readRoutes(app, cloud);
  writeRoutes(app, cloud);
};

const shown = (image: Image): object => {
  const { properties, ...fields } = image;
  const path = `/v2/images/${image.id}`;
  return {
    ...properties,
    ...fields,
    os_hidden: false,
    virtual_size: null,
    self: path,
    file: `${path}/file`,
    schema: '/v2/schemas/image',
  };
};

const readRoutes = (app: FastifyInstance, { glance }: Cloud): void => {
  app.get('/v2/images', (request) => {
    const query = queryOf(request);
    const rows = glance.images
      .filter((row) => maySee(row, request.caller) && listed(row, query))
      .filter((row) => chosen(row, query, valuesOf(request, 'tag')))
      .reverse();
    const limit = Math.min(Number(query.limit ?? 25) || 25, 1000);
    const paged = page(rows, { ...query, limit: String(limit) });
    if (!paged) throw badRequest(`Image ${query.marker ?? ''} could not be found`);
    const last = paged.at(-1);
    const more = last !== undefined && rows.at(-1)?.id !== last.id;
    return {
      images: paged.map(shown),
      first: '/v2/images',
      schema: '/v2/schemas/images',
      ...(more ? { next: next(query, last.id) } : {}),
    };
  });
  app.get('/v2/images/:id', (request) =>
    shown(glance.visible(param(request, 'id'), request.caller)),
  );
  app.get('/v2/images/:id/file', (request, reply) => {
    glance.visible(param(request, 'id'), request.caller);
    return reply.code(204).send();
  });
  app.get('/v2/images/:id/members', () => ({ members: [], schema: '/v2/schemas/members' }));
};

const next = (query: Query, marker: string): string =>
  `/v2/images?${new URLSearchParams({ ...query, marker }).toString()}`;

/** Community images of others are listed only when asked for. */
const listed = (row: Image, query: Query): boolean =>
  row.visibility !== 'community' || query.visibility === 'community' || query.visibility === 'all';

const CONTROLS = ['limit', 'marker', 'sort', 'sort_key', 'sort_dir', 'tag', 'member_status'];

const chosen = (row: Image, query: Query, tags: readonly string[]): boolean =>
  tags.every((tag) => row.tags.includes(tag)) &&
  Object.entries(query)
    .filter(([name]) => !CONTROLS.includes(name))
    .every(([name, wanted]) => fits(row, name, wanted));

/** Filters that are no plain comparison with a field of the same name. */
const SPECIAL: Readonly<Record<string, (row: Image, wanted: string) => boolean>> = {
  visibility: (row, wanted) => wanted === 'all' || row.visibility === wanted,
  os_hidden: (_row, wanted) => !/^true$/i.test(wanted),
  size_min: (row, wanted) => (row.size ?? 0) >= Number(wanted),
  size_max: (row, wanted) => (row.size ?? 0) <= Number(wanted),
};

const fits = (row: Image, name: string, wanted: string): boolean => {
  const special = SPECIAL[name];
  if (special) return special(row, wanted);
  const value: unknown = Reflect.get(row, name) ?? row.properties[name] ?? '';
  const choices = wanted.startsWith('in:') ? wanted.slice(3).split(',') : [wanted];
  return choices.includes(String(value));
};

const KNOWN = [
  'id',
  'name',
  'visibility',
  'protected',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
  'tags',
];

const toWish = (body: unknown): ImageWish => {
  const given: Json = isObject(body) ? body : {};
  const extra = Object.entries(given).filter(([name]) => !KNOWN.includes(name));
  const id = text(given, 'id');
  return {
    ...(id === undefined ? {} : { id }),
    name: text(given, 'name', null),
    visibility: text(given, 'visibility', 'shared'),
    protected: flag(given, 'protected', false),
    disk_format: text(given, 'disk_format', null),
    container_format: text(given, 'container_format', null),
    min_disk: numeric(given, 'min_disk', 0),
    min_ram: numeric(given, 'min_ram', 0),
    tags: texts(given, 'tags'),
    properties: Object.fromEntries(extra.map(([name, value]) => [name, String(value)])),
  };
};

const writeRoutes = (app: FastifyInstance, { glance, settings }: Cloud): void => {
  app.post('/v2/images', (request, reply) => {
    const wish = toWish(request.body);
    if (wish.visibility === 'public' && !request.caller.isAdmin)
      throw forbidden('You are not authorized to complete publicize_image action.');
    const image = glance.create(request.caller, wish);
    return reply
      .code(201)
      .header('location', `${settings.baseUrl}/image/v2/images/${image.id}`)
      .send(shown(image));
  });
  app.put('/v2/images/:id/file', (request, reply) => {
    const image = glance.own(param(request, 'id'), request.caller);
    glance.upload(image, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    return reply.code(204).send();
  });
  app.patch('/v2/images/:id', (request) => {
    const image = glance.own(param(request, 'id'), request.caller);
    return shown(glance.images.put(patched(image, request)));
  });
  app.delete('/v2/images/:id', (request, reply) => {
    glance.delete(glance.own(param(request, 'id'), request.caller));
    return reply.code(204).send();
  });
};

/** Applies a JSON patch of whole fields, which is all the API allows. */
const patched = (image: Image, request: FastifyRequest): Image => {
  if (!Array.isArray(request.body))
    throw badRequest('Request body must be a JSON array of operation objects.');
  const { properties, ...fields } = image;
  const after: Record<string, unknown> = { ...properties, ...fields };
  for (const operation of request.body as unknown[]) {
    const name = (text(operation, 'path') ?? '').replace(/^\//, '');
    if (text(operation, 'op') === 'remove') Reflect.deleteProperty(after, name);
    else after[name] = isObject(operation) ? operation.value : undefined;
  }
  const wish = toWish(
    Object.fromEntries(
      Object.entries(after).filter(([name]) => !(name in fields) || KNOWN.includes(name)),
    ),
  );
  return { ...image, ...wish, id: image.id };
};

const versions = (app: FastifyInstance, { settings }: Cloud): void => {
  const list = (): object => ({
    versions: ['v2.9', 'v2.8', 'v2.7', 'v2.6', 'v2.5', 'v2.4', 'v2.3', 'v2.2', 'v2.1', 'v2.0'].map(
      (id, index) => ({
        id,
        status: index === 0 ? 'CURRENT' : 'SUPPORTED',
        links: [{ rel: 'self', href: `${settings.baseUrl}/image/v2/` }],
      }),
    ),
  });
  app.get('/', PUBLIC, (_request, reply) => reply.code(300).send(list()));
  app.get('/versions', PUBLIC, list);
  app.get('/v2', PUBLIC, list);
};
