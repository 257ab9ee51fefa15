import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the client printed when it ended with something else than 0. */
export class ClientFailed extends Error {
  override readonly name = 'ClientFailed';
  constructor(
    readonly command: string,
    readonly output: string,
  ) {
    super(`openstack ${command}\n${output}`);
  }
}

/** Who the client logs in as, and where. */
export interface Credentials {
  readonly authUrl: string;
  readonly user: string;
  readonly project: string;
  readonly password: string;
}

/** What the clients of the distribution read from their environment. */
export const environmentOf = ({
  authUrl,
  user,
  project,
  password,
}: Credentials): NodeJS.ProcessEnv => ({
  // The distribution's python, whatever else lies on PATH.
  PATH: '/usr/bin:/bin',
  HOME: process.env['HOME'],
  LC_ALL: 'C.UTF-8',
  COLUMNS: '200',
  // `coe cluster config` says how to use its file in the user's shell.
  SHELL: '/bin/bash',
  OS_AUTH_TYPE: 'password',
  OS_IDENTITY_API_VERSION: '3',
  OS_AUTH_URL: authUrl,
  OS_USERNAME: user,
  OS_PASSWORD: password,
  OS_PROJECT_NAME: project,
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'RegionOne',
  OS_INTERFACE: 'public',
});

/** The `openstack` command of the distribution, unmodified. */
export class OpenstackClient {
  private readonly env: NodeJS.ProcessEnv;

  constructor(credentials: Credentials) {
    this.env = environmentOf(credentials);
  }

  /** Standard output. Throws {@link ClientFailed} when the command fails. */
  async text(...args: readonly string[]): Promise<string> {
    try {
      const { stdout, stderr } = await run('openstack', [...args], { env: this.env });
      return stdout === '' ? stderr : stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new ClientFailed(args.join(' '), `${stdout}${stderr}`);
    }
  }

  /** The answer of a command that knows `-f json`. */
  async json(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.text(...args, '-f', 'json'));
  }

  /** Rows of a list command, fields by their column's title. */
  async list(...args: readonly string[]): Promise<readonly Fields[]> {
    return (await this.json(...args)) as readonly Fields[];
  }

  /** Fields of a show command, by name. */
  async show(...args: readonly string[]): Promise<Fields> {
    return (await this.json(...args)) as Fields;
  }

  /** The two columns of the table that commands without `-f json` print. */
  async table(...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const rows = (await this.text(...args)).matchAll(/^\| (\S.*?) +\| (.*?) +\|$/gm);
    return Object.fromEntries([...rows].map(([, name = '', value = '']) => [name, value]));
  }

  /** What the command prints as it fails. */
  async failure(...args: readonly string[]): Promise<string> {
    try {
      return `it succeeded: ${await this.text(...args)}`;
    } catch (error) {
      if (error instanceof ClientFailed) return error.output;
      throw error;
    }
  }
}

export type Fields = Readonly<Record<string, unknown>>;
