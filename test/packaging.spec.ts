import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  configuration,
  type Environment,
  type Section,
} from '@jeroboam/platform/config/configuration';
import { parse } from 'yaml';

/** What must be right of the images and of the composition can be seen without an engine. */
const ROOT = resolve(import.meta.dirname, '..');
const APPS = ['api', 'conductor', 'cert-authority', 'stats', 'event-store', 'sandbox'];
const SERVICES = ['api', 'conductor', 'cert-authority', 'stats'];

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly args: { readonly APP: string } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly command?: readonly string[];
}
interface Composition {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

const compose = read('docker-compose.yml');
const composition = parse(compose, { merge: true }) as Composition;
const services = Object.entries(composition.services);
const serviceOf = (name: string): Service => {
  const service = composition.services[name];
  if (!service) throw new Error(`no service ${name}`);
  return service;
};

/** Names and values of an `.env` file. */
const settings = new Map(
  read('.env.example')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
);

const VARIABLE = /\$\{(\w+)(?::([?-])([^}]*))?\}/g;

/** As Compose does it. What the operator has to fill in is `secret`. */
const interpolated = (text: string): string =>
  text.replaceAll(VARIABLE, (reference) => {
    const [, name = '', sign, rest = ''] = [...reference.matchAll(VARIABLE)][0] ?? [];
    const value = settings.get(name) ?? '';
    if (value !== '') return value;
    return sign === '?' ? 'secret' : rest;
  });

describe('docker-compose.yml', () => {
  it('has our four services, three event stores and three NATS servers', () => {
    const names = services.map(([name]) => name);
    expect(names.filter((name) => /^eventstore\d$/.test(name))).toHaveLength(3);
    expect(names.filter((name) => /^nats\d$/.test(name))).toHaveLength(3);
    expect(names).toEqual(expect.arrayContaining(SERVICES));
  });

  it.each(services)('%s can be had, and refers to nothing that is not there', (_, service) => {
    expect([service.image, service.build].filter(Boolean)).toHaveLength(1);
    const conditions = Object.entries(service.depends_on ?? {});
    for (const [name, { condition }] of conditions) {
      if (condition === 'service_healthy') expect(serviceOf(name).healthcheck).toBeDefined();
      else expect([name, condition]).toEqual(['certificates', 'service_completed_successfully']);
    }
    expect(Object.keys(composition.networks)).toEqual(
      expect.arrayContaining([...(service.networks ?? [])]),
    );
    const named = (service.volumes ?? []).map((volume) => volume.split(':')[0]);
    expect(Object.keys(composition.volumes)).toEqual(expect.arrayContaining(named));
    const configs = (service.configs ?? []).map(({ source }) => source);
    expect(Object.keys(composition.configs)).toEqual(expect.arrayContaining(configs));
  });

  it('declares no volume that nobody mounts', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0]),
    );
    for (const volume of Object.keys(composition.volumes)) expect(mounted).toContain(volume);
  });

  it('shares no data between two nodes, and gives the key of the authority to nobody', () => {
    const owners = (volume: string) =>
      services.filter(([, { volumes = [] }]) => volumes.some((v) => v.startsWith(`${volume}:`)));
    for (const node of [1, 2, 3]) {
      expect(owners(`eventstore${node}`)).toHaveLength(1);
      expect(owners(`nats${node}`)).toHaveLength(1);
    }
    expect(owners('authority').map(([name]) => name)).toEqual(['certificates']);
  });

  it('lets each event store find the two others, under the name in its certificate', () => {
    const script = serviceOf('certificates').command?.join('\n') ?? '';
    const nodes = ['eventstore1', 'eventstore2', 'eventstore3'];
    expect(script).toContain(`for node in ${nodes.join(' ')}`);
    for (const node of nodes) {
      const { environment = {} } = serviceOf(node);
      const others = nodes.filter((other) => other !== node).map((other) => `${other}:2113`);
      expect(environment['EVENTSTORE_GOSSIP_SEED']).toBe(others.join(','));
      expect(environment['EVENTSTORE_NODE_HOST_ADVERTISE_AS']).toBe(node);
      expect(environment['EVENTSTORE_CLUSTER_SIZE']).toBe('3');
      expect(environment).not.toHaveProperty('EVENTSTORE_INSECURE');
    }
  });

  it('gives NATS passwords, JetStream, and routes to all three', () => {
    const config = interpolated(composition.configs['nats']?.content ?? '');
    expect(config).toMatch(/^authorization \{\n {2}user: jeroboam\n {2}password: "secret"/m);
    expect(config).toMatch(/^jetstream \{/m);
    expect(config.match(/"nats:\/\/route:secret@nats[123]:6222"/g)).toHaveLength(3);
    for (const node of [1, 2, 3]) {
      expect(serviceOf(`nats${node}`).command?.slice(-2)).toEqual(['--name', `nats${node}`]);
    }
  });

  it('is told by .env.example what it can be told, and nothing else', () => {
    const used = new Set([...compose.matchAll(VARIABLE)].map(([, name]) => name ?? ''));
    expect([...settings.keys()].sort()).toEqual([...used].sort());
  });

  it('has for a default what .env.example says', () => {
    for (const [, name = '', sign, rest] of compose.matchAll(VARIABLE)) {
      if (sign === '-' && rest !== '') expect([name, settings.get(name)]).toEqual([name, rest]);
    }
  });
});

