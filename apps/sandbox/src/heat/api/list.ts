import type { FastifyRequest } from 'fastify';
import { queryOf, valuesOf } from '../../query.js';
import type { Query } from '../../query.js';
import type { Records, Stack } from '../engine/records.js';
import { badRequest, forbidden } from '../heat-error.js';
import type { JsonMap } from '../json.js';
import type { Shown } from './shown.js';

const flag = (query: Query, name: string): boolean => {
  const given = query[name];
  if (given === undefined || given === '') return false;
  const word = given.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw badRequest(
    `Unrecognized value "${given}" for "${name}", acceptable values are: true, false.`,
  );
};

const count = (query: Query, name: string): number | undefined => {
  const given = query[name];
  if (given === undefined || given === '') return undefined;
  if (!/^\d+$/.test(given)) throw badRequest(`Only integer is acceptable by '${name}'.`);
  return Number(given);
};

export const depthOf = (request: FastifyRequest): number => {
  const given = queryOf(request).nested_depth ?? '';
  return given === '' ? 0 : (count({ nested_depth: given }, 'nested_depth') ?? 0);
};

const FILTERS: Readonly<Record<string, (stack: Stack) => string>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  stack_name: ({ name }) => name,
  status: ({ action, status }) => `${action}_${status}`,
  stack_status: ({ action, status }) => `${action}_${status}`,
  action: ({ action }) => action,
  tenant: ({ projectId }) => projectId,
  username: ({ userName }) => userName,
  owner_id: ({ parentId }) => parentId ?? '',
};

/** Values of one filter are alternatives; `FAILED` alone matches every action. */
const passes = (request: FastifyRequest, stack: Stack): boolean =>
  Object.entries(FILTERS).every(([name, read]) => {
    const wanted = valuesOf(request, name);
    if (wanted.length === 0) return true;
    const value = read(stack);
    return wanted.some((one) => one === value || (name === 'status' && one === stack.status));
  });

const tagsOf = (query: Query, name: string): string[] | undefined => query[name]?.split(',');

const TAG_RULES: Readonly<Record<string, (tags: readonly string[], wanted: string[]) => boolean>> =
  {
    tags: (tags, wanted) => wanted.every((tag) => tags.includes(tag)),
    tags_any: (tags, wanted) => wanted.some((tag) => tags.includes(tag)),
    not_tags: (tags, wanted) => !wanted.every((tag) => tags.includes(tag)),
    not_tags_any: (tags, wanted) => !wanted.some((tag) => tags.includes(tag)),
  };

const tagged = (query: Query, { tags }: Stack): boolean =>
  Object.entries(TAG_RULES).every(([name, rule]) => {
    const wanted = tagsOf(query, name);
    return wanted === undefined || rule(tags, wanted);
  });

const SORT_KEYS: Readonly<Record<string, (stack: Stack) => string>> = {
  stack_name: ({ name }) => name,
  name: ({ name }) => name,
  stack_status: ({ action, status }) => `${action}_${status}`,
  creation_time: ({ createdAt }) => createdAt,
  updated_time: ({ updatedAt }) => updatedAt ?? '',
};

const sorted = (stacks: readonly Stack[], query: Query): Stack[] => {
  const keys = (query.sort_keys ?? '').split(',').flatMap((key) => SORT_KEYS[key] ?? []);
  // The newest first, as they come out of the database.
  const newestFirst = [...stacks].reverse();
  const direction = query.sort_dir === 'desc' ? -1 : 1;
  for (const key of keys.reverse()) {
    newestFirst.sort((a, b) => direction * key(a).localeCompare(key(b)));
  }
  return newestFirst;
};

const pageOf = (stacks: readonly Stack[], query: Query): readonly Stack[] => {
  const limit = count(query, 'limit');
  const start = query.marker ? stacks.findIndex(({ id }) => id === query.marker) + 1 : 0;
  return stacks.slice(start, limit === undefined ? undefined : start + limit);
};

/** Those that the request asks for, before paging. @throws HeatError 400, 403 */
const selected = (request: FastifyRequest, records: Records): Stack[] => {
  const query = queryOf(request);
  const global = flag(query, 'global_tenant');
  if (global && !request.caller.isAdmin) throw forbidden('stacks:global_index');
  const deleted = flag(query, 'show_deleted');
  const nested = flag(query, 'show_nested');
  const stacks = [...(deleted ? records.deletedStacks.all() : []), ...records.stacks.all()];
  return stacks
    .filter(({ projectId }) => global || projectId === request.caller.projectId)
    .filter(({ parentId }) => nested || parentId === null)
    .filter((stack) => tagged(query, stack) && passes(request, stack));
};

/** Answer to `GET /stacks`. @throws HeatError 400, 403 */
export const listStacks = (request: FastifyRequest, records: Records, shown: Shown): JsonMap => {
  const query = queryOf(request);
  const all = sorted(selected(request, records), query);
  const global = flag(query, 'global_tenant');
  return {
    stacks: pageOf(all, query).map((stack) => ({
      ...shown.summary(stack),
      ...(global ? { project: stack.projectId } : {}),
    })),
    ...(flag(query, 'with_count') ? { count: all.length } : {}),
  };
};
