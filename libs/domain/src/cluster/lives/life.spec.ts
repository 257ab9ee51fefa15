import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, Refused } from '@jeroboam/eventing/decider';
import { created } from '../cluster.examples.js';
import type { ClusterCommand } from '../commands.js';
import { cluster } from '../decider.js';
import type { ClusterEvent } from '../events.js';
import { isPresent, type ClusterState, type PresentCluster } from '../state.js';
import { isInProgress } from '../status.js';
import { anyEvent, junk } from './events.examples.js';
import { life, type Step } from './life.examples.js';

interface Moment {
  readonly command: ClusterCommand;
  readonly before: ClusterState;
  readonly events: readonly ClusterEvent[];
  readonly after: ClusterState;
}

/** Sends one command after the other; a refused one changes nothing. */
const lived = (steps: readonly Step[]): readonly Moment[] => {
  const moments: Moment[] = [];
  let before = cluster.initialState;
  for (const [serial, step] of steps.entries()) {
    const command = step(before, serial);
    const events = decided(command, before);
    const after = fold(cluster, events, before);
    moments.push({ command, before, events, after });
    before = after;
  }
  return moments;
};

const decided = (command: ClusterCommand, state: ClusterState): readonly ClusterEvent[] => {
  try {
    return cluster.decide(command, state);
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
};

/** Holds after every step of every life. */
const always = (holds: (state: PresentCluster, moment: Moment) => void): void => {
  fc.assert(
    fc.property(life, (steps) => {
      for (const moment of lived(steps)) {
        if (isPresent(moment.after)) holds(moment.after, moment);
      }
    }),
    { numRuns: 300 },
  );
};

describe('whatever is asked of a cluster', () => {
  it('the same command again changes nothing', () => {
    fc.assert(
      fc.property(life, (steps) => {
        for (const { command, events, after } of lived(steps)) {
          if (events.length > 0) expect(cluster.decide(command, after)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('it is in progress exactly while something is in hand', () => {
    always(({ status, operations }) => {
      expect({ status, busy: isInProgress(status) }).toEqual({
        status,
        busy: operations.length > 0,
      });
    });
  });

  it('a node group is in progress exactly while an operation on it is in hand', () => {
    always(({ nodegroups, operations }) => {
      const whole = operations.some(({ kind }) => kind === 'create' || kind === 'delete');
      const upgraded = operations.flatMap((each) => (each.kind === 'upgrade' ? [each] : []));
      for (const { uuid, isDefault, status } of nodegroups) {
        const own = operations.some((each) => 'nodegroupId' in each && each.nodegroupId === uuid);
        const taken = isDefault && upgraded.some(({ nodegroupId }) => nodegroupId === null);
        expect({ uuid, busy: isInProgress(status) }).toEqual({ uuid, busy: whole || own || taken });
      }
    });
  });

  it('no two operations in hand have one id', () => {
    always(({ operations }) => {
      expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    });
  });

  it('no two node groups have one number, id or name', () => {
    always(({ nodegroups, nodegroupsEver }) => {
      const ordinals = nodegroups.map(({ ordinal }) => ordinal);
      expect(new Set(ordinals).size).toBe(nodegroups.length);
      expect(new Set(nodegroups.map(({ uuid }) => uuid)).size).toBe(nodegroups.length);
      expect(new Set(nodegroups.map(({ name }) => name)).size).toBe(nodegroups.length);
      expect(Math.max(...ordinals)).toBeLessThanOrEqual(nodegroupsEver);
    });
  });

  it('a number is never given twice', () => {
    fc.assert(
      fc.property(life, (steps) => {
        const owners = new Map<number, string>();
        for (const { after } of lived(steps)) {
          for (const { ordinal, uuid } of isPresent(after) ? after.nodegroups : []) {
            expect(owners.get(ordinal) ?? uuid).toBe(uuid);
            owners.set(ordinal, uuid);
          }
        }
      }),
    );
  });

  it('no node group has fewer than no nodes', () => {
    always(({ nodegroups }) => {
      for (const { nodeCount } of nodegroups) expect(nodeCount).toBeGreaterThanOrEqual(0);
    });
  });

  it('each operation on a node group in hand has its node group', () => {
    always(({ nodegroups, operations }) => {
      const ids = nodegroups.map(({ uuid }) => uuid);
      for (const operation of operations) {
        if (!('nodegroupId' in operation) || operation.nodegroupId === null) continue;
        if (operation.kind !== 'upgrade') expect(ids).toContain(operation.nodegroupId);
      }
    });
  });

  it('a deletion is alone in hand', () => {
    always(({ operations, status }) => {
      const kinds = operations.map(({ kind }) => kind);
      if (kinds.includes('delete')) expect(kinds).toEqual(['delete']);
      expect(status === 'DELETE_IN_PROGRESS').toBe(kinds.includes('delete'));
    });
  });

  it('default node groups stay', () => {
    always(({ nodegroups }) => {
      expect(nodegroups.filter(({ isDefault }) => isDefault).map(({ uuid }) => uuid)).toEqual([
        'm',
        'w',
      ]);
    });
  });

  it('a state survives being written as JSON', () => {
    always((state) => {
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    });
  });

  it('what is gone stays gone', () => {
    fc.assert(
      fc.property(life, (steps) => {
        const after = lived(steps).map((moment) => moment.after.status);
        const gone = after.indexOf('DELETE_COMPLETE');
        if (gone >= 0) expect(new Set(after.slice(gone))).toEqual(new Set(['DELETE_COMPLETE']));
      }),
    );
  });
});

describe('whatever stands in the log', () => {
  it('it folds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: anyEvent }, junk)), (events) => {
        fold(cluster, events);
        fold(cluster, [...created, ...events]);
      }),
      { numRuns: 500 },
    );
  });

  it('what is unknown changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 10 }), junk, (events, unknown) => {
        const state = fold(cluster, [...created, ...events]);
        expect(cluster.evolve(state, unknown)).toBe(state);
      }),
    );
  });

  it('an event that comes twice counts once', () => {
    fc.assert(
      fc.property(life, (steps) => {
        for (const { events, after } of lived(steps)) {
          for (const event of events) expect(cluster.evolve(after, event)).toEqual(after);
        }
      }),
      { numRuns: 300 },
    );
  });
});
