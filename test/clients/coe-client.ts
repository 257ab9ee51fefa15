import { OpenstackClient, type Credentials } from '../journey/openstack-client.js';

const HEAD_OF_HELP = 'Command "coe" matches:';

/** A client that writes down which commands were given. */
export class CoeClient extends OpenstackClient {
  constructor(
    credentials: Credentials,
    private readonly given: Set<string>,
  ) {
    super(credentials);
  }

  override async text(...args: readonly string[]): Promise<string> {
    this.given.add(args.join(' '));
    return super.text(...args);
  }

  /** A `coe` command's standard output. */
  coe(...args: readonly string[]): Promise<string> {
    return this.text('coe', ...args);
  }

  /** What a `coe` command prints as it fails, without the request's id. */
  async refusal(...args: readonly string[]): Promise<string> {
    const said = await this.failure('coe', ...args);
    return said.replaceAll(/ \(Request-ID: req-[0-9a-f-]{36}\)/g, '').trim();
  }

  /** The `coe` commands that this client knows, as it lists them itself. */
  async commands(): Promise<readonly string[]> {
    const help = await super.text('coe', '--help');
    const [head, ...lines] = help.trim().split('\n');
    if (head !== HEAD_OF_HELP) throw new Error(`not the list of commands:\n${help}`);
    return lines.map((line) => line.trim());
  }
}
