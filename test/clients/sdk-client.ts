import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { environmentOf, type Credentials } from '../journey/openstack-client.js';

const SCRIPT = join(import.meta.dirname, 'sdk_calls.py');

/** What a call gave: its result, or the error that the SDK raised. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: string; readonly status: number | null; readonly detail: string };

/** A request to the service, as it was on the wire: method and path, and the body read from JSON. */
export interface Sent {
  readonly request: string;
  readonly body: unknown;
}

export interface SdkOptions {
  /** Calls are those of the proxy in `sdk_resources.py`, else of the cloud layer. */
  readonly proxy?: boolean;
  /** Default of the service; the SDK names none otherwise, which means 1.1. */
  readonly microversion?: string;
}

/** Argument: the resource that the method last gave, or the one at the place of a list. */
export const resultOf = (method: string, at?: number) => ({ of: method, at });

/** The distribution's openstacksdk, as a program in Python uses it: on one connection, a call at a time. */
export class SdkClient {
  /** What the last call sent. */
  sent: readonly Sent[] = [];
  private readonly program: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: AsyncIterator<string>;
  private readonly complaints: Promise<string>;

  constructor(credentials: Credentials, { proxy = false, microversion }: SdkOptions = {}) {
    const env = environmentOf(credentials);
    this.program = spawn('/usr/bin/python3', ['-B', SCRIPT, ...(proxy ? ['proxy'] : [])], {
      env:
        microversion === undefined
          ? env
          : { ...env, OS_CONTAINER_INFRASTRUCTURE_MANAGEMENT_DEFAULT_MICROVERSION: microversion },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.lines = createInterface({ input: this.program.stdout })[Symbol.asyncIterator]();
    this.complaints = text(this.program.stderr);
  }

  async answer(
    method: string,
    args: readonly unknown[] = [],
    keywords: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    if (this.program.exitCode !== null) throw new Error(`${SCRIPT} has ended`);
    this.program.stdin.write(`${JSON.stringify({ method, args, keywords })}\n`);
    const line = await this.lines.next();
    if (line.done === true) throw new Error(`${method}:\n${await this.complaints}`);
    const { answer, sent } = JSON.parse(line.value) as { answer: Answer; sent: readonly Sent[] };
    this.sent = sent;
    return answer;
  }

  /** The result of a call that must succeed. */
  async call(
    method: string,
    args: readonly unknown[] = [],
    keywords: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const answer = await this.answer(method, args, keywords);
    if ('error' in answer) throw new Error(`${method}: ${JSON.stringify(answer)}`);
    return answer.result;
  }

  async stop(): Promise<void> {
    if (this.program.exitCode !== null) return;
    this.program.stdin.end();
    await once(this.program, 'exit');
  }
}
