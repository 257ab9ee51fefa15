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

const number = (text: string, rule: { name: string; max: number; faults: string[] }): number => {
  const value = Number(text);
  if (!(text.trim() !== '' && value >= 0 && value <= rule.max))
    rule.faults.push(`${rule.name} must be a number from 0 to ${rule.max}, not "${text}"`);
  return value;
};

/** @throws Error that names every fault of the environment at once. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const faults: string[] = [];
  const apiUrl = env.JEROBOAM_API_URL ?? 'http://127.0.0.1:9511/v1';
  if (!URL.canParse(apiUrl)) faults.push(`JEROBOAM_API_URL is no URL: "${apiUrl}"`);
  const config: Config = {
    host: env.JEROBOAM_SANDBOX_HOST ?? '127.0.0.1',
    port: number(env.JEROBOAM_SANDBOX_PORT ?? '9512', {
      name: 'JEROBOAM_SANDBOX_PORT',
      max: 65_535,
      faults,
    }),
    password: env.JEROBOAM_SANDBOX_PASSWORD ?? 'sandbox',
    dataDir: join(env.JEROBOAM_DATA_DIR ?? '.jeroboam', 'sandbox'),
    speed: number(env.JEROBOAM_SANDBOX_SPEED ?? '1', {
      name: 'JEROBOAM_SANDBOX_SPEED',
      max: 1000,
      faults,
    }),
    apiUrl,
    region: env.OS_REGION_NAME ?? 'RegionOne',
    publicUrl: env.JEROBOAM_SANDBOX_URL,
  };
  if (config.password === '') faults.push('JEROBOAM_SANDBOX_PASSWORD is empty');
  if (faults.length > 0) throw new Error(faults.join('; '));
  return Object.freeze(config);
};
