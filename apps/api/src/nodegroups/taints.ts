import { Refused } from '@jeroboam/eventing/decider';

type Taint = Readonly<Record<string, string>>;

const MEMBERS = ['key', 'value', 'effect'];
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

const faultOf = (taint: Taint, place: string): string | null => {
  const strangers = Object.keys(taint).filter((member) => !MEMBERS.includes(member));
  if (strangers.length > 0)
    return `${place} contains unrecognised field(s) ${strangers.join(', ')}; allowed fields are ${MEMBERS.join(', ')}`;
  if (!taint['key']) return `${place}.key is required`;
  return EFFECTS.includes(taint['effect'] ?? '')
    ? null
    : `${place}.effect must be one of ${EFFECTS.join(', ')}`;
};

/** 409 for taints that are none. */
export const checkTaints = (
  nodegroup: string,
  taints: readonly Taint[] | null | undefined,
): void => {
  for (const [index, taint] of (taints ?? []).entries()) {
    const fault = faultOf(taint, `node_taints[${index}]`);
    if (fault !== null)
      throw new Refused('conflict', `node_taints for ${nodegroup} is invalid (${fault}).`);
  }
};
