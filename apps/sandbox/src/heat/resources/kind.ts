import type { Cloud, Owner } from '../../cloud.js';
import type { Resource, Stack } from '../engine/records.js';
import type { Json, JsonMap } from '../json.js';
import type { ResourceDefinition } from '../template/template.js';
import type { Properties } from './property.js';

/** A resource and the world it stands in. */
export interface Site {
  readonly cloud: Cloud;
  readonly owner: Owner;
  readonly stack: Stack;
  readonly resource: Resource;
  /** Read and complete. */
  readonly properties: JsonMap;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Made {
  readonly physicalId: string;
  /** Epoch milliseconds at which it is ready; absent: after a moment. */
  readonly readyAt?: number | undefined;
  readonly data?: JsonMap;
}

/** The request that making one of a kind amounts to: what faults are matched with. */
export interface ServiceCall {
  readonly service: string;
  readonly path: string;
}

/** A type of resource. Calls throw Refusal or ResourceError when they fail. */
export interface Kind {
  readonly properties: Properties;
  /** Beside `show`, which all have. */
  readonly attributes: readonly string[];
  readonly call?: ServiceCall;
  create(site: Site): Made;
  /** What is wrong with the one that was made, once it is ready. */
  fault?(site: Site): Error | undefined;
  /** Applies the changed properties in place; returns when that is done. */
  update?(site: Site, changed: JsonMap): number | undefined;
  /** Whether these changes, though allowed in place, ask for a new one. */
  replaces?(site: Site, changed: JsonMap): boolean;
  delete?(site: Site): void;
  /** All attributes. */
  show?(site: Site): JsonMap;
  /** What `get_resource` yields; the physical id when absent. */
  reference?(site: Site): Json;
  /** Resources of the template that must be there first though nothing refers to them. */
  needs?(
    definition: ResourceDefinition,
    others: readonly ResourceDefinition[],
  ): readonly ResourceDefinition[];
}

/** The failure of one resource, named as Heat names the exception. */
export class ResourceError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server's own word for what went wrong after it was accepted. */
export const wentToError = (fault: string): ResourceError =>
  new ResourceError('ResourceInError', `Went to status ERROR due to "${fault}"`);

/** `<stack>-<resource>-<12 letters>`: how Heat names what is given no name. */
export const physicalName = (stackName: string, resourceName: string, limit = 255): string => {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const random = crypto.getRandomValues(new Uint8Array(12));
  const tail = Array.from(random, (byte) => letters[byte % 32] ?? 'a').join('');
  const name = `${stackName}-${resourceName}-${tail}`;
  return name.length <= limit ? name : `${name.slice(0, 2)}-${name.slice(3 - limit)}`;
};
