/**
 * The API as `npm start` runs it: event store, NATS, sandbox, certificate authority and stats beside
 * it, all on this machine. Requests come from this process over connections that are kept, by one user
 * whose token is cached. All clusters are of one project, so all claims of quota are in one stream.
 */
import type { Bench, Measure } from './measure/bench.ts';
import { Installation } from './measure/installation.ts';
import { keepBusy, keepComing, quantile, type Flow, type Send } from './measure/traffic.ts';
import { User } from './measure/user.ts';

const RUNS = 5;
const CLUSTERS = 1000;
const LISTS = 100;
const SHOWS = 10_000;
const CREATIONS = 900;
const ARRIVALS_PER_SECOND = 300;

const AT_ONCE = { lists: 1, shows: 16, creations: 8 } as const;

interface Session {
  readonly installation: Installation;
  readonly user: User;
  readonly templateId: string;
}

const repeat = async <T>(work: () => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let run = 0; run < RUNS; run++) results.push(await work());
  return results;
};

const raiseQuota = async (installation: Installation, projectId: string): Promise<void> => {
  const admin = await User.login(installation, 'admin');
  const body = { project_id: projectId, resource: 'Cluster', hard_limit: 1_000_000 };
  await admin.text({ method: 'POST', path: '/quotas', body, status: 201 });
  await admin.close();
};

const makeTemplate = async (user: User): Promise<string> => {
  await user.makeKeypair('bench');
  const body = {
    name: 'bench',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    keypair_id: 'bench',
    external_network_id: 'public',
    flavor_id: 'm1.small',
    master_flavor_id: 'm1.small',
    docker_volume_size: 5,
    labels: { kube_tag: 'v1.30.5', container_runtime: 'containerd', availability_zone: 'nova' },
  };
  const text = await user.text({ method: 'POST', path: '/clustertemplates', body, status: 201 });
  return (JSON.parse(text) as { uuid: string }).uuid;
};

const open = async (without: readonly string[]): Promise<Session> => {
  const installation = await Installation.start(without);
  try {
    const user = await User.login(installation, 'demo');
    await raiseQuota(installation, user.projectId);
    return { installation, user, templateId: await makeTemplate(user) };
  } catch (error) {
    await installation.stop();
    throw error;
  }
};

const close = async ({ installation, user }: Session): Promise<void> => {
  await user.close();
  await installation.stop();
};

const creating =
  ({ user, templateId }: Session): Send =>
  () => {
    const body = { cluster_template_id: templateId, node_count: 1, labels: { team: 'bench' } };
    return user.text({ method: 'POST', path: '/clusters', body, status: 202 });
  };

const fill = (session: Session): Promise<Flow> =>
  keepBusy(creating(session), { count: CLUSTERS, concurrent: AT_ONCE.creations });

const list = ({ user }: Session): Promise<string> =>
  user.text({ method: 'GET', path: '/clusters', status: 200 });

const uuidsOf = (text: string): string[] =>
  (JSON.parse(text) as { clusters: { uuid: string }[] }).clusters.map(({ uuid }) => uuid);

/** What it costs the API, µs of a core for each request. */
const costing = async (
  { installation }: Session,
  count: number,
  work: () => Promise<Flow>,
): Promise<{ readonly flow: Flow; readonly apiUs: number }> => {
  const before = installation.processorUs('api');
  const flow = await work();
  return { flow, apiUs: (installation.processorUs('api') - before) / count };
};

async function* lists(session: Session): AsyncIterable<Measure> {
  const send = (): Promise<string> => list(session);
  const bytes = (await send()).length;
  const flows = await repeat(() =>
    costing(session, LISTS, () => keepBusy(send, { count: LISTS, concurrent: AT_ONCE.lists })),
  );
  yield {
    what: `${CLUSTERS} clusters listed in one page of ${Math.round(bytes / 1024)} KiB, p50`,
    values: flows.map(({ flow }) => quantile(flow.latenciesMs, 0.5)),
    unit: 'ms',
    goal: { relation: '≤', value: 25 },
  };
  yield {
    what: '… processor time of the API a page',
    values: flows.map(({ apiUs }) => apiUs / 1000),
    unit: 'ms',
  };
}

async function* shows(session: Session): AsyncIterable<Measure> {
  const uuids = uuidsOf(await list(session));
  let next = 0;
  const send = (): Promise<string> => {
    const uuid = uuids[next++ % uuids.length] ?? '';
    return session.user.text({ method: 'GET', path: `/clusters/${uuid}`, status: 200 });
  };
  const busy = { count: SHOWS, concurrent: AT_ONCE.shows };
  await keepBusy(send, busy); // compiles both sides
  const flows = await repeat(() => costing(session, SHOWS, () => keepBusy(send, busy)));
  yield {
    what: `clusters shown, ${AT_ONCE.shows} at once`,
    values: flows.map(({ flow }) => flow.perSecond),
    unit: '/s',
    goal: { relation: '≥', value: 2000 },
  };
  yield {
    what: '… p99',
    values: flows.map(({ flow }) => quantile(flow.latenciesMs, 0.99)),
    unit: 'ms',
  };
  yield {
    what: '… processor time of the API each',
    values: flows.map(({ apiUs }) => apiUs),
    unit: 'µs',
  };
}

async function* creations(session: Session, conductor: string): AsyncIterable<Measure> {
  const send = creating(session);
  const flows = await repeat(() =>
    costing(session, CREATIONS, () =>
      keepBusy(send, { count: CREATIONS, concurrent: AT_ONCE.creations }),
    ),
  );
  yield {
    what: `creations accepted, ${AT_ONCE.creations} at once, ${conductor}`,
    values: flows.map(({ flow }) => flow.perSecond),
    unit: '/s',
    goal: { relation: '≥', value: 300 },
  };
  yield {
    what: '… p99',
    values: flows.map(({ flow }) => quantile(flow.latenciesMs, 0.99)),
    unit: 'ms',
    goal: { relation: '≤', value: 50 },
  };
  yield {
    what: '… processor time of the API each',
    values: flows.map(({ apiUs }) => apiUs),
    unit: 'µs',
  };
  const coming = await repeat(() =>
    keepComing(send, { count: CREATIONS, perSecond: ARRIVALS_PER_SECOND }),
  );
  yield {
    what: `creations coming at ${ARRIVALS_PER_SECOND}/s, p99, ${conductor}`,
    values: coming.map(({ latenciesMs }) => quantile(latenciesMs, 0.99)),
    unit: 'ms',
    goal: { relation: '≤', value: 50 },
  };
}

async function* withoutConductor(): AsyncIterable<Measure> {
  const session = await open(['conductor']);
  try {
    await fill(session);
    yield* lists(session);
    yield* shows(session);
    yield* creations(session, 'no conductor');
    const used = session.installation.memoryMiB('api');
    if (used !== undefined)
      yield { what: 'memory of the API after all this', values: [used], unit: 'MiB' };
  } finally {
    await close(session);
  }
}

async function* withConductor(): AsyncIterable<Measure> {
  const session = await open([]);
  try {
    await fill(session);
    yield* creations(session, 'the conductor at work on them');
  } finally {
    await close(session);
  }
}

async function* run(): AsyncIterable<Measure> {
  yield* withoutConductor();
  yield* withConductor();
}

export const bench: Bench = { title: 'API', run };
