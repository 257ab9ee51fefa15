import type { Output, World } from '../engine/world.js';
import type { Resource, Stack, StackEvent } from '../engine/records.js';
import type { Json, JsonMap } from '../json.js';
import { mapValues } from '../json.js';
import { shownParameter } from '../template/parameters.js';

/** How stacks, resources and events look on the wire. */
export class Shown {
  constructor(private readonly world: World) {}

  url(stack: Stack): string {
    const { baseUrl } = this.world.cloud.settings;
    return `${baseUrl}/orchestration/v1/${stack.projectId}/stacks/${stack.name}/${stack.id}`;
  }

  links(stack: Stack): Json {
    return [{ href: this.url(stack), rel: 'self' }];
  }

  summary(stack: Stack): JsonMap {
    return {
      id: stack.id,
      links: this.links(stack),
      stack_name: stack.name,
      description: stack.description,
      stack_status: `${stack.action}_${stack.status}`,
      stack_status_reason: stack.reason,
      creation_time: stack.createdAt,
      updated_time: stack.updatedAt,
      deletion_time: stack.deletedAt,
      stack_owner: stack.userName,
      parent: stack.parentId,
      stack_user_project_id: stack.stackUserProjectId,
      tags: stack.tags.length > 0 ? [...stack.tags] : null,
    };
  }

  stack(stack: Stack, withOutputs: boolean): JsonMap {
    const { template } = this.world.blueprint(stack);
    return {
      ...this.summary(stack),
      notification_topics: [],
      parameters: this.parameters(stack),
      description: template.description,
      template_description: template.description,
      capabilities: [],
      disable_rollback: stack.disableRollback,
      timeout_mins: stack.timeoutMins,
      tags: [...stack.tags],
      ...(withOutputs
        ? { outputs: this.world.outputs(stack).map((output) => this.output(output)) }
        : {}),
    };
  }

  parameters(stack: Stack): JsonMap {
    const { parameters, template } = this.world.blueprint(stack);
    return {
      'OS::stack_id': stack.id,
      'OS::project_id': stack.projectId,
      'OS::stack_name': stack.name,
      ...mapValues(parameters, (value, name) => shownParameter(value, template.parameters[name])),
    };
  }

  output({ key, description, value, error }: Output): JsonMap {
    return {
      output_key: key,
      description,
      output_value: value,
      ...(error === undefined ? {} : { output_error: error }),
    };
  }

  resource(stack: Stack, resource: Resource): JsonMap {
    const child = this.world.childOf(resource);
    const links = [
      { href: `${this.url(stack)}/resources/${resource.name}`, rel: 'self' },
      { href: this.url(stack), rel: 'stack' },
      ...(child ? [{ href: this.url(child), rel: 'nested' }] : []),
    ];
    const requiredBy = [...this.world.records.currentOf(stack.id).values()]
      .filter(({ requires }) => requires.includes(resource.name))
      .map(({ name }) => name);
    return {
      updated_time: resource.updatedAt,
      creation_time: resource.createdAt,
      logical_resource_id: resource.name,
      resource_name: resource.name,
      physical_resource_id: resource.physicalId ?? '',
      resource_status: `${resource.action}_${resource.status}`,
      resource_status_reason: resource.reason,
      resource_type: resource.type,
      links,
      required_by: requiredBy,
      ...(stack.parentResource === null ? {} : { parent_resource: stack.parentResource }),
    };
  }

  resourceDetail(stack: Stack, resource: Resource): JsonMap {
    return {
      ...this.resource(stack, resource),
      description: '',
      attributes: this.world.attributesOf(stack, resource),
    };
  }

  event(stack: Stack, event: StackEvent): JsonMap {
    const resource = `${this.url(stack)}/resources/${event.resourceName}`;
    return {
      id: event.id,
      links: [
        { href: `${resource}/events/${event.id}`, rel: 'self' },
        { href: resource, rel: 'resource' },
        { href: this.url(stack), rel: 'stack' },
        ...(stack.id === stack.rootId
          ? []
          : [{ href: this.url(this.world.records.stack(stack.rootId)), rel: 'root_stack' }]),
      ],
      event_time: event.time,
      logical_resource_id: event.resourceName,
      resource_name: event.resourceName,
      physical_resource_id: event.physicalId,
      resource_status: event.status,
      resource_status_reason: event.reason,
    };
  }
}
