import { randomUUID } from 'node:crypto';
import { BadRequest, CloudRefused } from '../http/errors.js';
import type { Session } from '../http/session.js';
import { ActionInProgress, StackExists, StackNotFound } from './errors.js';
import { matching } from './filter.js';
import {
  Heat,
  type Stack,
  type StackChange,
  type StackEvent,
  type StackFilter,
  type StackParameters,
  type StackRef,
  type StackRequest,
  type StackResource,
  type StackSummary,
} from './port.js';
import { failedFirst } from './resources.js';

/** How an action ends. */
export interface Outcome {
  /** Default `COMPLETE`. */
  readonly status?: 'COMPLETE' | 'FAILED';
  readonly reason?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** What the stack consists of then. */
  readonly resources?: readonly StackResource[];
}

/** A stack as it stands, with what it was asked for. */
export interface FakeStack extends Stack {
  readonly template: string;
  readonly files: Readonly<Record<string, string>>;
  readonly resources: readonly StackResource[];
  readonly events: readonly StackEvent[];
}

type Action = 'CREATE' | 'UPDATE' | 'DELETE';

/**
 * Stacks in memory; templates are not looked into. An action stays in progress until
 * {@link FakeHeat.finish}, or ends by itself at the next look when `finishes` says how.
 */
export class FakeHeat extends Heat {
  /** By id, deleted ones too. */
  readonly stacks = new Map<string, FakeStack>();
  /** Whether policy lets everybody list the stacks of all projects. */
  globalListAllowed = false;
  /** False: a stack that is busy takes no update. */
  convergence = true;

  /** `finishes`: how actions end by themselves; `null` for one that goes on. */
  constructor(private readonly finishes: (stack: FakeStack) => Outcome | null = () => null) {
    super();
  }

  /** End the action that is in progress. */
  finish(stackId: string, outcome: Outcome = {}): void {
    const stack = this.stacks.get(stackId);
    if (!stack?.status.endsWith('_IN_PROGRESS')) throw new Error(`${stackId} is not in progress`);
    const status = stack.status.replace('IN_PROGRESS', outcome.status ?? 'COMPLETE');
    this.#set({
      ...stack,
      outputs: outcome.outputs ?? stack.outputs,
      resources: outcome.resources ?? stack.resources,
      ...moved(stack, status, outcome.reason ?? `Stack ${status}`),
    });
  }

  override async createStack(as: Session, request: StackRequest): Promise<string> {
    const projectId = (await as.access()).projectId ?? '';
    if (this.#living(projectId).some(({ name }) => name === request.name)) {
      throw new StackExists(`The Stack (${request.name}) already exists.`, at(409));
    }
    const id = randomUUID();
    this.#set(begun({ ...blank(id, request), projectId, ...wished(request) }, 'CREATE'));
    return id;
  }

  override async showStack(as: Session, stack: StackRef): Promise<Stack> {
    return await this.#find(as, stack);
  }

  override async updateStack(as: Session, ref: StackRef, change: StackChange): Promise<void> {
    const stack = await this.#find(as, ref);
    if (stack.status === 'DELETE_IN_PROGRESS') {
      throw new BadRequest('Updating a stack when it is deleting is not supported.', at(400));
    }
    if (!this.convergence && stack.status.endsWith('_IN_PROGRESS')) {
      throw new ActionInProgress(`Stack ${stack.name} already has an action in progress.`, at(409));
    }
    if (stack.status.startsWith('DELETE')) throw notFound(stack.name);
    const { clearParameters = [] } = change;
    const kept = Object.entries(stack.parameters).filter(([key]) => !clearParameters.includes(key));
    const { parameters, ...rest } = wished(change);
    const merged = { ...Object.fromEntries(kept), ...parameters };
    this.#set(begun({ ...stack, ...rest, parameters: merged }, 'UPDATE'));
  }

  override async deleteStack(as: Session, ref: StackRef): Promise<void> {
    const stack = await this.#find(as, ref).catch(nullIfNotFound);
    if (stack && stack.status !== 'DELETE_COMPLETE') this.#set(begun(stack, 'DELETE'));
  }

  override async listStacks(
    as: Session,
    filter: StackFilter = {},
  ): Promise<readonly StackSummary[]> {
    const projectId = (await as.access()).projectId ?? '';
    if (filter.global === true && !this.globalListAllowed) {
      throw new CloudRefused('You are not authorized to use global_index.', at(403));
    }
    for (const id of this.stacks.keys()) this.#advance(id);
    const own = [...this.stacks.values()].filter(
      (stack) =>
        (filter.global === true || stack.projectId === projectId) &&
        (filter.deleted === true || stack.status !== 'DELETE_COMPLETE'),
    );
    return matching(own, filter);
  }

  override async listResources(
    as: Session,
    stack: StackRef,
    nestedDepth = 0,
  ): Promise<readonly StackResource[]> {
    const { resources } = await this.#find(as, stack);
    return failedFirst(resources.filter(({ path }) => path.length <= nestedDepth));
  }

  override async listEvents(as: Session, stack: StackRef): Promise<readonly StackEvent[]> {
    return (await this.#find(as, stack)).events;
  }

  async #find(as: Session, ref: StackRef): Promise<FakeStack> {
    const projectId = (await as.access()).projectId ?? '';
    const id = typeof ref === 'string' ? ref : ref.id;
    const byId = this.stacks.get(id);
    const found =
      byId?.projectId === projectId
        ? byId
        : this.#living(projectId).find(({ name }) => name === ref);
    if (!found) throw notFound(id);
    return this.#advance(found.id) ?? found;
  }

  #living(projectId: string): readonly FakeStack[] {
    return [...this.stacks.values()].filter(
      (stack) => stack.projectId === projectId && stack.status !== 'DELETE_COMPLETE',
    );
  }

  #advance(id: string): FakeStack | undefined {
    const stack = this.stacks.get(id);
    const outcome = stack?.status.endsWith('_IN_PROGRESS') === true ? this.finishes(stack) : null;
    if (outcome) this.finish(id, outcome);
    return this.stacks.get(id);
  }

  #set(stack: FakeStack): void {
    this.stacks.set(stack.id, stack);
  }
}

