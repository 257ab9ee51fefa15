import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { proposed, type Append, type Appended } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { Message, Metadata } from '@jeroboam/eventing/message';
import { fakeCloud, type FakeCloud } from '@jeroboam/openstack/fake-cloud';
import { Health } from '@jeroboam/platform/health/health';
import { Clock } from '@jeroboam/platform/ids/clock';
import { SilentLog } from '@jeroboam/platform/logging/log';
import type { Member } from '@jeroboam/platform/membership/heartbeat-tracker';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { composeResources, VIEWS } from '../compose.js';
import { edgeSettingsOf, readConfig, resourceSettingsOf } from '../config.js';
import { createApi } from '../create-api.js';
import { Policy } from '../http/policy/policy.js';
import { ruleSetOf, type RuleSet } from '../http/policy/rule-set.js';

/** An event as a spec sees it. */
export interface SeenEvent extends Message {
  readonly stream: string;
  readonly metadata: Metadata;
}

class RecordingStore extends InMemoryEventStore {
  readonly seen: SeenEvent[] = [];

  override async append(request: Append): Promise<Appended> {
    const appended = await super.append(request);
    const { stream, events } = request;
    this.seen.push(...events.map(({ type, data, metadata }) => ({ type, data, metadata, stream })));
    return appended;
  }
}

/** Noon, and a second later each time it is asked. */
class TickingClock extends Clock {
  private ticks = 0;

  override now(): string {
    return new Date(Date.UTC(2026, 0, 1, 12, 0, this.ticks++)).toISOString();
  }
}

/** Answers over NATS, by subject. */
class FakeRequester {
  readonly sent: { readonly subject: string; readonly payload: unknown }[] = [];
  readonly answers = new Map<string, (payload: unknown) => unknown>();

  async request<Reply>(subject: string, payload: unknown): Promise<Reply> {
    this.sent.push({ subject, payload });
    const answer = this.answers.get(subject);
    if (answer === undefined) throw new ServiceUnavailable(subject.split('.')[1] ?? '');
    return (await answer(payload)) as Reply;
  }
}

export interface Asked {
  /** User and project; a member of project `demo` unless told otherwise. */
  readonly as?: string;
  /** Token, instead of `as`. */
  readonly token?: string;
  readonly version?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const ENVIRONMENT = {
  OS_AUTH_URL: 'http://keystone/v3',
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'p',
  OS_PROJECT_NAME: 'service',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'a',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: 'p',
};

/** What a spec wants otherwise than by default. */
export interface Arrangement {
  readonly environment?: Readonly<Record<string, string>>;
  /** What a policy file says, by name of the rule. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly health?: Health;
  readonly disablingFile?: string;
  /** That of another replica. */
  readonly store?: RecordingStore;
  /** How long its rows may lag behind the log, in ms. */
  readonly lagMs?: number;
}

const headersOf = ({ body, version, headers = {} }: Asked): Record<string, string> => ({
  ...(version === undefined ? {} : { 'openstack-api-version': `container-infra ${version}` }),
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...headers,
});

/** What is not JSON comes as `{text}`. */
const bodyOf = (payload: string, type: string): Record<string, unknown> => {
  if (payload === '') return {};
  if (!type.startsWith('application/json')) return { text: payload };
  return JSON.parse(payload) as Record<string, unknown>;
};

const errorOf = ({ body }: Answered): string => {
  const [error] = (body['errors'] ?? []) as { readonly detail?: string }[];
  return error?.detail ?? JSON.stringify(body);
};

/** The whole API over a log in memory and a fake cloud, for specs. */
export class ApiUnderTest {
  private readonly tokens = new Map<string, string>();
  private told = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly cloud: FakeCloud,
    readonly store: RecordingStore,
    private readonly around: {
      readonly requester: FakeRequester;
      readonly members: Member[];
      readonly model: ReadModel;
      readonly rows: SqliteRowStore;
      readonly rules: { inForce: RuleSet };
    },
  ) {}

