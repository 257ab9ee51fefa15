import { changeNodegroups, touchedBy } from './nodegroups.js';
import type { Operation, PresentCluster } from './state.js';
import type { ClusterStatus } from './status.js';

type Resize = Extract<Operation, { kind: 'resize' }>;

/** Nodes a node group has come out with, by its uuid. */
export type SettledSizes = Readonly<Record<string, number>>;

/**
 * An operation has ended while others wait behind it. Their node groups stay in progress and keep the
 * size last wished for; should the next resize fail, it falls back on the size that has now come out.
 */
export const carryOn = (state: PresentCluster, sizes: SettledSizes): PresentCluster =>
  state.operations.reduce(
    (cluster, operation) =>
      changeNodegroups(cluster, touchedBy(cluster, operation), {
        status: STATUS_MEANWHILE[operation.kind],
        statusReason: null,
        ...(operation.kind === 'resize' && { nodeCount: operation.nodeCount }),
      }),
    { ...state, operations: rebased(state.operations, sizes) },
  );

/**
 * The size a node group has had for sure, beneath all that is wished for: the first resize in hand knows
 * it, also when one that waits behind it is the first to fail.
 */
export const sizeBeneath = ({ operations }: PresentCluster, resize: Resize): number => {
  const { nodegroupId } = resize;
  const ofGroup = (each: Operation): each is Resize =>
    each.kind === 'resize' && each.nodegroupId === nodegroupId;
  return (operations.find(ofGroup) ?? resize).previousNodeCount;
};

const rebased = (operations: readonly Operation[], sizes: SettledSizes): readonly Operation[] => {
  const known = new Map(Object.entries(sizes));
  return operations.map((operation) => {
    if (operation.kind !== 'resize') return operation;
    const previousNodeCount = known.get(operation.nodegroupId) ?? operation.previousNodeCount;
    known.delete(operation.nodegroupId);
    return { ...operation, previousNodeCount };
  });
};

/** Status of a node group while an operation on it is in hand. */
const STATUS_MEANWHILE: Readonly<Record<Operation['kind'], ClusterStatus>> = {
  create: 'CREATE_IN_PROGRESS',
  resize: 'UPDATE_IN_PROGRESS',
  upgrade: 'UPDATE_IN_PROGRESS',
  'add-nodegroup': 'CREATE_IN_PROGRESS',
  'remove-nodegroup': 'DELETE_IN_PROGRESS',
  'rotate-authority': 'UPDATE_IN_PROGRESS',
  'rotate-credential': 'UPDATE_IN_PROGRESS',
  delete: 'DELETE_IN_PROGRESS',
};
