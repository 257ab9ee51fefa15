import {
  instant,
  instantOrNull,
  integerOrNull,
  type Json,
  objects,
  text,
  textMembers,
  textOrNull,
  texts,
} from '../http/json.js';
import type { Query } from '../http/service-client.js';
import type {
  Stack,
  StackChange,
  StackEvent,
  StackFilter,
  StackParameters,
  StackRequest,
  StackResource,
  StackSummary,
} from './port.js';

export const requestBody = (request: StackRequest): object => ({
  stack_name: request.name,
  disable_rollback: request.rollback !== true,
  ...changes(request),
});

export const changeBody = (change: StackChange): object => ({
  disable_rollback: change.rollback !== true,
  ...(change.clearParameters ? { clear_parameters: change.clearParameters } : {}),
  ...changes(change),
});

const changes = (wish: StackChange): object => ({
  ...(wish.template === undefined ? {} : { template: wish.template }),
  ...filesOf(wish),
  ...(wish.parameters ? { parameters: wish.parameters } : {}),
  ...(wish.timeoutMinutes === undefined ? {} : { timeout_mins: wish.timeoutMinutes }),
  ...(wish.tags ? { tags: wish.tags.join(',') } : {}),
});

/** Environments travel among the files; their names in order tell Heat to merge them. */
const filesOf = ({ files, environments }: StackChange): object => {
  if (!files && !environments) return {};
  const names = Object.keys(environments ?? {});
  return {
    files: { ...files, ...environments },
    ...(names.length === 0 ? {} : { environment_files: names }),
  };
};

/** Values that Heat might quote in an error and nobody should read. */
export const secretValues = (parameters: StackParameters = {}): readonly string[] =>
  Object.entries(parameters).flatMap(([name, value]) =>
    /pass|secret|token|private|credential/i.test(name) && typeof value === 'string' ? [value] : [],
  );

/** Ids in one query: some thousand bytes, which every server takes for a request line. */
const IDS_PER_QUERY = 80;

/** The queries that together find all a filter asks for. */
export const listQueries = (filter: StackFilter): readonly Query[] => {
  const { ids, names, statuses } = filter;
  if ([ids, names, statuses].some((values) => values?.length === 0)) return [];
  const common: Query = {
    global_tenant: filter.global === true ? 'true' : undefined,
    show_deleted: filter.deleted === true ? 'true' : undefined,
    action: statuses && unique(statuses.map((status) => status.replace(/_.*/, ''))),
    status: statuses && unique(statuses.map((status) => status.replace(/^[^_]*_/, ''))),
  };
  if (ids) return chunks(ids).map((some) => ({ ...common, id: some }));
  return names ? chunks(names).map((some) => ({ ...common, name: some })) : [common];
};

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];

const chunks = (values: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(values.length / IDS_PER_QUERY) }, (_, chunk) =>
    values.slice(chunk * IDS_PER_QUERY, (chunk + 1) * IDS_PER_QUERY),
  );

export const summaryFrom = (row: Json): StackSummary => ({
  id: text(row['id']),
  name: text(row['stack_name']),
  status: text(row['stack_status']),
  reason: text(row['stack_status_reason']),
  projectId: projectOf(row),
  tags: texts(row['tags']),
  createdAt: instant(row['creation_time']),
  updatedAt: instantOrNull(row['updated_time']),
});

/** Only lists name it; shows have it in the stack's own link: `/v1/<project>/stacks/<name>/<id>`. */
const projectOf = (row: Json): string => {
  const self = objects(row['links']).find(({ rel }) => rel === 'self');
  const linked = /\/([^/]+)\/stacks\/[^/]+\/[^/]+$/.exec(text(self?.['href']))?.[1];
  return textOrNull(row['project']) ?? linked ?? '';
};

export const stackFrom = (row: Json): Stack => ({
  ...summaryFrom(row),
  parameters: textMembers(row['parameters']),
  outputs: Object.fromEntries(
    objects(row['outputs']).map((output) => [
      text(output['output_key']),
      output['output_value'] ?? null,
    ]),
  ),
  timeoutMinutes: integerOrNull(row['timeout_mins']),
});

/** Resources of all depths come in one list; a nested stack is the physical resource of another. */
export const resourcesFrom = (rows: readonly Json[]): readonly StackResource[] => {
  const holders = new Map(
    rows
      .filter((row) => text(row['physical_resource_id']) !== '')
      .map((row) => [text(row['physical_resource_id']), row]),
  );
  const pathTo = (row: Json): readonly string[] => {
    const names: string[] = [];
    let holder = holders.get(stackIdOf(row));
    while (holder && names.length < 32) {
      names.unshift(text(holder['resource_name']));
      holder = holders.get(stackIdOf(holder));
    }
    return names;
  };
  return rows.map((row) => resourceFrom(row, pathTo(row)));
};

const resourceFrom = (row: Json, path: readonly string[]): StackResource => ({
  name: text(row['resource_name']),
  path,
  type: text(row['resource_type']),
  physicalId: textOrNull(row['physical_resource_id']) || null,
  status: text(row['resource_status']),
  reason: text(row['resource_status_reason']),
  updatedAt: instant(row['updated_time']),
});

/** Id of the stack a resource lies in, from its link. */
const stackIdOf = (row: Json): string => {
  const link = objects(row['links']).find(({ rel }) => rel === 'stack');
  return text(link?.['href']).replace(/\/+$/, '').split('/').at(-1) ?? '';
};

export const eventFrom = (row: Json): StackEvent => ({
  id: text(row['id']),
  resourceName: text(row['resource_name']),
  physicalId: textOrNull(row['physical_resource_id']) || null,
  status: text(row['resource_status']),
  reason: text(row['resource_status_reason']),
  time: instant(row['event_time']),
});
