import { randomUUID } from 'node:crypto';
import { hexId, seconds } from '../../time.js';
import type { Json, JsonMap } from '../json.js';
import { equalJson, listOf, toText } from '../json.js';
import type { Sort } from '../resources/catalog.js';
import { leftOut, memberNames, memberTemplate } from '../resources/group.js';
import { physicalName } from '../resources/kind.js';
import { insideOfGroup, insideOfTemplate } from '../blueprint/inside.js';
import type { Resource, Source, Stack } from './records.js';
import type { World } from './world.js';

export type Nested = Exclude<Sort, { sort: 'plain' }>;

/** What is to be inside a resource, and what the resource has to remember of it. */
export interface Inside {
  readonly source: Source;
  readonly data: JsonMap;
}

const membersOf = (world: World, resource: Resource): Parameters<typeof leftOut>[1] => {
  const child = world.childOf(resource);
  if (!child) return [];
  return [...world.records.currentOf(child.id).values()].map((member) => ({
    name: member.name,
    physicalId: member.physicalId,
    reference: world.reference(child, member),
  }));
};

/** @param stack the one the resource is in */
export const insideOf = (
  world: World,
  stack: Stack,
  wanted: { readonly found: Nested; readonly resource: Resource; readonly properties: JsonMap },
): Inside => {
  const outer = world.records.source(stack.sourceId);
  const { found, resource, properties } = wanted;
  if (found.sort === 'template') {
    return { source: insideOfTemplate(outer, found.url, properties), data: {} };
  }
  const before = listOf(resource.data.leftOut).map(toText);
  const out = leftOut(properties, membersOf(world, resource), before);
  const names = memberNames(Number(properties.count ?? 1), out);
  return {
    source: insideOfGroup(outer, memberTemplate(properties, names)),
    data: { leftOut: out },
  };
};

export const sameInside = (a: Source, b: Source): boolean =>
  equalJson(a.template, b.template) &&
  equalJson(asJson(a.environment), asJson(b.environment)) &&
  (a.files === b.files || equalJson({ ...a.files }, { ...b.files }));

const asJson = (value: object): Json => value as JsonMap;

/** The stack inside a resource, before anything of it is made. */
export const childStack = (
  world: World,
  parent: Stack,
  wanted: { name: string; source: Source },
): Stack => ({
  id: randomUUID(),
  name: physicalName(parent.name, wanted.name),
  projectId: parent.projectId,
  userId: parent.userId,
  userName: parent.userName,
  stackUserProjectId: hexId(),
  parentId: parent.id,
  parentResource: wanted.name,
  rootId: parent.rootId,
  description: '',
  tags: [],
  timeoutMins: parent.timeoutMins,
  disableRollback: true,
  createdAt: seconds(),
  updatedAt: null,
  deletedAt: null,
  action: 'CREATE',
  status: 'IN_PROGRESS',
  reason: '',
  traversal: 0,
  deadline: null,
  sourceId: world.records.addSource(wanted.source),
  previousSourceId: null,
});
