import { fold, Refused, type Decider } from '@jeroboam/eventing/decider';
import type { Handler } from '@jeroboam/eventing/handle';
import type { Message } from '@jeroboam/eventing/message';
import { cluster } from '@jeroboam/domain/cluster/decider';
import { clusterTemplate } from '@jeroboam/domain/cluster-template/decider';
import { project } from '@jeroboam/domain/project/decider';
import type { FastifyReply } from 'fastify';
import type { RequestContext } from '../http/auth/request-context.js';
import { Bool } from '../http/body/fields.js';
import { Fault } from '../http/errors/faults.js';
import { differences, type Difference } from '../history/differences.js';
import type { ResourceParts } from '../resource-parts.js';
import type { Conditional } from '../writing/aggregates.js';
import type { Step } from '../writing/step.js';
import type { Check, DryRun } from './dry-run.dto.js';
import { whenDone } from './when-done.js';

/** Argument of requests that can be tried out. */
export class DryRunQuery {
  @Bool({ default: false, description: 'Only say what would happen. The answer is 200.' })
  dry_run!: boolean;
}

type Decided<State> = (before: State, after: State) => void;

/** Why a request would be refused; what else goes wrong is an error of the dry run too. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Refused || (error instanceof Fault && error.status < 500);

/** What a dry run has found. */
class Account {
  readonly checks: Check[] = [];
  would: readonly Difference[] = [];

  readonly step: Step = async (name, check) => {
    try {
      const result = await check();
      this.tell({ name, status: 'ok', message: null });
      return result;
    } catch (error) {
      if (isRefusal(error)) this.tell({ name, status: 'failed', message: error.message });
      throw error;
    }
  };

  /** What comes after a failure is how the request tidies up. */
  tell(check: Check): void {
    if (this.checks.at(-1)?.status !== 'failed') this.checks.push(check);
  }

  /** Of one kind of streams: decides, and appends nothing. */
  handler<State, Command extends Message, Event extends Message>(
    { store }: Pick<ResourceParts, 'store'>,
    { category, check, decider }: Asked<State, Command, Event>,
    decided: Decided<State> = () => undefined,
  ): Handler<State, Conditional<State, Command>, Event> {
    return async (id, command) => {
      // What stands in a stream of this category was written through this decider.
      const past = (await store.read(
        `${category}-${id}`,
      )) as readonly Message[] as readonly Event[];
      const before = fold(decider, past);
      const events = await this.step(check, () => {
        command.onlyIf?.(before);
        return decider.decide(command, before);
      });
      const state = fold(decider, events, before);
      decided(before, state);
      return { events, state, appended: null };
    };
  }
}

interface Asked<State, Command extends Message, Event extends Message> {
  readonly category: string;
  /** What users are told has been checked. */
  readonly check: string;
  readonly decider: Decider<State, Command, Event>;
}

const aggregatesOf = (
  parts: ResourceParts,
  caller: RequestContext,
  account: Account,
): ResourceParts['aggregates'] => {
  const projects = { category: 'project', check: 'quota claim', decider: project };
  const templates = { category: 'clusterTemplate', check: 'state', decider: clusterTemplate };
  return {
    cluster: account.handler(
      parts,
      { category: 'cluster', check: 'state', decider: cluster },
      (before, after) => {
        account.would = differences(before, whenDone(before, after, parts.clock.now()), caller);
      },
    ),
    clusterTemplate: account.handler(parts, templates),
    project: account.handler(parts, projects),
    claims: account.handler(parts, projects),
  };
};

const dryTrusts = (
  { trusts }: Pick<ResourceParts, 'trusts'>,
  { step }: Account,
): ResourceParts['trusts'] => ({
  demandLendable: (caller) => {
    trusts.demandLendable(caller);
  },
  lend: (caller) =>
    step('trust', () => {
      trusts.demandLendable(caller);
      return 'none';
    }),
  takeBack: () => Promise.resolve(),
  replacementFor: () => Promise.resolve(null),
});

/**
 * Goes the whole way of a request but for its effects: nothing is appended, claimed or lent. Resolves
 * with what would be another once it had succeeded, or with the check that fails.
 */
export const dryRun = async (
  parts: ResourceParts,
  caller: RequestContext,
  request: (dry: ResourceParts) => Promise<unknown>,
): Promise<DryRun> => {
  const account = new Account();
  const { step } = account;
  const aggregates = aggregatesOf(parts, caller, account);
  try {
    await request({ ...parts, step, aggregates, trusts: dryTrusts(parts, account) });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    account.tell({ name: 'request', status: 'failed', message: error.message });
    return { dry_run: true, would: [], checks: account.checks };
  }
  return { dry_run: true, would: account.would, checks: account.checks };
};

export interface Trial {
  readonly reply: FastifyReply;
  readonly query: DryRunQuery;
}

/** Does what is asked for, or only tries it out, which is answered with 200. */
export const doOrTry = <Answer>(
  parts: ResourceParts,
  caller: RequestContext,
  { reply, query }: Trial,
  request: (parts: ResourceParts) => Promise<Answer>,
): Promise<Answer | DryRun> => {
  if (!query.dry_run) return request(parts);
  void reply.status(200);
  return dryRun(parts, caller, request);
};
