import type { Nodegroup, Operation, PresentCluster } from './state.js';

/** Node groups whose status an operation moves. */
export const touchedBy = (state: PresentCluster, operation: Operation): readonly string[] => {
  switch (operation.kind) {
    case 'resize':
    case 'add-nodegroup':
    case 'remove-nodegroup':
      return [operation.nodegroupId];
    case 'upgrade':
      return upgraded(state, operation.nodegroupId);
    case 'create':
    case 'delete':
      return idsOf(state);
    case 'rotate-authority':
    case 'rotate-credential':
      return [];
  }
};

export const idsOf = ({ nodegroups }: PresentCluster): readonly string[] =>
  nodegroups.map(({ uuid }) => uuid);

/** Node groups that an upgrade takes along. */
export const upgraded = (state: PresentCluster, nodegroupId: string | null): readonly string[] =>
  nodegroupId === null
    ? state.nodegroups.filter(({ isDefault }) => isDefault).map(({ uuid }) => uuid)
    : [nodegroupId];

export const nodegroupOf = (state: PresentCluster, id: string): Nodegroup | undefined =>
  state.nodegroups.find(({ uuid }) => uuid === id);

export const changeNodegroups = (
  state: PresentCluster,
  ids: readonly string[],
  changes: Partial<Nodegroup>,
): PresentCluster => ({
  ...state,
  nodegroups: state.nodegroups.map((each) =>
    ids.includes(each.uuid) ? { ...each, ...changes } : each,
  ),
});
