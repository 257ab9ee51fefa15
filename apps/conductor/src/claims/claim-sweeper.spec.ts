import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handle } from '@jeroboam/eventing/handle';
import { project } from '@jeroboam/domain/project/decider';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { serviceMetadata } from '../service-metadata.js';
import { Rig } from '../testing/rig.js';
import { ClaimSweeper } from './claim-sweeper.js';

let folder: TempFolder;
let rig: Rig;
let sweeper: ClaimSweeper;
const everyones = () => true;

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.readModel.start();
  sweeper = new ClaimSweeper(rig.rows, rig.store, rig.clock);
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

/** As a request does that dies before it asks for the cluster. */
const claim = async (commandId = 'claim'): Promise<void> => {
  const at = rig.clock.now();
  const command = { type: 'ClaimCluster', data: { clusterId: 'c9', defaultLimit: 9, at } } as const;
  const send = handle(rig.store, 'project', project);
  const { appended } = await send(rig.projectId, command, serviceMetadata('request', commandId));
  await rig.readModel.waitFor(appended?.position ?? -1n, 5000);
};

describe('a claim without a cluster', () => {
  it('is released after a minute', async () => {
    await claim();
    rig.clock.advance(60_000);
    await sweeper.sweep(everyones);
    expect(rig.claims()).toBe(1);
    rig.clock.advance(1);
    await sweeper.sweep(everyones);
    expect(rig.claims()).toBe(0);
  });

  it('is left to the conductor whose project it is', async () => {
    await claim();
    rig.clock.advance(61_000);
    await sweeper.sweep(() => false);
    expect(rig.claims()).toBe(1);
  });

  it('is released again when the same cluster has claimed once more', async () => {
    for (const commandId of ['claim', 'again']) {
      await claim(commandId);
      rig.clock.advance(61_000);
      await sweeper.sweep(everyones);
      await eventually(() => {
        expect(rig.claims()).toBe(0);
      });
    }
  });
});

describe('a claim with a cluster', () => {
  it('stays', async () => {
    await rig.request();
    await eventually(() => {
      expect(rig.rows.all('SELECT key FROM clusters_v1')).toHaveLength(1);
    });
    rig.clock.advance(61_000);
    await sweeper.sweep(everyones);
    expect(rig.claims()).toBe(1);
  });

  it('stays also while the rows do not show the cluster yet', async () => {
    await claim();
    await rig.readModel.close();
    const data = {
      ...rig.begun('op-create'),
      cluster: rig.spec({ uuid: 'c9' }),
      nodegroups: [],
      trustId: 'trust',
    };
    await rig.command({ type: 'RequestCluster', data }, 'c9');
    rig.clock.advance(61_000);
    await sweeper.sweep(everyones);
    expect(rig.claims()).toBe(1);
  });
});
