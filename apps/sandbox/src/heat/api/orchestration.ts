import { randomUUID } from 'node:crypto';
import type { Cloud, TokenContext } from '../../cloud.js';
import { hexId, seconds } from '../../time.js';
import { draw } from '../blueprint/blueprint.js';
import { Engine } from '../engine/engine.js';
import { cloudLookup } from '../blueprint/lookup.js';
import type { Source, Stack } from '../engine/records.js';
import { validate } from '../blueprint/validate.js';
import { HeatError, badRequest } from '../heat-error.js';
import type { JsonMap } from '../json.js';
import { mapOf } from '../json.js';
import { emptyEnvironment, mergeEnvironments } from '../template/environment.js';
import { readTemplate } from '../template/template.js';
import type { StackRequest } from './requests.js';

const NAME = /^[a-zA-Z][a-zA-Z0-9_.-]{0,254}$/;

type Draft = Omit<Source, 'id'>;

const unsupported = (what: string): HeatError =>
  new HeatError(400, 'NotSupported', `${what} is not supported.`);

/** What users may do with stacks: requests checked, then handed to the engine. */
export class Orchestration {
  readonly engine: Engine;

  constructor(readonly cloud: Cloud) {
    this.engine = new Engine(cloud);
  }

  /** @throws HeatError 400, 409 */
  create(caller: TokenContext, name: string, request: StackRequest): Stack {
    this.#checkName(caller, name);
    const draft: Draft = {
      template: request.template ?? null,
      files: request.files,
      environment: request.environment,
    };
    const id = randomUUID();
    this.#check(caller, { id, name, projectId: caller.projectId }, draft);
    return this.engine.create(this.#newStack(caller, { id, name, request }), draft);
  }

  /**
   * @param existing keep what the request does not give
   * @throws HeatError 400, 409
   */
  update(
    stack: Stack,
    request: StackRequest,
    change: { caller: TokenContext; existing: boolean },
  ): void {
    this.#refuseWhile(stack);
    const draft = change.existing ? this.#merged(stack, request) : this.#replacing(request);
    this.#check(this.#owner(stack), stack, draft);
    this.engine.update(stack, draft, {
      ...(request.timeoutMins === undefined ? {} : { timeoutMins: request.timeoutMins }),
      ...(request.disableRollback === undefined
        ? {}
        : { disableRollback: request.disableRollback }),
      ...(request.tags === undefined ? {} : { tags: request.tags }),
      userId: change.caller.userId,
    });
  }

  delete(stack: Stack): void {
    if (stack.action === 'DELETE' && stack.status === 'IN_PROGRESS') return;
    this.engine.act(stack, 'DELETE');
  }

  /** @param actions the body of `POST …/actions` */
  act(stack: Stack, actions: JsonMap): void {
    const [action, ...more] = Object.keys(actions);
    if (action === undefined) throw badRequest('No action specified');
    if (more.length > 0) throw badRequest('Multiple actions specified');
    switch (action) {
      case 'check':
      case 'suspend':
      case 'resume':
        this.#walk(stack, action);
        return;
      case 'cancel_update':
      case 'cancel_without_rollback':
        this.#cancel(stack, action === 'cancel_update');
        return;
      default:
        throw badRequest(`Invalid action ${action} specified`);
    }
  }

  #walk(stack: Stack, action: 'check' | 'suspend' | 'resume'): void {
    const upper = ({ check: 'CHECK', suspend: 'SUSPEND', resume: 'RESUME' } as const)[action];
    if (stack.status === 'IN_PROGRESS') throw this.#busy(stack);
    this.engine.act(stack, upper);
  }

  #cancel(stack: Stack, rollback: boolean): void {
    const state = `${stack.action}_${stack.status}`;
    const allowed = rollback
      ? ['UPDATE_IN_PROGRESS']
      : ['UPDATE_IN_PROGRESS', 'CREATE_IN_PROGRESS'];
    if (!allowed.includes(state)) throw unsupported(`Cancelling update when stack is ${state}`);
    this.engine.cancel(stack, rollback);
  }

  #busy(stack: Stack): HeatError {
    return new HeatError(
      409,
      'ActionInProgress',
      `Stack ${stack.name} already has an action (${stack.action}) in progress.`,
    );
  }

  #refuseWhile(stack: Stack): void {
    if (stack.action === 'SUSPEND') throw unsupported('Updating a stack when it is suspended');
    if (stack.action === 'DELETE') throw unsupported('Updating a stack when it is deleting');
    // An update on top of a create or another update is taken: the stack goes on to the newest.
    const walking = stack.action === 'CHECK' || stack.action === 'RESUME';
    if (walking && stack.status === 'IN_PROGRESS') throw this.#busy(stack);
  }

  #replacing(request: StackRequest): Draft {
    return {
      template: request.template ?? null,
      files: request.files,
      environment: request.environment,
    };
  }

  #merged(stack: Stack, request: StackRequest): Draft {
    const before = this.engine.records.source(stack.sourceId);
    const template = request.template ?? before.template;
    const { parameters, ...others } = mergeEnvironments(
      request.template === undefined ? before.environment : { ...before.environment, registry: {} },
      request.environment,
    );
    const known = readTemplate(template).parameters;
    const kept = Object.entries(parameters).filter(
      ([name]) => Object.hasOwn(known, name) && !request.clearParameters.includes(name),
    );
    return {
      template,
      files: { ...before.files, ...request.files },
      environment: {
        ...emptyEnvironment,
        ...others,
        registry: { ...before.environment.registry, ...mapOf(others.registry) },
        parameters: Object.fromEntries(kept),
      },
    };
  }

  #owner(stack: Stack): { projectId: string; userId: string } {
    return { projectId: stack.projectId, userId: stack.userId };
  }

  #check(
    owner: { projectId: string; userId: string },
    stack: { id: string; name: string; projectId: string },
    draft: Draft,
  ): void {
    const lookup = cloudLookup(this.cloud, owner);
    validate(draw(stack, { id: '', ...draft }, { lookup }), lookup);
  }

  #checkName(caller: TokenContext, name: string): void {
    if (!NAME.test(name)) {
      throw new HeatError(
        400,
        'StackValidationFailed',
        `Invalid stack name ${name} must contain only alphanumeric or "_-." characters, ` +
          'must start with alpha and must be 255 characters or less.',
      );
    }
    const taken = this.engine.records.stacks
      .where('name', name)
      .some(({ projectId }) => projectId === caller.projectId);
    if (taken) throw new HeatError(409, 'StackExists', `The Stack (${name}) already exists.`);
  }

  #newStack(
    caller: TokenContext,
    { id, name, request }: { id: string; name: string; request: StackRequest },
  ): Omit<Stack, 'sourceId'> {
    return {
      id,
      name,
      projectId: caller.projectId,
      userId: caller.userId,
      userName: caller.userName,
      stackUserProjectId: hexId(),
      parentId: null,
      parentResource: null,
      rootId: id,
      description: '',
      tags: request.tags ?? [],
      timeoutMins: request.timeoutMins ?? null,
      disableRollback: request.disableRollback ?? true,
      createdAt: seconds(),
      updatedAt: null,
      deletedAt: null,
      action: 'CREATE',
      status: 'IN_PROGRESS',
      reason: '',
      traversal: 0,
      deadline: null,
      previousSourceId: null,
    };
  }
}