/** Settings the app has asked for, read by its own code. */
const readBy = async (app: string, environment: Environment): Promise<Set<string>> => {
  const asked = new Set<string>();
  const watched = new Proxy(environment, {
    get: (values, name) => {
      asked.add(String(name));
      return values[String(name)];
    },
  });
  const module = (await import(`../apps/${app}/src/config.js`)) as Readonly<
    Record<string, unknown>
  >;
  if (typeof module['readConfig'] === 'function') {
    (module['readConfig'] as (environment: Environment) => unknown)(watched);
  } else {
    configuration(module[`${app}Section`] as Section, watched);
  }
  return asked;
};

describe.each(SERVICES)('settings of %s', (app) => {
  const service = serviceOf(app);
  const environment = Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolated(value)]),
  );
  let known: Set<string>;

  beforeAll(async () => {
    // Throws when one is missing, or is nothing the app takes.
    known = await readBy(app, environment);
  });

  it('are all the app needs, and none that it does not know', () => {
    expect(service.build?.args.APP).toBe(app);
    expect([...known]).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it('lead to the whole cluster of either kind, with TLS and passwords', () => {
    const { JEROBOAM_EVENTSTORE_URL: log, JEROBOAM_NATS_URL: bus } = environment;
    expect(log).toMatch(/^esdb\+discover:\/\/admin:secret@(eventstore\d:2113,?){3}\?tls=true&/);
    const { volumes = [] } = service;
    expect(log).toContain('&tlsCAFile=/certs/ca/ca.crt&');
    expect(volumes).toContain('certificates:/certs:ro');
    expect(bus?.split(',')).toEqual([1, 2, 3].map((node) => `nats://nats${node}:4222`));
    expect(environment['JEROBOAM_NATS_PASSWORD']).toBe('secret');
  });
});

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Instructions of a Dockerfile: lines that end with a backslash go on. */
const instructions: readonly Instruction[] = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return { name, rest: rest.trim() };
  });
const all = (name: string): readonly string[] =>
  instructions.filter((each) => each.name === name).map(({ rest }) => rest);

const KNOWN = 'ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK RUN USER VOLUME WORKDIR'.split(
  ' ',
);

describe('Dockerfile', () => {
  it('consists of instructions, the first of which names an image', () => {
    for (const { name, rest } of instructions) {
      expect(KNOWN).toContain(name);
      expect(rest).not.toBe('');
    }
    expect(instructions[0]?.name).toBe('FROM');
  });

  it('has Node 24 in each stage, and names each once', () => {
    const stages = all('FROM').map((rest) => /^node:24-[\w.-]*slim AS (\w+)$/.exec(rest)?.[1]);
    expect(stages).toEqual(['build', 'run']);
  });

  it.each(APPS)('copies what is there, for %s too', (app) => {
    for (const rest of all('COPY')) {
      const [from, source = ''] = rest.startsWith('--from=') ? rest.split(' ') : [null, '.'];
      expect(from === null || from === '--from=build').toBe(true);
      const file = source.replace('${APP}', app).replace(/^\/jeroboam/, '.');
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    }
    expect(existsSync(join(ROOT, 'apps', app, 'src/main.ts'))).toBe(true);
  });

  it('starts the app as a user without rights, and asks it how it is', () => {
    expect(all('USER')).toEqual(['node']);
    expect(all('ENTRYPOINT').map((rest) => JSON.parse(rest) as unknown)).toEqual([
      ['node', '--enable-source-maps', 'app/dist/main.js'],
    ]);
    const [health = ''] = all('HEALTHCHECK');
    const command = JSON.parse(health.slice(health.indexOf('CMD ') + 4)) as string[];
    const told = (HEALTH_URL: string) =>
      spawnSync(process.execPath, command.slice(1), { env: { HEALTH_URL } }).status;
    expect(command[0]).toBe('node');
    expect([told('data:,OK'), told('http://127.0.0.1:1/healthcheck')]).toEqual([0, 1]);
  });

  it('sets what the apps read', async () => {
    const variables = all('ENV').flatMap((rest) =>
      [...rest.matchAll(/(\w+)=/g)].map(([, name = '']) => name),
    );
    const sources = APPS.map((app) => read(`apps/${app}/src/config.ts`)).join();
    const known = [...(await readBy('stats', {})), 'NODE_ENV', 'HEALTH_URL'];
    for (const name of variables) expect(known.includes(name) || sources.includes(name)).toBe(true);
  });
});
