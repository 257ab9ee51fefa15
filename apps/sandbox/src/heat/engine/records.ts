import { createHash, randomUUID } from 'node:crypto';
import type { Collection, Document, Documents } from '../../documents.js';
import type { Json, JsonMap } from '../json.js';
import type { Environment } from '../template/environment.js';

export type Action = 'CREATE' | 'UPDATE' | 'DELETE' | 'ROLLBACK' | 'SUSPEND' | 'RESUME' | 'CHECK';
export type Status = 'IN_PROGRESS' | 'COMPLETE' | 'FAILED';

/** What a stack is to be: kept apart from its state, as it is large and seldom changes. */
export interface Source extends Document {
  readonly template: Json;
  readonly files: Readonly<Record<string, string>>;
  readonly environment: Environment;
}

/** As it lies on disk. Many stacks come of the same texts: those are kept once, by their hash. */
interface StoredSource extends Document {
  /** A hash, or the template itself when it is made up for one stack. */
  readonly template: Json;
  readonly files: string;
  readonly environment: Environment;
}

interface Content extends Document {
  readonly content: Json;
}

export interface Stack extends Document {
  readonly name: string;
  readonly projectId: string;
  readonly userId: string;
  readonly userName: string;
  readonly stackUserProjectId: string;
  /** Of a nested stack: the stack and the resource of it that it is the inside of. */
  readonly parentId: string | null;
  readonly parentResource: string | null;
  readonly rootId: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly timeoutMins: number | null;
  readonly disableRollback: boolean;
  readonly createdAt: string;
  readonly updatedAt: string | null;
  readonly deletedAt: string | null;
  readonly action: Action;
  readonly status: Status;
  readonly reason: string;
  /** Counts the actions. A resource carries the number of the one it was last settled in. */
  readonly traversal: number;
  /** Epoch milliseconds at which the action in hand has taken too long; null without one. */
  readonly deadline: number | null;
  readonly sourceId: string;
  /** What to go back to when an update fails. */
  readonly previousSourceId: string | null;
}

/** A resource waits for its turn to call the service, or for the service to be done. */
export type Phase = 'held' | 'settling';

export interface Resource extends Document {
  readonly stackId: string;
  readonly name: string;
  /** As the template names it. */
  readonly type: string;
  readonly action: Action | 'INIT';
  readonly status: Status;
  readonly reason: string;
  readonly physicalId: string | null;
  readonly properties: JsonMap;
  readonly metadata: Json;
  /** Names of the resources it needs. */
  readonly requires: readonly string[];
  readonly traversal: number;
  readonly phase: Phase;
  /** Epoch milliseconds: when to look at it again while it is in progress. */
  readonly dueAt: number;
  /** Another one has taken its place, and it is to be deleted. */
  readonly superseded: boolean;
  readonly deletionPolicy: string;
  /** What the type keeps of it: a random string, names left out of a group. */
  readonly data: JsonMap;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface StackEvent extends Document {
  readonly stackId: string;
  readonly stackName: string;
  readonly resourceName: string;
  readonly resourceType: string;
  readonly physicalId: string | null;
  /** `CREATE_FAILED` … */
  readonly status: string;
  readonly reason: string;
  readonly time: string;
  /** Grows with time. */
  readonly order: number;
  readonly properties: JsonMap;
}

/** A due time that never comes: the call hangs. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** Everything that orchestration keeps. */
export class Records {
  readonly #sources: Collection<StoredSource>;
  readonly #contents: Collection<Content>;
  readonly #read = new WeakMap<StoredSource, Source>();
  /** Those that are there, nested ones included. */
  readonly stacks: Collection<Stack>;
  /** Root stacks that are gone, and can still be looked at by id. */
  readonly deletedStacks: Collection<Stack>;
  readonly resources: Collection<Resource>;
  readonly events: Collection<StackEvent>;

  constructor(documents: Documents) {
    this.deletedStacks = documents.collection<Stack>('deleted_stack');
    this.stacks = documents.collection<Stack>('stack');
    this.#sources = documents.collection<StoredSource>('stack_source');
    this.#contents = documents.collection<Content>('stack_content');
    this.resources = documents.collection<Resource>('stack_resource');
    this.events = documents.collection<StackEvent>('stack_event');
  }

  stack(id: string): Stack {
    const found = this.stacks.get(id);
    if (!found) throw new Error(`no stack ${id}`);
    return found;
  }

  /** Also one that is deleted. */
  anyStack(id: string): Stack | undefined {
    return this.stacks.get(id) ?? this.deletedStacks.get(id);
  }

  source(id: string): Source {
    const stored = this.#sources.get(id);
    if (!stored) throw new Error(`no source ${id}`);
    const known = this.#read.get(stored);
    if (known) return known;
    const source: Source = {
      id,
      template:
        typeof stored.template === 'string' ? this.#content(stored.template) : stored.template,
      files: this.#content(stored.files) as Record<string, string>,
      environment: stored.environment,
    };
    this.#read.set(stored, source);
    return source;
  }

  /** Keeps it under a new id. */
  addSource(source: Omit<Source, 'id'>): string {
    const shared = typeof source.template === 'string' || Object.keys(source.files).length === 0;
    const stored = this.#sources.put({
      id: randomUUID(),
      template: shared ? this.#keep(source.template) : source.template,
      files: this.#keep({ ...source.files }),
      environment: source.environment,
    });
    return stored.id;
  }

  deleteSource(id: string | null): void {
    if (id !== null) this.#sources.delete(id);
  }

  #keep(content: Json): string {
    const id = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    if (!this.#contents.get(id)) this.#contents.put({ id, content });
    return id;
  }

  #content(id: string): Json {
    const found = this.#contents.get(id);
    if (!found) throw new Error(`no content ${id}`);
    return found.content;
  }

  /** All of a stack, those about to go included. */
  resourcesOf(stackId: string): Resource[] {
    return this.resources.where('stackId', stackId);
  }

  /** By name, without those whose place was taken. */
  currentOf(stackId: string): Map<string, Resource> {
    const current = this.resourcesOf(stackId).filter((resource) => !resource.superseded);
    return new Map(current.map((resource) => [resource.name, resource]));
  }

  childrenOf(stackId: string): Stack[] {
    return this.stacks.where('parentId', stackId);
  }

  eventsOf(stackId: string): StackEvent[] {
    return this.events.where('stackId', stackId);
  }
}
