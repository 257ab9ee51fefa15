import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentOf, type Credentials } from '../journey/openstack-client.js';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'sdk_calls.py');

/** What a call gave: its result, or the error that the SDK raised. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: string; readonly status: number | null; readonly detail: string | null };

/** The distribution's openstacksdk, as a program in Python uses it. */
export class SdkClient {
  constructor(private readonly credentials: Credentials) {}

  async answer(
    method: string,
    args: readonly unknown[] = [],
    keywords: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    const { stdout } = await run(
      '/usr/bin/python3',
      [SCRIPT, method, JSON.stringify(args), JSON.stringify(keywords)],
      { env: environmentOf(this.credentials) },
    );
    return JSON.parse(stdout) as Answer;
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
}
