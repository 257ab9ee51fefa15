import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openApiDocument } from '../http/openapi/document.js';
import { controllers } from '../controllers.js';
import { FuzzScene } from './fuzz-scene.js';
import { faultOf } from './invariants.js';
import { requestsOf, type ApiDocument } from './requests.js';

/** `npm run fuzz -- --runs 50000 --seed 7` sets these. */
const runs = Number(process.env['JEROBOAM_FUZZ_RUNS'] ?? 10_000);
const seed = Number(process.env['JEROBOAM_FUZZ_SEED'] ?? 1);

/** An answer takes no longer, in ms. */
const HANGS_AFTER = 2000;

/** Requests to one installation before there is a new one. */
const LIFE = 500;

/** As a client reads it. */
const document = JSON.parse(JSON.stringify(openApiDocument(controllers))) as ApiDocument;

describe(`${runs} requests made up from the API document`, () => {
  let scene: FuzzScene;
  const statuses = new Map<number, number>();
  beforeAll(async () => {
    scene = await FuzzScene.start();
  });
  afterAll(() => scene.stop());

  const fresh = async (sent: number): Promise<void> => {
    if (sent % LIFE !== 0) return;
    await scene.stop();
    scene = await FuzzScene.start();
  };

  it(
    'never fail, hang or show anything of the inside',
    async () => {
      let sent = 0;
      const property = fc.asyncProperty(requestsOf(document), async (request) => {
        const answer = await scene.send(request);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(answer);
        if (fault !== null)
          throw new Error(`${fault}: ${answer.status} ${answer.payload.slice(0, 1000)}`);
      });
      const plugins = [fc.beforeEach(() => fresh((sent += 1)))];
      await fc.assert(property, { numRuns: runs, seed, timeout: HANGS_AFTER, plugins });
    },
    120_000 + runs * 20,
  );

  it('reached what lies behind the checks', () => {
    const reached = [200, 201, 202, 204, 400, 401, 403, 404, 405, 406, 409, 415];
    expect(reached.filter((status) => !statuses.has(status))).toEqual([]);
  });
});
