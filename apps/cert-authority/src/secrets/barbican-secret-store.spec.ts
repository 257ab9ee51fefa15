import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FakeBarbican } from '@jeroboam/openstack/barbican/fake';
import {
  BadRequest,
  type CloudError,
  CloudRefused,
  CloudUnavailable,
} from '@jeroboam/openstack/http/errors';
import { FakeKeystone } from '@jeroboam/openstack/keystone/fake';
import { BarbicanSecretStore } from './barbican-secret-store.js';
import { secretStoreContract } from './secret-store.contract.js';
import { SecretStoreUnavailable } from './secret-store.js';

const session = new FakeKeystone().service();
const shared = new FakeBarbican();

secretStoreContract('BarbicanSecretStore', () =>
  Promise.resolve(new BarbicanSecretStore(shared, session)),
);

describe('BarbicanSecretStore', () => {
  const clusterId = randomUUID();
  const name = { clusterId, kind: 'front-proxy', generation: 3 } as const;
  const bundle = { certificate: 'C', privateKey: 'K', passphrase: 'P' };

  it("lays a bundle out as Magnum does, with its owner's name", async () => {
    const barbican = new FakeBarbican();
    const ref = await new BarbicanSecretStore(barbican, session).put(name, bundle);
    const secrets = [...barbican.secrets.values()].map((secret) => [secret.name, secret.payload]);
    expect(secrets).toEqual([
      [`Certificate ${clusterId}/front-proxy/3`, 'C'],
      [`Private Key ${clusterId}/front-proxy/3`, 'K'],
      [`Private Key Passphrase ${clusterId}/front-proxy/3`, 'P'],
    ]);
    const container = barbican.containers.get(ref)!;
    expect(container.name).toBe(`${clusterId}/front-proxy/3`);
    expect(Object.keys(container.secrets)).toEqual([
      'certificate',
      'privateKey',
      'privateKeyPassphrase',
    ]);
  });

  it('leaves nothing behind, neither of a bundle removed nor of one swept', async () => {
    const barbican = new FakeBarbican();
    const store = new BarbicanSecretStore(barbican, session);
    await store.remove(await store.put(name, bundle));
    expect([barbican.secrets.size, barbican.containers.size]).toEqual([0, 0]);
    await store.put(name, bundle);
    await store.put(name, bundle);
    await store.sweep(name);
    expect([barbican.secrets.size, barbican.containers.size]).toEqual([0, 0]);
  });

  it('sweeps what a crash left half made', async () => {
    const barbican = new FakeBarbican();
    const store = new BarbicanSecretStore(barbican, session);
    barbican.createContainer = () => Promise.reject(away());
    await expect(store.put(name, bundle)).rejects.toThrow(SecretStoreUnavailable);
    expect(barbican.secrets.size).toBe(3);
    expect(await store.find(name)).toBeNull();
    await store.sweep(name);
    expect(barbican.secrets.size).toBe(0);
  });

  it('passes over a container whose secrets are gone', async () => {
    const barbican = new FakeBarbican();
    const store = new BarbicanSecretStore(barbican, session);
    const first = await store.put(name, bundle);
    barbican.secrets.delete(barbican.containers.get(first)!.secrets.certificate);
    expect(await store.find(name)).toBeNull();
    const second = await store.put(name, bundle);
    expect((await store.find(name))?.ref).toBe(second);
    await store.sweep(name);
    expect([barbican.secrets.size, barbican.containers.size]).toEqual([0, 0]);
  });

  it.each<[string, CloudError]>([
    ['does not answer', away()],
    ['lets nobody in', new CloudRefused('Forbidden', context(403))],
    ['does not take it', new BadRequest('quota reached', context(403))],
  ])('is unavailable when Barbican %s', async (_, failure) => {
    const barbican = new FakeBarbican();
    barbican.storeSecret = () => Promise.reject(failure);
    const put = new BarbicanSecretStore(barbican, session).put(name, bundle);
    await expect(put).rejects.toMatchObject({
      name: 'SecretStoreUnavailable',
      message: `The secret store failed: ${failure.message}`,
    });
  });
});

function context(status: number | null) {
  return { service: 'key-manager', status, requestId: null } as const;
}

function away(): CloudUnavailable {
  return new CloudUnavailable('The key-manager service did not answer', context(null));
}
