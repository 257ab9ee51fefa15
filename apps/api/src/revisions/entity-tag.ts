import { Refused } from '@jeroboam/eventing/decider';
import type { ClusterState } from '@jeroboam/domain/cluster/state';
import type { ClusterTemplateState } from '@jeroboam/domain/cluster-template/decider';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { ClusterRow } from '@jeroboam/read-models/clusters';
import type { Microversion } from '../http/microversion/microversion.js';
import { fingerprint } from '../writing/fingerprint.js';

/** The resource is not, or no longer, what `If-Match` names. */
export class PreconditionFailed extends Refused {
  constructor() {
    super(
      'conflict',
      'The resource has been changed meanwhile: its ETag is not the one of If-Match.',
    );
  }
}

/** What an entity tag says of a state, whatever the version it is shown at. */
export const digestOfCluster = (state: ClusterRow | ClusterState): string => fingerprint(state);

/** The same for the row and for the state behind it. */
export const digestOfTemplate = (
  state: ClusterTemplateRow | Extract<ClusterTemplateState, { status: 'present' }>,
): string => {
  const { template, createdAt, updatedAt } = state;
  return fingerprint({ template, createdAt, updatedAt });
};

/** Strong: versions show different members, so each has a tag of its own. */
export const entityTag = (digest: string, { minor }: Microversion): string =>
  `"${digest}-${minor}"`;

const listed = (header: string): readonly string[] =>
  header
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/** Whether `If-None-Match` names what the client would be sent. */
export const isKnown = (header: string, tag: string): boolean =>
  listed(header).some((one) => one === '*' || one.replace(/^W\//, '') === tag);

const digestIn = (tag: string): string | undefined => /^"([0-9a-f]{32})-\d+"$/.exec(tag)?.[1];

/** Throws {@link PreconditionFailed} unless `If-Match` names the state, as shown at any version. */
export const demandMatch = (header: string, digest: string): void => {
  const matches = listed(header).some((tag) => tag === '*' || digestIn(tag) === digest);
  if (!matches) throw new PreconditionFailed();
};
