import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TokenContext } from '../cloud.js';
import { object, type Json } from '../http/fields.js';
import { matchesFields, page, param, queryOf, valuesOf, type Query } from '../query.js';
import { badRequest, forbidden } from './errors.js';
import type { Port } from './types.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly project_id: string;
}

/** One kind of resource as Neutron's API offers it. */
export interface Resource<T extends Row> {
  /** Key of one in a body; paths and lists use the plural. */
  readonly key: string;
  readonly plural: string;
  readonly rows: () => readonly T[];
  /** By id only. @throws Refusal 404 */
  readonly get: (id: string) => T;
  /** Absent: there is no such call. */
  readonly create?: (caller: TokenContext, wish: Json) => T;
  readonly update?: (id: string, change: Json, caller: TokenContext) => T;
  readonly remove?: (id: string) => void;
  /** Whether somebody outside the project may see it. */
  readonly open?: (row: T) => boolean;
  readonly shown?: (row: T) => object;
  /** Fields only administrators see. */
  readonly hidden?: readonly string[];
  /** Fields only administrators may set. */
  readonly adminFields?: readonly string[];
}

const CONTROLS = ['fields', 'limit', 'marker', 'page_reverse', 'sort_key', 'sort_dir'];

/** The five calls of a resource. */
export const resource = <T extends Row>(app: FastifyInstance, kind: Resource<T>): void => {
  const path = `/v2.0/${kind.plural}`;
  const shown = (row: T, request: FastifyRequest): object =>
    projected(kind.shown?.(row) ?? row, valuesOf(request, 'fields'), {
      hidden: request.caller.isAdmin ? [] : (kind.hidden ?? []),
    });

  app.get(path, (request) => {
    const query = queryOf(request);
    const rows = kind.rows().filter((row) => visible(kind, row, request.caller));
    const chosen = sorted(
      rows.filter((row) => chooses(row, request)),
      query,
    );
    const paged = page(chosen, query) ?? [];
    return { [kind.plural.replaceAll('-', '_')]: paged.map((row) => shown(row, request)) };
  });
  app.get(`${path}/:id`, (request) => {
    const row = kind.get(param(request, 'id'));
    if (!visible(kind, row, request.caller)) return kind.get('');
    return { [kind.key]: shown(row, request) };
  });
  writes(app, kind, (row, request) => ({ [kind.key]: shown(row, request) }));
};

const writes = <T extends Row>(
  app: FastifyInstance,
  kind: Resource<T>,
  answer: (row: T, request: FastifyRequest) => object,
): void => {
  const { create, update, remove } = kind;
  const path = `/v2.0/${kind.plural}`;
  if (create)
    app.post(path, (request, reply) => {
      const wish = wishOf(request, kind);
      return reply.code(201).send(answer(create(ownerOf(request.caller, wish), wish), request));
    });
  if (update)
    app.put(`${path}/:id`, (request) => {
      const row = mine(kind, request);
      return answer(update(row.id, wishOf(request, kind), request.caller), request);
    });
  if (remove)
    app.delete(`${path}/:id`, (request, reply) => {
      remove(mine(kind, request).id);
      return reply.code(204).send();
    });
};

/** Administrators may make things for another project. */
const ownerOf = (caller: TokenContext, wish: Json): TokenContext => {
  const projectId = wish.project_id ?? wish.tenant_id;
  if (typeof projectId !== 'string' || projectId === caller.projectId) return caller;
  if (!caller.isAdmin)
    throw forbidden('(rule:create and rule:create:tenant_id) is disallowed by policy');
  return { ...caller, projectId };
};

const wishOf = <T extends Row>(request: FastifyRequest, kind: Resource<T>): Json => {
  const wish = object(request.body, kind.key);
  if (Object.keys(wish).length === 0)
    throw badRequest(`Unable to find '${kind.key}' in request body`);
  const barred = (kind.adminFields ?? []).find((field) => wish[field]);
  if (barred !== undefined && !request.caller.isAdmin)
    throw forbidden(`rule:create_${kind.key}:${barred} is disallowed by policy`);
  return wish;
};

const visible = <T extends Row>(kind: Resource<T>, row: T, caller: TokenContext): boolean =>
  caller.isAdmin || row.project_id === caller.projectId || (kind.open?.(row) ?? false);

/** The one named in the path, when the caller may change it. */
const mine = <T extends Row>(kind: Resource<T>, request: FastifyRequest): T => {
  const row = kind.get(param(request, 'id'));
  const { caller } = request;
  if (!visible(kind, row, caller)) return kind.get('');
  if (!caller.isAdmin && row.project_id !== caller.projectId)
    throw forbidden(`rule:update_${kind.key} is disallowed by policy`);
  return row;
};

const chooses = (row: object, request: FastifyRequest): boolean =>
  Object.keys(queryOf(request))
    .filter((name) => !CONTROLS.includes(name))
    .every((name) => valuesOf(request, name).some((value) => fits(row, name, value)));

const fits = (row: object, name: string, value: string): boolean => {
  if (name === 'fixed_ips') return hasFixedIp(row, value);
  return matchesFields(row, { [name]: value }, [name]);
};

/** `subnet_id=<id>` or `ip_address=<address>`. */
const hasFixedIp = (row: Partial<Port>, wanted: string): boolean => {
  const [field, value] = wanted.split('=');
  return (row.fixed_ips ?? []).some((ip) =>
    field === 'subnet_id' ? ip.subnet_id === value : ip.ip_address === value,
  );
};

const sorted = <T extends Row>(rows: readonly T[], query: Query): readonly T[] => {
  const key = query.sort_key;
  if (!key) return rows;
  const text = (row: T): string => String(Reflect.get(row, key) ?? '');
  const order = query.sort_dir === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => order * text(a).localeCompare(text(b)));
};

const projected = (
  row: object,
  fields: readonly string[],
  { hidden }: { readonly hidden: readonly string[] },
): object => {
  if (fields.length + hidden.length === 0) return row;
  const shown = (name: string): boolean =>
    !hidden.includes(name) && (fields.length === 0 || fields.includes(name));
  return Object.fromEntries(Object.entries(row).filter(([name]) => shown(name)));
};
