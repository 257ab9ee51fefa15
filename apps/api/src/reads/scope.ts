import type { Scope } from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import type { Policy } from '../http/policy/policy.js';

/** Things of the caller's project; of the caller alone, when the token has no project. */
export const ownScope = ({ projectId, userId }: RequestContext): Scope =>
  projectId === null ? { userId } : { projectId };

/** Everything for an admin whom the rule lets, else {@link ownScope}. Throws the rule's 403. */
export const scopeOf = (policy: Policy, caller: RequestContext, allProjectsRule: string): Scope => {
  if (!policy.isAdmin(caller)) return ownScope(caller);
  policy.enforce(caller, allProjectsRule);
  return {};
};

/** Templates a cluster may be upgraded to: for an admin all, as far as the rule for seeing them lets. */
export const templateScopeOf = (policy: Policy, caller: RequestContext): Scope =>
  policy.isAdmin(caller) && policy.allows(caller, 'clustertemplate:get_one_all_projects')
    ? {}
    : ownScope(caller);
