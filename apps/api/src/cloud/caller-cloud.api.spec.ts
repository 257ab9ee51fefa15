import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CloudRefused, CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());

const TEMPLATE = { coe: 'kubernetes', image_id: 'fedora-coreos', flavor_id: 'm1.small' };
const context = { status: 403, requestId: null } as const;

const create = (as = 'demo', body: object = TEMPLATE) =>
  api.refusal('POST /v1/clustertemplates', { as, body });

/** Glance and Nova as they fail once. */
const failing = async (service: 'glance' | 'nova', error: Error, work: () => Promise<unknown>) => {
  const { glance, nova } = api.cloud;
  const [findImage, findFlavor] = [glance.findImage.bind(glance), nova.findFlavor.bind(nova)];
  if (service === 'glance') glance.findImage = () => Promise.reject(error);
  else nova.findFlavor = () => Promise.reject(error);
  try {
    await work();
  } finally {
    glance.findImage = findImage;
    nova.findFlavor = findFlavor;
  }
};

describe('look-ups with the token of the caller', () => {
  it('say which service is away', async () => {
    const away = new CloudUnavailable('x', { ...context, service: 'image', status: 503 });
    await failing('glance', away, async () => {
      expect(await create()).toBe('503 The image service is temporarily unavailable.');
    });
  });

  it('say what a service refuses', async () => {
    await failing('glance', new CloudRefused('no', { ...context, service: 'image' }), async () => {
      expect(await create()).toBe('403 Not authorized for image fedora-coreos.');
    });
    await failing('nova', new CloudRefused('no', { ...context, service: 'compute' }), async () => {
      expect(await create()).toBe('403 nova connection failed. no');
    });
  });

  it('are never answered from what another project was told', async () => {
    expect(await create('demo', { ...TEMPLATE, fixed_network: 'private-demo' })).toMatch(/^201/);
    expect(await create('alt_demo', { ...TEMPLATE, fixed_network: 'private-demo' })).toBe(
      '400 Unable to find fixed network private-demo.',
    );
  });
});
