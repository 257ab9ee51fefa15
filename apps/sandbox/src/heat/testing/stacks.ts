import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Sandbox } from '../../testing/sandbox.js';
import { at } from '../../testing/sandbox.js';

export const HOT = '2018-08-31';

/** The parts of a stack's answer that specs look at. */
export interface SeenStack {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Resource {
  readonly resource_name: string;
  readonly resource_status: string;
  readonly resource_status_reason: string;
  readonly physical_resource_id: string;
}

/** A cloud with a user who works with stacks in it. */
export class Stacks {
  private constructor(
    readonly sandbox: Sandbox,
    readonly token: string,
    readonly project: string,
  ) {}

  static async in(sandbox: Sandbox, user = 'demo'): Promise<Stacks> {
    const token = await sandbox.token(user, user);
    await sandbox.app.ready();
    return new Stacks(sandbox, token, sandbox.projectId(user));
  }

  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const url = `/orchestration/v1/${this.project}${path}`;
    return this.sandbox.call(method, url, {
      token: this.token,
      ...(body === undefined ? {} : { body }),
    });
  }

  async create(name: string, body: object): Promise<string> {
    const answer = await this.call('POST', '/stacks', { stack_name: name, ...body });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return `/stacks/${name}/${String(at(answer.body, 'stack', 'id'))}`;
  }

  async show(path: string): Promise<SeenStack> {
    const { body } = await this.call('GET', path);
    const stack = at(body, 'stack') as Record<string, unknown>;
    const outputs = (stack.outputs ?? []) as { output_key: string; output_value: unknown }[];
    return {
      id: String(stack.id),
      status: String(stack.stack_status),
      reason: String(stack.stack_status_reason),
      parameters: stack.parameters as Record<string, string>,
      outputs: Object.fromEntries(outputs.map((one) => [one.output_key, one.output_value])),
    };
  }

  /** As soon as no action is in progress. */
  async settled(path: string): Promise<SeenStack> {
    const deadline = Date.now() + 10_000;
    let stack = await this.show(path);
    while (stack.status.endsWith('IN_PROGRESS')) {
      if (Date.now() > deadline) throw new Error(`still ${stack.status}`);
      await delay(5);
      stack = await this.show(path);
    }
    return stack;
  }

  async made(name: string, body: object): Promise<string> {
    const path = await this.create(name, body);
    const { status, reason } = await this.settled(path);
    if (status !== 'CREATE_COMPLETE') throw new Error(reason);
    return path;
  }

  async resources(path: string, depth = 0): Promise<readonly Resource[]> {
    const { body } = await this.call('GET', `${path}/resources?nested_depth=${depth}`);
    return at(body, 'resources') as Resource[];
  }

  async names(path: string): Promise<string[]> {
    return (await this.resources(path)).map(({ resource_name: name }) => name).sort();
  }

  /** `{"net": "CREATE_COMPLETE"}` */
  async statuses(path: string): Promise<Record<string, string>> {
    const resources = await this.resources(path);
    return Object.fromEntries(resources.map((one) => [one.resource_name, one.resource_status]));
  }

  message(answer: Answer): unknown {
    return at(answer.body, 'error', 'message');
  }
}
