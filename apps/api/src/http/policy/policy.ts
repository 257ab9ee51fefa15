import type { Token } from '@jeroboam/openstack/keystone/port';
import type { RequestContext } from '../auth/request-context.js';
import { Fault } from '../errors/faults.js';
import type { PolicyFile } from './policy-file.js';
import { isAllowed, type Rule, type Values } from './rule.js';
import type { RuleSet } from './rule-set.js';

/** What a rule is asked about: the attributes its `%(…)s` name. */
export type PolicyTarget = Values;

/** The caller itself: what rules are asked about when there is no object yet. */
export const own = (caller: RequestContext): PolicyTarget => ({
  project_id: caller.projectId,
  user_id: caller.userId,
});

const projectOf = ({ project }: Token): Values =>
  project === null
    ? { project_id: null, tenant: null, project_name: null, project_domain_id: null }
    : {
        project_id: project.id,
        tenant: project.id,
        project_name: project.name,
        project_domain_id: project.domainId,
      };

const credentialsOf = ({ identity, roles }: RequestContext): Values => ({
  ...projectOf(identity),
  user_id: identity.user.id,
  user_name: identity.user.name,
  // The service has always taken the user's domain for it.
  domain_id: identity.user.domainId,
  user_domain_id: identity.user.domainId,
  user_domain_name: identity.user.domainName,
  system_scope: identity.systemScope ? 'all' : null,
  is_admin_project: identity.isAdminProject,
  trust_id: identity.trustId,
  roles,
});

/** Hears of each refusal, for the audit. */
export type RefusalListener = (caller: RequestContext, rule: string) => void;

/** Who may do what. */
export class Policy {
  private readonly listeners: RefusalListener[] = [];

  constructor(
    private readonly file: Pick<PolicyFile, 'current'>,
    /** Name of the domain of the clusters' own users; `null` when there is none. */
    private readonly trusteeDomain: string | null = null,
  ) {}

  onRefusal(listener: RefusalListener): void {
    this.listeners.push(listener);
  }

  /** Whether the caller sees all projects. */
  isAdmin(caller: RequestContext): boolean {
    return this.asks(caller, 'context_is_admin', own(caller));
  }

  allows(caller: RequestContext, rule: string, target: PolicyTarget = own(caller)): boolean {
    const { projectOnly } = this.file.current();
    const { systemScope, domain } = caller.identity;
    if (projectOnly.has(rule) && (systemScope || domain !== null)) return false;
    return this.asks(caller, rule, target);
  }

  /** Throws the 403 of the rule unless it allows the caller. */
  enforce(caller: RequestContext, rule: string, target: PolicyTarget = own(caller)): void {
    if (this.allows(caller, rule, target)) return;
    for (const listener of this.listeners) listener(caller, rule);
    throw new Fault(403, `Policy doesn't allow ${rule} to be performed.`);
  }

  /** Names of domains are unique, so the caller's own domain tells the id without asking Keystone. */
  private trusteeDomainOf({ identity: { user } }: RequestContext): Values {
    return user.domainName === this.trusteeDomain ? { trustee_domain_id: user.domainId } : {};
  }

  private asks(caller: RequestContext, name: string, target: PolicyTarget): boolean {
    const { rules } = this.file.current();
    const credentials = credentialsOf(caller);
    const whole = { ...this.trusteeDomainOf(caller), ...target };
    const is_admin = isAllowed(named('context_is_admin', rules), {
      rules,
      credentials,
      target: whole,
    });
    return isAllowed(named(name, rules), {
      rules,
      credentials: { ...credentials, is_admin },
      target: whole,
    });
  }
}

const named = (name: string, rules: RuleSet['rules']): Rule => {
  const rule = rules.get(name);
  if (rule === undefined) throw new Error(`there is no policy rule ${name}`);
  return rule;
};
