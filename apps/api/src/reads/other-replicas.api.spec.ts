import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';

/** More than a request takes, less than it waits for rows. */
const LAG_MS = 200;

/** One story, told in order. The rows of the second replica are always late. */
describe('what was written on another replica', () => {
  let one: ApiUnderTest;
  let other: ApiUnderTest;

  beforeAll(async () => {
    one = await ApiUnderTest.start();
    other = await ApiUnderTest.start({ store: one.store, lagMs: LAG_MS });
  });
  afterAll(async () => {
    await other.stop();
    await one.stop();
  });

  const template = { name: 'shared', coe: 'kubernetes', image_id: 'fedora-coreos' };
  const change = [{ op: 'replace', path: '/dns_nameserver', value: '192.0.2.1' }];
  const path = '/v1/clustertemplates/shared';

  it.each<[string, unknown, string, number, object]>([
    ['POST /v1/clustertemplates', template, `GET ${path}`, 200, { name: 'shared' }],
    [`PATCH ${path}`, change, `GET ${path}`, 200, { dns_nameserver: '192.0.2.1' }],
    [`DELETE ${path}`, undefined, `GET ${path}`, 404, {}],
    ['POST /v1/clustertemplates', template, `DELETE ${path}`, 204, {}],
  ])('%s %j, then %s: %d', async (writing, body, reading, status, shown) => {
    const written = await one.ask(writing, { body });
    expect(written.status).toBeLessThan(300);
    expect(await other.ask(reading)).toMatchObject({ status, body: shown });
  });
});