const blank = (id: string, { name, tags }: StackRequest): FakeStack => ({
  id,
  name,
  status: '',
  reason: '',
  projectId: '',
  tags: tags ?? [],
  createdAt: new Date().toISOString(),
  updatedAt: null,
  parameters: {},
  outputs: {},
  timeoutMinutes: null,
  template: '',
  files: {},
  resources: [],
  events: [],
});

const wished = ({ template, files, parameters, timeoutMinutes, tags }: StackChange) => {
  if (template !== undefined && !template.includes('heat_template_version')) {
    throw new BadRequest('The template version is invalid.', at(400));
  }
  return {
    ...(template === undefined ? {} : { template, files: files ?? {} }),
    ...(timeoutMinutes === undefined ? {} : { timeoutMinutes }),
    ...(tags === undefined ? {} : { tags }),
    parameters: shownParameters(parameters ?? {}),
  };
};

/** Heat shows every parameter as text: lists and maps as JSON. */
const shownParameters = (parameters: StackParameters): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const begun = (stack: FakeStack, action: Action): FakeStack => ({
  ...stack,
  ...moved(stack, `${action}_IN_PROGRESS`, `Stack ${action} started`),
});

const moved = (stack: FakeStack, status: string, reason: string) => {
  const time = new Date().toISOString();
  const event: StackEvent = {
    id: randomUUID(),
    resourceName: stack.name,
    physicalId: stack.id,
    status,
    reason,
    time,
  };
  const updatedAt = status.startsWith('CREATE') ? null : time;
  return { status, reason, updatedAt, events: [event, ...stack.events].slice(0, 100) };
};

const at = (status: number) => ({ service: 'orchestration', status, requestId: null }) as const;

const notFound = (stack: string): StackNotFound =>
  new StackNotFound(`The Stack (${stack}) could not be found.`, at(404));

const nullIfNotFound = (error: unknown): null => {
  if (error instanceof StackNotFound) return null;
  throw error;
};
