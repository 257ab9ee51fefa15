import { join } from 'node:path';

/** What the sandbox is told by its environment. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Password of every seeded user. */
  readonly password: string;
  /** Folder of the state; made when missing. */
  readonly dataDir: string;
  /** Creation times are multiplied by it; 0 makes everything ready at once. */
  readonly speed: number;
  /** Endpoint of container-infra in the catalog. */
  readonly apiUrl: string;
  readonly region: string;
  /** Base URL in the catalog, when it is not the one listened on. */
  readonly publicUrl: string | undefined;
}

/** Reads variables and remembers what is wrong with them. */
class Environment {
  readonly faults: string[] = [];

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  text(name: string, fallback: string): string {
    const value = this.env[name] ?? fallback;
    if (value === '') this.faults.push(`${name} is empty`);
    return value;
  }

  number(name: string, fallback: number, max: number): number {
    const given = this.text(name, String(fallback));
    const value = Number(given);
    if (!(value >= 0 && value <= max))
      this.faults.push(`${name} must be a number from 0 to ${max}, not "${given}"`);
    return value;
  }

  url(name: string, fallback: string): string {
    const value = this.text(name, fallback);
    if (!URL.canParse(value)) this.faults.push(`${name} is no URL: "${value}"`);
    return value;
  }
}

/** @throws Error that names every fault of the environment at once. */
export const readConfig = (variables: NodeJS.ProcessEnv): Config => {
  const env = new Environment(variables);
  const config: Config = {
    host: env.text('JEROBOAM_SANDBOX_HOST', '127.0.0.1'),
    port: env.number('JEROBOAM_SANDBOX_PORT', 9512, 65_535),
    password: env.text('JEROBOAM_SANDBOX_PASSWORD', 'sandbox'),
    dataDir: join(env.text('JEROBOAM_DATA_DIR', '.jeroboam'), 'sandbox'),
    speed: env.number('JEROBOAM_SANDBOX_SPEED', 1, 1000),
    apiUrl: env.url('JEROBOAM_API_URL', 'http://127.0.0.1:9511/v1'),
    region: env.text('OS_REGION_NAME', 'RegionOne'),
    publicUrl: variables.JEROBOAM_SANDBOX_URL,
  };
  if (env.faults.length > 0) throw new Error(env.faults.join('; '));
  return Object.freeze(config);
};
