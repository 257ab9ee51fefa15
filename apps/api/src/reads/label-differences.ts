import type { Labels } from '@jeroboam/domain/cluster-template/events';

export interface LabelDifferences {
  /** Values of the parent where both have the label with different ones. */
  readonly labels_overridden: Labels;
  /** Only here. */
  readonly labels_added: Labels;
  /** Only at the parent. */
  readonly labels_skipped: Labels;
}

const only = (labels: Labels, keep: (key: string) => boolean): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => keep(key)));

/** How labels differ from those they might have been inherited from. */
export const labelDifferences = (labels: Labels, parent: Labels): LabelDifferences => ({
  labels_overridden: only(
    parent,
    (key) => Object.hasOwn(labels, key) && labels[key] !== parent[key],
  ),
  labels_added: only(labels, (key) => !Object.hasOwn(parent, key)),
  labels_skipped: only(parent, (key) => !Object.hasOwn(labels, key)),
});
