import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox } from '../testing/sandbox.js';

const IMAGES = '/image/v2/images';

describe('images', () => {
  let sandbox: Sandbox;
  let demo: string;
  let other: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
    other = await sandbox.token('alt_demo', 'alt_demo');
  });
  afterAll(() => sandbox.close());

  const names = (body: unknown): unknown[] =>
    (at(body, 'images') as { name: string }[]).map(({ name }) => name);
  const list = (query = '', token = demo) => sandbox.call('GET', IMAGES + query, { token });

  it('are discovered without a token', async () => {
    const root = await sandbox.call('GET', '/image/');
    expect(root.status).toBe(300);
    expect(at(root.body, 'versions', 0)).toEqual({
      id: 'v2.9',
      status: 'CURRENT',
      links: [{ rel: 'self', href: 'http://cloud.test:9512/image/v2/' }],
    });
  });

  it('are there from the start, newest first', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(names(body)).toEqual([
      'ubuntu',
      'coreos',
      'fedora-coreos',
      'Fedora-Atomic-26-20170723.0.x86_64',
    ]);
    expect(at(body, 'first')).toBe('/v2/images');
    expect(at(body, 'schema')).toBe('/v2/schemas/images');
  });

  it('are filtered by name, distribution and visibility, and paged', async () => {
    expect(names((await list('?os_distro=fedora-atomic')).body)).toEqual([
      'Fedora-Atomic-26-20170723.0.x86_64',
    ]);
    expect(names((await list('?name=coreos&status=active')).body)).toEqual(['coreos']);
    expect(names((await list('?visibility=private')).body)).toEqual([]);
    const first = (await list('?limit=3')).body;
    expect(names(first)).toEqual(['ubuntu', 'coreos', 'fedora-coreos']);
    const next = await sandbox.call('GET', `/image${String(at(first, 'next'))}`, { token: demo });
    expect(names(next.body)).toEqual(['Fedora-Atomic-26-20170723.0.x86_64']);
    expect(next.body).not.toHaveProperty('next');
    expect((await list('?marker=none')).status).toBe(400);
  });

  it('are shown with their properties beside their fields', async () => {
    const [{ id } = { id: '' }] = sandbox.cloud.glance.images.where('name', 'fedora-coreos');
    const { status, body } = await sandbox.call('GET', `${IMAGES}/${id}`, { token: demo });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      name: 'fedora-coreos',
      os_distro: 'fedora-coreos',
      status: 'active',
      visibility: 'public',
      min_disk: 0,
      file: `/v2/images/${id}/file`,
    });
    const missing = await sandbox.call('GET', `${IMAGES}/none`, { token: demo });
    expect(missing.status).toBe(404);
    expect(missing.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(missing.body).toContain('Failed to find image none');
  });

  it('are made, filled, changed and deleted by their project only', async () => {
    const made = await sandbox.call('POST', IMAGES, {
      token: demo,
      body: { name: 'mine', disk_format: 'raw', container_format: 'bare', os_distro: 'mine' },
    });
    expect(made.status).toBe(201);
    expect(at(made.body, 'status')).toBe('queued');
    const url = `${IMAGES}/${String(at(made.body, 'id'))}`;
    const upload = await sandbox.call('PUT', `${url}/file`, {
      token: demo,
      body: 'data',
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(upload.status).toBe(204);
    expect((await sandbox.call('GET', url, { token: demo })).body).toMatchObject({
      status: 'active',
      size: 4,
      checksum: '8d777f385d3dfec8815d20f7496026dc',
      os_distro: 'mine',
    });
    expect((await sandbox.call('GET', url, { token: other })).status).toBe(404);
    const patched = await sandbox.call('PATCH', url, {
      token: demo,
      body: JSON.stringify([
        { op: 'replace', path: '/name', value: 'yours' },
        { op: 'add', path: '/os_version', value: '1' },
        { op: 'remove', path: '/os_distro' },
      ]),
      headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
    });
    expect(patched.body).toMatchObject({ name: 'yours', os_version: '1', status: 'active' });
    expect(patched.body).not.toHaveProperty('os_distro');
    expect((await sandbox.call('DELETE', url, { token: demo })).status).toBe(204);
    expect((await sandbox.call('GET', url, { token: demo })).status).toBe(404);
  });

  it('of others are not for changing, nor public for anybody to make', async () => {
    const [{ id } = { id: '' }] = sandbox.cloud.glance.images.where('name', 'coreos');
    expect((await sandbox.call('DELETE', `${IMAGES}/${id}`, { token: demo })).status).toBe(403);
    const body = { name: 'loud', visibility: 'public' };
    expect((await sandbox.call('POST', IMAGES, { token: demo, body })).status).toBe(403);
  });
});
