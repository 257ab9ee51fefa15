import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { conflict, notFound } from './errors.js';
import { changed, filled, owned } from './owned.js';
import type { Port, SecurityGroup, SecurityGroupRule, Wish } from './types.js';

/** Security groups and their rules. */
export class SecurityGroups {
  readonly rows: Collection<SecurityGroup>;
  readonly rules: Collection<SecurityGroupRule>;
  readonly #ports: Collection<Port>;

  constructor(documents: Documents) {
    this.rows = documents.collection('security_group');
    this.rules = documents.collection('security_group_rule');
    this.#ports = documents.collection('port');
  }

  /** The project's group `default`, made when it is first asked for. */
  defaultOf(owner: Owner): SecurityGroup {
    const known = this.rows
      .where('project_id', owner.projectId)
      .find((group) => group.name === 'default');
    if (known) return known;
    const group = this.create(owner, { name: 'default', description: 'Default security group' });
    for (const ethertype of ['IPv4', 'IPv6'])
      this.createRule(owner, {
        security_group_id: group.id,
        direction: 'ingress',
        ethertype,
        remote_group_id: group.id,
      });
    return group;
  }

  create(owner: Owner, wish: Wish<SecurityGroup>): SecurityGroup {
    if (wish.name === 'default' && this.#named('default', owner.projectId))
      throw conflict('SecurityGroupDefaultAlreadyExists', 'Default security group already exists.');
    const group = this.rows.put(filled({ ...owned(owner), stateful: true }, wish));
    for (const ethertype of ['IPv4', 'IPv6'])
      this.createRule(owner, { security_group_id: group.id, direction: 'egress', ethertype });
    return group;
  }

  group(idOrName: string, projectId?: string): SecurityGroup {
    const found =
      this.rows.get(idOrName) ??
      (projectId === undefined ? undefined : this.#named(idOrName, projectId));
    if (!found)
      throw notFound('SecurityGroupNotFound', `Security group ${idOrName} does not exist`);
    return found;
  }

  update(id: string, change: Wish<SecurityGroup>): SecurityGroup {
    return this.rows.put(changed(this.group(id), change));
  }

  delete(id: string): void {
    const group = this.group(id);
    const used = this.#ports
      .where('project_id', group.project_id)
      .some((port) => port.security_groups.includes(group.id));
    if (used) throw conflict('SecurityGroupInUse', `Security Group ${group.id} in use.`);
    for (const rule of this.rulesOf(group.id)) this.rules.delete(rule.id);
    this.rows.delete(group.id);
  }

  rulesOf(groupId: string): SecurityGroupRule[] {
    return this.rules.where('security_group_id', groupId);
  }

  rule(id: string): SecurityGroupRule {
    const found = this.rules.get(id);
    if (!found)
      throw notFound('SecurityGroupRuleNotFound', `Security group rule ${id} does not exist`);
    return found;
  }

  createRule(
    owner: Owner,
    wish: Wish<SecurityGroupRule, 'security_group_id' | 'direction'>,
  ): SecurityGroupRule {
    const defaults: SecurityGroupRule = {
      ...owned(owner),
      security_group_id: this.group(wish.security_group_id).id,
      direction: wish.direction,
      ethertype: 'IPv4',
      protocol: null,
      port_range_min: null,
      port_range_max: null,
      remote_ip_prefix: null,
      remote_group_id: null,
    };
    const rule = filled(defaults, wish);
    const same = this.rulesOf(rule.security_group_id).find((other) => sameRule(other, rule));
    if (same)
      throw conflict(
        'SecurityGroupRuleExists',
        `Security group rule already exists. Rule id is ${same.id}.`,
      );
    return this.rules.put(rule);
  }

  deleteRule(id: string): void {
    this.rules.delete(this.rule(id).id);
  }

  #named(name: string, projectId: string): SecurityGroup | undefined {
    return this.rows.where('project_id', projectId).find((group) => group.name === name);
  }
}

const RULE_FIELDS = [
  'direction',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
] as const;

const sameRule = (a: SecurityGroupRule, b: SecurityGroupRule): boolean =>
  RULE_FIELDS.every((field) => String(a[field]) === String(b[field]));
