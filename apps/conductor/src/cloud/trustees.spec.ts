import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Rig } from '../testing/rig.js';
import { Trustees } from './trustees.js';

let folder: TempFolder;
let rig: Rig;
let trustees: Trustees;
const confirmed = () => Promise.resolve();

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.request();
  trustees = new Trustees(rig.cloud.keystone, 'key', false);
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

const withTrustee = async (): Promise<PresentCluster> => ({
  ...rig.cluster(),
  trustee: await trustees.ensure(rig.cluster(), confirmed),
});

describe('a trustee', () => {
  it('is made once, and lent once what the user may do', async () => {
    const made = await trustees.ensure(rig.cluster(), confirmed);
    expect(await trustees.ensure(rig.cluster(), confirmed)).toEqual(made);
    expect(made.userName).toBe(`c1_${rig.projectId}`);
    const trust = rig.cloud.keystone.trusts.get(made.trustId);
    expect(trust).toMatchObject({
      trusteeUserId: made.userId,
      projectId: rig.projectId,
      redelegatedFrom: rig.cluster().trustId,
      redelegationCount: 0,
    });
  });

  it('is not made when it is not wanted any more', async () => {
    const refused = () => Promise.reject(new Error('over'));
    await expect(trustees.ensure(rig.cluster(), refused)).rejects.toThrow('over');
    expect(rig.trustees()).toEqual([]);
  });

  it('has one password on all conductors, another with another key', async () => {
    const cluster = await withTrustee();
    const { password } = trustees.identityOf(cluster);
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(rig.trustees()[0]?.password).toBe(password);
    const { keystone } = rig.cloud;
    expect(new Trustees(keystone, 'key', false).identityOf(cluster).password).toBe(password);
    expect(new Trustees(keystone, 'other', false).identityOf(cluster).password).not.toBe(password);
  });

  it('gives the nodes its trust only where the operator wants it', async () => {
    const cluster = await withTrustee();
    expect(trustees.identityOf(cluster).trustId).toBeNull();
    const open = new Trustees(rig.cloud.keystone, 'key', true);
    expect(open.identityOf(cluster).trustId).toBe(cluster.trustee?.trustId);
  });

  it('goes with all trusts, also when asked twice', async () => {
    const cluster = { ...(await withTrustee()), formerTrustIds: [await rig.lend()] };
    expect(await trustees.isGone(cluster)).toBe(false);
    await trustees.remove(cluster);
    await trustees.remove(cluster);
    expect(await trustees.isGone(cluster)).toBe(true);
    expect(rig.cloud.keystone.trusts.size).toBe(0);
    expect(rig.trustees()).toEqual([]);
  });

  it('goes also when it was made and not recorded', async () => {
    await trustees.ensure(rig.cluster(), confirmed);
    await trustees.remove(rig.cluster());
    expect(rig.trustees()).toEqual([]);
  });
});

describe('a session', () => {
  it("is the user's", async () => {
    const { projectId, userId } = await (await trustees.projectSessionFor(rig.cluster())).access();
    expect(projectId).toBe(rig.projectId);
    expect(userId).toBe(rig.cloud.keystone.directory.userNamed('demo')?.id);
  });

  it("is the service account's where there is no trust", async () => {
    const session = await trustees.projectSessionFor({ ...rig.cluster(), trustId: null });
    const { userId } = await session.access();
    expect(userId).toBe(rig.cloud.keystone.directory.userNamed('jeroboam')?.id);
  });

  it('says when the trust is gone', async () => {
    rig.cloud.keystone.trusts.clear();
    await expect(trustees.projectSessionFor(rig.cluster())).rejects.toThrow(NotFound);
  });

  it('is refused when it is for another project', async () => {
    const cluster = rig.cluster();
    const elsewhere = { ...cluster, spec: { ...cluster.spec, projectId: 'another' } };
    await expect(trustees.projectSessionFor(elsewhere)).rejects.toThrow(CloudRefused);
  });
});
