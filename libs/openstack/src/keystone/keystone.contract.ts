import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type CloudUnderTest, failureOf, sessionOf } from '../contract/cloud-under-test.js';
import { CloudRefused, NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';
import type { Trust } from './port.js';

/** Member's own roles, without those it implies. */
const ROLES = ['member', 'heat_stack_owner'];

/** Keystone gives roles in any order, now this and now that. */
const inOrder = (trust: Trust): Trust => ({
  ...trust,
  roles: trust.roles.toSorted((one, other) => one.name.localeCompare(other.name)),
});

export const keystoneContract = (open: () => CloudUnderTest): void => {
  describe('Keystone', () => {
    let demo: Session;
    beforeAll(async () => {
      demo = await sessionOf(open(), 'demo', 'demo');
    });

    const lend = async (as: Session, to: string, redelegationCount: number): Promise<Trust> => {
      const { userId, projectId } = await as.access();
      return await open().keystone.createTrust(as, {
        trustorUserId: userId,
        trusteeUserId: to,
        projectId: projectId!,
        roles: ROLES,
        redelegationCount,
      });
    };

    it('knows the service account', async () => {
      const account = await open().keystone.serviceAccount();
      expect(account.userName).toBe('jeroboam');
      const access = await open().keystone.service().access();
      expect(access).toMatchObject({ userId: account.userId, projectId: account.projectId });
      expect([...access.roles].sort()).toEqual(expect.arrayContaining(['admin', 'service']));
    });

    it('vouches for a token', async () => {
      const token = await open().keystone.validate(await open().signIn('demo', 'demo'));
      expect(token).toMatchObject({
        user: { name: 'demo', domainId: 'default', domainName: 'Default' },
        project: { name: 'demo', domainId: 'default', domainName: 'Default' },
        domain: null,
        systemScope: false,
        applicationCredential: null,
        trustId: null,
        methods: ['password'],
      });
      expect(token!.roles.map(({ name }) => name)).toEqual(expect.arrayContaining(ROLES));
      expect(Date.parse(token!.expiresAt)).toBeGreaterThan(Date.now());
      expect(token!.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it.each(['nonsense', 'gAAAAABnonsense', '', 'two words', 'ünï'])(
      'does not vouch for %j',
      async (token) => {
        expect(await open().keystone.validate(token)).toBeNull();
      },
    );

    it('does not vouch for a revoked token', async () => {
      const token = await open().signIn('demo', 'demo');
      await open().revoke(token);
      expect(await open().keystone.validate(token)).toBeNull();
    });

    it('passes a user token through, and cannot renew it', async () => {
      const access = await demo.access();
      expect((await open().keystone.validate(access.token))!.user.id).toBe(access.userId);
      expect(await failureOf(demo.renew(access))).toBeInstanceOf(CloudRefused);
    });

    it('lends rights to the service account, which then acts as the user', async () => {
      const { keystone } = open();
      const { userId: trusteeUserId } = await keystone.serviceAccount();
      const trust = await lend(demo, trusteeUserId, 2);
      const { userId, projectId } = await demo.access();
      expect(trust).toMatchObject({
        trustorUserId: userId,
        trusteeUserId,
        projectId,
        impersonation: true,
        redelegationCount: 2,
        redelegatedFrom: null,
        expiresAt: null,
      });
      expect(trust.roles.map(({ name }) => name).sort()).toEqual([...ROLES].sort());
      expect(inOrder(await keystone.getTrust(demo, trust.id))).toEqual(inOrder(trust));
      const listed = await keystone.listTrustsFor(keystone.service(), trusteeUserId);
      expect(listed.map(({ id }) => id)).toContain(trust.id);

      const borrowed = keystone.trustSession(trust.id);
      const access = await borrowed.access();
      expect(access).toMatchObject({ userId, projectId });
      expect((await keystone.validate(access.token))!.trustId).toBe(trust.id);

      await keystone.deleteTrust(borrowed, trust.id);
      expect(await failureOf(keystone.getTrust(demo, trust.id))).toBeInstanceOf(NotFound);
      expect(await keystone.validate(access.token)).toBeNull();
      const gone = await failureOf(keystone.trustSession(trust.id).access());
      expect(gone).toBeInstanceOf(NotFound);
      await keystone.deleteTrust(keystone.trustSession(trust.id), trust.id);
      await keystone.deleteTrust(demo, trust.id);
    });

    it('passes rights on to a trustee, and takes all back at once', async () => {
      const { keystone } = open();
      const name = `${randomUUID()}_contract`;
      const trustee = await keystone.createTrusteeUser({ name, password: 'first-pass' });
      const first = await lend(demo, (await keystone.serviceAccount()).userId, 2);
      const borrowed = keystone.trustSession(first.id);
      const second = await lend(borrowed, trustee, 0);
      expect(second).toMatchObject({ redelegatedFrom: first.id, redelegationCount: 0 });

      const credentials = { userId: trustee, password: 'first-pass' };
      const onTrust = keystone.trusteeSession({ ...credentials, trustId: second.id });
      expect((await onTrust.access()).projectId).toBe((await demo.access()).projectId);
      const own = keystone.trusteeSession(credentials);
      expect((await own.access()).projectId).toBeNull();
      const listed = await keystone.listTrustsFor(own, trustee);
      expect(listed.map(({ id }) => id)).toEqual([second.id]);

      await keystone.deleteTrust(borrowed, first.id);
      expect(await keystone.listTrustsFor(own, trustee)).toEqual([]);
      await keystone.deleteTrusteeUser(trustee);
    });

    it('does not lend what the user has not got', async () => {
      const { keystone } = open();
      const { userId, projectId } = await demo.access();
      const { userId: trusteeUserId } = await keystone.serviceAccount();
      const request = { trustorUserId: userId, trusteeUserId, projectId: projectId! };
      const failure = keystone.createTrust(demo, {
        ...request,
        roles: ['admin'],
        redelegationCount: 0,
      });
      expect(await failureOf(failure)).toBeInstanceOf(CloudRefused);
    });

    it('vouches for a token that is for some requests only, and tells which', async () => {
      const rules = [{ service: 'container-infra', method: 'GET', path: '/v1/clusters' }];
      const token = await open().signInWithApplicationCredential(rules);
      const known = await open().keystone.validate(token);
      expect(known!.applicationCredential).toMatchObject({ accessRules: rules });
    });

    it('does not lend with a restricted application credential', async () => {
      const { keystone } = open();
      const token = await open().signInWithApplicationCredential();
      const known = await keystone.validate(token);
      expect(known!.applicationCredential).toMatchObject({ restricted: true, accessRules: null });
      expect(known!.methods).toEqual(['application_credential']);
      const { userId } = await keystone.serviceAccount();
      const failure = lend(keystone.userSession(token, known!), userId, 2);
      expect(await failureOf(failure)).toBeInstanceOf(CloudRefused);
    });

    it('makes a trustee once, however often it is asked', async () => {
      const { keystone } = open();
      const name = `${randomUUID()}_contract`;
      expect(await keystone.findTrusteeUser(name)).toBeNull();
      const id = await keystone.createTrusteeUser({ name, password: 'first-pass' });
      expect(await keystone.createTrusteeUser({ name, password: 'second-pass' })).toBe(id);
      expect(await keystone.findTrusteeUser(name)).toBe(id);
      const domain = await keystone.trusteeDomainId();
      expect(domain).toMatch(/^[0-9a-f]{32}$/);
      expect(domain).toBe(await keystone.trusteeDomainId());
      const signedIn = keystone.trusteeSession({ userId: id, password: 'second-pass' });
      expect((await signedIn.access()).userId).toBe(id);
      const wrong = keystone.trusteeSession({ userId: id, password: 'first-pass' });
      expect(await failureOf(wrong.access())).toBeInstanceOf(CloudRefused);
      await keystone.deleteTrusteeUser(id);
      expect(await keystone.findTrusteeUser(name)).toBeNull();
      await keystone.deleteTrusteeUser(id);
    });

    it('knows which projects there are', async () => {
      const { projectId } = await demo.access();
      expect(await open().keystone.projectExists(projectId!)).toBe(true);
      expect(await open().keystone.projectExists(randomUUID())).toBe(false);
      expect(await open().keystone.projectExists('..')).toBe(false);
    });
  });
};
