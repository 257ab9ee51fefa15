import type {
  Barbican,
  CertificateContainer,
  CertificateSecrets,
} from '@jeroboam/openstack/barbican/port';
import { CloudError, NotFound } from '@jeroboam/openstack/http/errors';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Bundle } from '../x509/authority-certificates.js';
import {
  SecretMissing,
  SecretStore,
  SecretStoreUnavailable,
  textOf,
  type BundleName,
  type StoredBundle,
} from './secret-store.js';

/** What the secrets of a bundle are called in Magnum's layout; ours carry the owner behind it. */
const PARTS = {
  certificate: 'Certificate',
  privateKey: 'Private Key',
  passphrase: 'Private Key Passphrase',
} as const satisfies Record<keyof Bundle, string>;

const secretName = (part: keyof Bundle, name: BundleName): string =>
  `${PARTS[part]} ${textOf(name)}`;

/**
 * Barbican, in Magnum's layout: text secrets in a container of type `certificate`, owned by the
 * service account; a reference is the container's URL. The container comes last: a bundle is there
 * whole or not at all.
 */
export class BarbicanSecretStore extends SecretStore {
  constructor(
    private readonly barbican: Barbican,
    private readonly session: Session,
  ) {
    super();
  }

  override put(name: BundleName, bundle: Bundle): Promise<string> {
    return translated(async () => {
      const store = (part: keyof Bundle) =>
        this.barbican.storeSecret(this.session, {
          name: secretName(part, name),
          payload: bundle[part],
        });
      const [certificate, privateKey, privateKeyPassphrase] = await Promise.all([
        store('certificate'),
        store('privateKey'),
        store('passphrase'),
      ]);
      const secrets: CertificateSecrets = { certificate, privateKey, privateKeyPassphrase };
      return this.barbican.createContainer(this.session, { name: textOf(name), secrets });
    });
  }

  override find(name: BundleName): Promise<StoredBundle | null> {
    return translated(async () => {
      for (const container of await this.barbican.findContainers(this.session, textOf(name))) {
        const bundle = await this.contentOf(container).catch(unless(NotFound));
        if (bundle) return { ref: container.ref, ...bundle };
      }
      return null;
    });
  }

  override get(ref: string): Promise<Bundle> {
    return translated(async () => {
      const container = await this.barbican.getContainer(this.session, ref).catch(unless(NotFound));
      const bundle = container && (await this.contentOf(container).catch(unless(NotFound)));
      if (!bundle) throw new SecretMissing(ref);
      return bundle;
    });
  }

  override remove(ref: string): Promise<void> {
    return translated(async () => {
      const container = await this.barbican.getContainer(this.session, ref).catch(unless(NotFound));
      if (container) await this.removeContainer(container);
    });
  }

  override sweep(name: BundleName): Promise<void> {
    return translated(async () => {
      const containers = await this.barbican.findContainers(this.session, textOf(name));
      await Promise.all(containers.map((container) => this.removeContainer(container)));
      const parts = Object.keys(PARTS) as (keyof Bundle)[];
      const secrets = await Promise.all(
        parts.map((part) => this.barbican.findSecrets(this.session, secretName(part, name))),
      );
      await this.removeSecrets(secrets.flat());
    });
  }

  override ping(): Promise<void> {
    return translated(async () => {
      await this.barbican.findContainers(this.session, 'jeroboam-ping');
    });
  }

  private async contentOf({ secrets }: CertificateContainer): Promise<Bundle | null> {
    const { privateKey, privateKeyPassphrase } = secrets;
    if (privateKey === undefined || privateKeyPassphrase === undefined) return null;
    const payload = (ref: string) => this.barbican.getPayload(this.session, ref);
    const [certificate, key, passphrase] = await Promise.all([
      payload(secrets.certificate),
      payload(privateKey),
      payload(privateKeyPassphrase),
    ]);
    return { certificate, privateKey: key, passphrase };
  }

  /** Its secrets first: while the container is there, a repetition finds them through it. */
  private async removeContainer({ ref, secrets }: CertificateContainer): Promise<void> {
    await this.removeSecrets(Object.values(secrets).filter((secret) => typeof secret === 'string'));
    await this.barbican.deleteContainer(this.session, ref);
  }

  private async removeSecrets(refs: readonly string[]): Promise<void> {
    await Promise.all(refs.map((ref) => this.barbican.deleteSecret(this.session, ref)));
  }
}

const unless =
  (kind: typeof NotFound) =>
  (error: unknown): null => {
    if (error instanceof kind) return null;
    throw error;
  };

const translated = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new SecretStoreUnavailable(`The secret store failed: ${error.message}`, {
      cause: error,
    });
  }
};