  static async start({
    environment = {},
    rules: given = {},
    health = new Health(),
    disablingFile = '/nowhere',
    store = new RecordingStore(),
    lagMs: gatherMs = 0,
  }: Arrangement = {}): Promise<ApiUnderTest> {
    const config = readConfig({ ...ENVIRONMENT, ...environment });
    const cloud = fakeCloud();
    const rows = SqliteRowStore.open(':memory:');
    const [log, metrics] = [new SilentLog(), new Metrics('api')];
    const parts = { name: 'api', store, rows, views: VIEWS, log, metrics, gatherMs };
    const model = new ReadModel(parts);
    const members: Member[] = [];
    const requester = new FakeRequester();
    const freshness = new FreshReads(model, { log });
    await model.start();
    const rules = { inForce: ruleSetOf({ overrides: given }) };
    const policy = new Policy({ current: () => rules.inForce }, config.trusteeDomain.name);
    const app = await createApi({
      settings: edgeSettingsOf(config),
      disablingFile,
      keystone: cloud.keystone,
      resources: composeResources(resourceSettingsOf(config), {
        ...{ store, rows, model, cloud, requester, policy, metrics, log },
        freshness,
        conductors: { members: () => members },
        clock: new TickingClock(),
      }),
      freshness,
      health,
      metrics,
      log,
    });
    await app.getHttpAdapter().getInstance().ready();
    return new ApiUnderTest(app, cloud, store, { requester, members, model, rows, rules });
  }

  get requester(): FakeRequester {
    return this.around.requester;
  }

  /** Conductors that are heard. */
  get members(): Member[] {
    return this.around.members;
  }

  /** The default rules but for these, from now on. */
  overrule(overrides: Readonly<Record<string, unknown>>): void {
    this.around.rules.inForce = ruleSetOf({ overrides });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.around.model.close();
    this.around.rows.close();
  }

  /** `demo` is user and project; `demo_reader@demo` names both. */
  tokenOf(who: string): string {
    const [user = '', project = user] = who.split('@');
    const token = this.tokens.get(who) ?? this.cloud.keystone.signIn(user, project);
    this.tokens.set(who, token);
    return token;
  }

  /** `ask('GET /v1/clusters')` */
  async ask(route: string, asked: Asked = {}): Promise<Answered> {
    const [method, url = '/'] = route.split(' ');
    const { token = this.tokenOf(asked.as ?? 'demo') } = asked;
    const response = await this.app.inject({
      method: method as 'GET',
      url,
      headers: { host: 'api:9511', 'x-auth-token': token, ...headersOf(asked) },
      ...(asked.body === undefined ? {} : { payload: JSON.stringify(asked.body) }),
    });
    const { statusCode: status, payload } = response;
    return {
      status,
      headers: response.headers,
      body: bodyOf(payload, String(response.headers['content-type'])),
    };
  }

  /** Status and message of a refusal. */
  async refusal(route: string, asked: Asked = {}): Promise<string> {
    const answer = await this.ask(route, asked);
    return `${answer.status} ${errorOf(answer)}`;
  }

  /** The answer's body; throws unless the status is as expected. */
  async expect(status: number, route: string, asked: Asked = {}): Promise<Answered['body']> {
    const answer = await this.ask(route, asked);
    if (answer.status === status) return answer.body;
    throw new Error(`${route}: ${answer.status} ${errorOf(answer)}`);
  }

  /** Events since the last time. */
  news(): readonly SeenEvent[] {
    const news = this.store.seen.slice(this.told);
    this.told = this.store.seen.length;
    return news;
  }

  /** What the conductor, or somebody else, has put into the log; resolves once it can be read. */
  async happened(stream: string, ...events: readonly Message[]): Promise<void> {
    const commandId = `happened-${this.store.seen.length}`;
    const metadata = { correlationId: 'c', causationId: 'c', commandId, actor: null };
    const { position } = await this.store.append({
      stream,
      events: proposed(events, metadata),
      expected: 'any',
    });
    await this.around.model.waitFor(position, 5000);
    this.told = this.store.seen.length;
  }
}
