import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { BadRequest, CloudRefused, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';

export const barbicanContract = (open: () => CloudUnderTest): void => {
  describe('Barbican', () => {
    let service: Session;
    beforeAll(() => {
      service = open().keystone.service();
    });

    it('keeps a secret as it was given, but for white space around it', async () => {
      const { barbican } = open();
      const payload = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
      const ref = await barbican.storeSecret(service, { name: 'contract', payload });
      expect(ref).toMatch(/\/secrets\/[0-9a-f-]{36}$/);
      expect(await barbican.getPayload(service, ref)).toBe(payload.trim());
      await barbican.deleteSecret(service, ref);
      expect(await failureOf(barbican.getPayload(service, ref))).toBeInstanceOf(NotFound);
      await barbican.deleteSecret(service, ref);
    });

    it('keeps text that looks like JSON, and text beyond ASCII', async () => {
      const { barbican } = open();
      for (const payload of ['{"a": 1}', 'schlüssel ✓']) {
        const ref = await barbican.storeSecret(service, { name: 'contract', payload });
        expect(await barbican.getPayload(service, ref)).toBe(payload);
        await barbican.deleteSecret(service, ref);
      }
    });

    it('finds secrets by their exact name', async () => {
      const { barbican } = open();
      const name = `contract-${randomUUID()}`;
      const first = await barbican.storeSecret(service, { name, payload: 'one' });
      const second = await barbican.storeSecret(service, { name, payload: 'two' });
      const longer = await barbican.storeSecret(service, { name: `${name}-x`, payload: 'three' });
      const found = await barbican.findSecrets(service, name);
      expect([...found].sort()).toEqual([first, second].sort());
      for (const ref of [first, second, longer]) await barbican.deleteSecret(service, ref);
      expect(await barbican.findSecrets(service, name)).toEqual([]);
    });

    it('does not take an empty secret', async () => {
      const failure = failureOf(open().barbican.storeSecret(service, { name: 'x', payload: '' }));
      expect(await failure).toBeInstanceOf(BadRequest);
    });

    it('binds secrets in a certificate container', async () => {
      const { barbican } = open();
      const name = `contract-${randomUUID()}`;
      const store = async (payload: string) =>
        await barbican.storeSecret(service, { name, payload });
      const secrets = {
        certificate: await store('certificate'),
        privateKey: await store('key'),
        privateKeyPassphrase: await store('passphrase'),
      };
      const ref = await barbican.createContainer(service, { name, secrets });
      const container = { ref, name, status: 'ACTIVE', secrets };
      expect(await barbican.getContainer(service, ref)).toEqual(container);
      expect(await barbican.findContainers(service, name)).toEqual([container]);
      await barbican.deleteContainer(service, ref);
      expect(await failureOf(barbican.getContainer(service, ref))).toBeInstanceOf(NotFound);
      expect(await barbican.findContainers(service, name)).toEqual([]);
      await barbican.deleteContainer(service, ref);
      expect(await barbican.getPayload(service, secrets.privateKey)).toBe('key');
      for (const secret of Object.values(secrets)) await barbican.deleteSecret(service, secret);
    });

    it('hides a secret from other projects', async () => {
      const { barbican } = open();
      const name = `contract-${randomUUID()}`;
      const ref = await barbican.storeSecret(service, { name, payload: 'mine' });
      const demo = await sessionOf(open(), 'demo', 'demo');
      const failure = await failureOf(barbican.getPayload(demo, ref));
      expect(failure instanceof NotFound || failure instanceof CloudRefused).toBe(true);
      expect(await barbican.findSecrets(demo, name)).toEqual([]);
      await barbican.deleteSecret(service, ref);
    });
  });
};
