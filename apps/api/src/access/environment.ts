import { JsonMap, Text, Uuid } from '../http/body/fields.js';
import type { Members } from '../http/body/represent.js';
import type { Credential } from './credential.js';

/** What a Docker client needs to talk to a swarm. */
export class EnvironmentDto {
  @Uuid()
  cluster_uuid!: string;

  @Text({ description: '`ca.pem`; null without TLS.' })
  ca!: string | null;

  @Text({ description: '`cert.pem`; null without TLS.' })
  cert!: string | null;

  @Text({ description: '`key.pem`; null without TLS. Kept nowhere.' })
  key!: string | null;

  @JsonMap({ description: 'Variables, but for DOCKER_CERT_PATH: where the files are.' })
  environment!: Record<string, unknown>;

  @Text({ description: 'For a shell to evaluate: writes the files, and sets all variables.' })
  shell!: string;
}

/** Docker's clients know no scheme but this one for what is behind TLS or not. */
const dockerHost = (apiAddress: string): string => apiAddress.replace(/^https?:\/\//, 'tcp://');

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const written = (file: string, pem: string): readonly string[] => [
  `(umask 077; cat > "$DOCKER_CERT_PATH/${file}") <<'PEM'`,
  pem.trimEnd(),
  'PEM',
];

const filesIn = (clusterId: string, { ca, certificate, key }: Credential): readonly string[] => [
  `export DOCKER_CERT_PATH="$HOME/.docker/${clusterId}"`,
  'mkdir -p "$DOCKER_CERT_PATH"',
  ...written('ca.pem', ca),
  ...written('cert.pem', certificate),
  ...written('key.pem', key),
];

export interface Swarm {
  readonly clusterId: string;
  readonly apiAddress: string;
}

/** Files, variables, and a script that makes both out of them. */
export const environmentFor = (
  { clusterId, apiAddress }: Swarm,
  credential: Credential | null,
): Members<EnvironmentDto> => {
  const secured = credential === null ? {} : { DOCKER_TLS_VERIFY: '1' };
  const environment = { DOCKER_HOST: dockerHost(apiAddress), ...secured };
  const variables = Object.entries(environment).map(
    ([name, value]) => `export ${name}=${quoted(value)}`,
  );
  const files = credential === null ? [] : filesIn(clusterId, credential);
  return {
    cluster_uuid: clusterId,
    ...membersOf(credential),
    environment,
    shell: [...files, ...variables, ''].join('\n'),
  };
};

const membersOf = (credential: Credential | null) =>
  credential === null
    ? { ca: null, cert: null, key: null }
    : { ca: credential.ca, cert: credential.certificate, key: credential.key };
