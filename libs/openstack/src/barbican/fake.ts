import { randomUUID } from 'node:crypto';
import { BadRequest, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';
import {
  Barbican,
  type CertificateContainer,
  type CertificateSecrets,
  type SecretRequest,
} from './port.js';

const BASE = 'http://key-manager.fake/v1';
const context = { service: 'key-manager', requestId: null } as const;

interface Owned {
  readonly projectId: string | null;
}

/** Secrets in memory, each seen by its project only. */
export class FakeBarbican extends Barbican {
  /** By reference. */
  readonly secrets = new Map<string, SecretRequest & Owned>();
  readonly containers = new Map<string, CertificateContainer & Owned>();

  override async storeSecret(as: Session, secret: SecretRequest): Promise<string> {
    const { projectId } = await as.access();
    const payload = secret.payload.trim();
    if (payload === '') {
      throw new BadRequest('Provided object does not match schema.', { ...context, status: 400 });
    }
    const ref = `${BASE}/secrets/${randomUUID()}`;
    this.secrets.set(ref, { ...secret, payload, projectId });
    return ref;
  }

  override async getPayload(as: Session, ref: string): Promise<string> {
    return (await this.#own(as, this.secrets, ref)).payload;
  }

  override async findSecrets(as: Session, name: string): Promise<readonly string[]> {
    const { projectId } = await as.access();
    return [...this.secrets]
      .filter(([, secret]) => secret.name === name && secret.projectId === projectId)
      .map(([ref]) => ref);
  }

  override async deleteSecret(as: Session, ref: string): Promise<void> {
    await as.access();
    this.secrets.delete(ref);
  }

  override async createContainer(
    as: Session,
    { name, secrets }: { readonly name: string; readonly secrets: CertificateSecrets },
  ): Promise<string> {
    const members = [secrets.certificate, secrets.privateKey, secrets.privateKeyPassphrase];
    for (const member of [...members, secrets.intermediates]) {
      if (member !== undefined) await this.#own(as, this.secrets, member);
    }
    const { projectId } = await as.access();
    const ref = `${BASE}/containers/${randomUUID()}`;
    this.containers.set(ref, { ref, name, status: 'ACTIVE', secrets, projectId });
    return ref;
  }

  override async getContainer(as: Session, ref: string): Promise<CertificateContainer> {
    const { name, status, secrets } = await this.#own(as, this.containers, ref);
    return { ref, name, status, secrets };
  }

  override async findContainers(
    as: Session,
    name: string,
  ): Promise<readonly CertificateContainer[]> {
    const { projectId } = await as.access();
    const own = [...this.containers.values()].filter(
      (container) => container.name === name && container.projectId === projectId,
    );
    return await Promise.all(own.map(async ({ ref }) => await this.getContainer(as, ref)));
  }

  override async deleteContainer(as: Session, ref: string): Promise<void> {
    await as.access();
    this.containers.delete(ref);
  }

  async #own<T extends Owned>(as: Session, kept: ReadonlyMap<string, T>, ref: string): Promise<T> {
    const found = kept.get(ref);
    if (!found || found.projectId !== (await as.access()).projectId) {
      throw new NotFound('Not Found. Sorry but your secret is in another castle.', {
        ...context,
        status: 404,
      });
    }
    return found;
  }
}
