import { SERVICE_TYPES, withVersion } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import { type Json, object, objects, text } from '../http/json.js';
import { allPages } from '../http/pages.js';
import { path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import {
  Barbican,
  type CertificateContainer,
  type CertificateSecrets,
  type SecretRequest,
} from './port.js';

/** Key manager v1 over HTTP. */
export class BarbicanClient extends Barbican {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'key-manager',
      base: async (as) => withVersion(await as.endpoint(SERVICE_TYPES['key-manager']), 'v1'),
    });
  }

  override async storeSecret(as: Session, secret: SecretRequest): Promise<string> {
    const body = await this.#client.body(as, {
      method: 'POST',
      path: '/secrets',
      body: {
        name: secret.name,
        payload: secret.payload,
        payload_content_type: secret.contentType ?? 'text/plain',
        ...(secret.expiresAt === undefined ? {} : { expiration: secret.expiresAt }),
      },
      secrets: [secret.payload],
    });
    return text(object(body)['secret_ref']);
  }

  override async getPayload(as: Session, ref: string): Promise<string> {
    const answer = await this.#client.call(as, {
      method: 'GET',
      path: path`/secrets/${idOf(ref)}/payload`,
      headers: { accept: '*/*' },
    });
    return answer.text;
  }

  override async findSecrets(as: Session, name: string): Promise<readonly string[]> {
    const rows = await this.#named(as, 'secrets', name);
    return rows.map((row) => text(row['secret_ref']));
  }

  override async deleteSecret(as: Session, ref: string): Promise<void> {
    await this.#client.ensureGone(as, path`/secrets/${idOf(ref)}`);
  }

  override async createContainer(
    as: Session,
    { name, secrets }: { readonly name: string; readonly secrets: CertificateSecrets },
  ): Promise<string> {
    const body = await this.#client.body(as, {
      method: 'POST',
      path: '/containers',
      body: { type: 'certificate', name, secret_refs: secretRefs(secrets) },
    });
    return text(object(body)['container_ref']);
  }

  override async getContainer(as: Session, ref: string): Promise<CertificateContainer> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: path`/containers/${idOf(ref)}`,
    });
    return container(object(body));
  }

  override async findContainers(
    as: Session,
    name: string,
  ): Promise<readonly CertificateContainer[]> {
    const rows = await this.#named(as, 'containers', name);
    return rows.filter((row) => row['type'] === 'certificate').map(container);
  }

  override async deleteContainer(as: Session, ref: string): Promise<void> {
    await this.#client.ensureGone(as, path`/containers/${idOf(ref)}`);
  }

  async #named(
    as: Session,
    member: 'secrets' | 'containers',
    name: string,
  ): Promise<readonly Json[]> {
    const query = { name, limit: '100' };
    const rows = await allPages(this.#client, as, { path: `/${member}`, query, member });
    return rows
      .filter((row) => row['name'] === name)
      .toSorted((a, b) => text(a['created']).localeCompare(text(b['created'])));
  }
}

/** The id at the end of a reference. */
const idOf = (ref: string): string => ref.replace(/\/+$/, '').split('/').at(-1) ?? '';

const secretRefs = (secrets: CertificateSecrets) =>
  [
    { name: 'certificate', secret_ref: secrets.certificate },
    { name: 'private_key', secret_ref: secrets.privateKey },
    { name: 'private_key_passphrase', secret_ref: secrets.privateKeyPassphrase },
    { name: 'intermediates', secret_ref: secrets.intermediates },
  ].filter(({ secret_ref }) => secret_ref !== undefined);

const container = (row: Json): CertificateContainer => {
  const refs = new Map(
    objects(row['secret_refs']).map((entry) => [text(entry['name']), text(entry['secret_ref'])]),
  );
  const optional = (member: keyof CertificateSecrets, name: string) => {
    const ref = refs.get(name);
    return ref === undefined ? {} : { [member]: ref };
  };
  return {
    ref: text(row['container_ref']),
    name: text(row['name']),
    status: text(row['status']),
    secrets: {
      certificate: refs.get('certificate') ?? '',
      ...optional('privateKey', 'private_key'),
      ...optional('privateKeyPassphrase', 'private_key_passphrase'),
      ...optional('intermediates', 'intermediates'),
    },
  };
};
