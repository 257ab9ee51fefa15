import type { Collection, Documents } from '../documents.js';
import { hexId } from '../time.js';
import { duplicate, notFound } from './errors.js';
import { hashed } from './passwords.js';
import type * as k from './types.js';

/** A role brings those it implies along, as a fresh Keystone is set up. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  admin: ['member', 'reader'],
  member: ['reader'],
};

export interface NewUser {
  readonly name: string;
  readonly domain_id: string;
  readonly password: string;
  readonly enabled?: boolean | undefined;
  readonly email?: string | undefined;
  readonly description?: string | undefined;
  readonly default_project_id?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Who there is, and who may do what where. */
export class Directory {
  readonly domains: Collection<k.Domain>;
  readonly projects: Collection<k.Project>;
  readonly users: Collection<k.User>;
  readonly roles: Collection<k.Role>;
  readonly assignments: Collection<k.Assignment>;
  readonly services: Collection<k.Service>;
  readonly endpoints: Collection<k.Endpoint>;

  constructor(documents: Documents) {
    this.domains = documents.collection('domain');
    this.projects = documents.collection('project');
    this.users = documents.collection('user');
    this.roles = documents.collection('role');
    this.assignments = documents.collection('assignment');
    this.services = documents.collection('service');
    this.endpoints = documents.collection('endpoint');
  }

  /** Grows with every change. */
  get revision(): number {
    return (
      this.domains.revision +
      this.projects.revision +
      this.users.revision +
      this.roles.revision +
      this.assignments.revision +
      this.services.revision +
      this.endpoints.revision
    );
  }

  domain(id: string): k.Domain {
    return found('domain', id, this.domains.get(id));
  }

  project(id: string): k.Project {
    return found('project', id, this.projects.get(id));
  }

  user(id: string): k.User {
    return found('user', id, this.users.get(id));
  }

  role(id: string): k.Role {
    return found('role', id, this.roles.get(id));
  }

  domainNamed(name: string): k.Domain | undefined {
    return this.domains.where('name', name)[0];
  }

  projectNamed(name: string, domainId: string): k.Project | undefined {
    return this.projects.where('name', name).find((row) => row.domain_id === domainId);
  }

  userNamed(name: string, domainId: string): k.User | undefined {
    return this.users.where('name', name).find((row) => row.domain_id === domainId);
  }

  roleNamed(name: string): k.Role | undefined {
    return this.roles.where('name', name)[0];
  }

  createDomain(name: string, description = '', id = hexId()): k.Domain {
    if (this.domainNamed(name)) throw duplicateName('domain', name);
    return this.domains.put({ id, name, description, enabled: true });
  }

  createProject(wish: Omit<k.Project, 'id' | 'enabled'>): k.Project {
    this.domain(wish.domain_id);
    if (this.projectNamed(wish.name, wish.domain_id)) throw duplicateName('project', wish.name);
    return this.projects.put({ id: hexId(), enabled: true, ...wish });
  }

  createUser(wish: NewUser): k.User {
    this.domain(wish.domain_id);
    if (this.userNamed(wish.name, wish.domain_id)) throw duplicateName('user', wish.name);
    return this.users.put({
      id: hexId(),
      name: wish.name,
      domain_id: wish.domain_id,
      enabled: wish.enabled ?? true,
      email: wish.email ?? null,
      description: wish.description ?? null,
      default_project_id: wish.default_project_id ?? null,
      password_hash: hashed(wish.password),
      options: wish.options ?? {},
    });
  }

  /** The user and the roles held. */
  deleteUser(id: string): void {
    this.user(id);
    for (const row of this.assignments.where('user_id', id)) this.assignments.delete(row.id);
    this.users.delete(id);
  }

  createRole(name: string, description: string | null = null): k.Role {
    if (this.roleNamed(name)) throw duplicateName('role', name);
    return this.roles.put({ id: hexId(), name, domain_id: null, description });
  }

  /** @param target `project:<id>`, `domain:<id>` or `system` */
  grant(userId: string, roleId: string, target: string): void {
    this.user(userId);
    this.role(roleId);
    const id = `${userId} ${roleId} ${target}`;
    this.assignments.put({ id, user_id: userId, role_id: roleId, target });
  }

  revoke(userId: string, roleId: string, target: string): void {
    if (!this.assignments.delete(`${userId} ${roleId} ${target}`))
      throw notFound('role assignment with role', `${roleId}, user or group: ${userId}`);
  }

  granted(userId: string, target: string): k.Role[] {
    return this.assignments
      .where('user_id', userId)
      .filter((row) => row.target === target)
      .map((row) => this.role(row.role_id));
  }

  /** Roles held there, implied ones included. */
  effectiveRoles(userId: string, target: string): k.Role[] {
    return this.withImplied(this.granted(userId, target));
  }

  withImplied(roles: readonly k.Role[]): k.Role[] {
    const all = new Map(roles.map((role) => [role.id, role]));
    for (const name of roles.flatMap((role) => IMPLIED[role.name] ?? [])) {
      const implied = this.roleNamed(name);
      if (implied) all.set(implied.id, implied);
    }
    return [...all.values()];
  }

  /** Projects in which the user has a role. */
  projectsOf(userId: string): k.Project[] {
    const targets = new Set(this.assignments.where('user_id', userId).map((row) => row.target));
    return this.projects.filter((row) => targets.has(`project:${row.id}`));
  }

  domainsOf(userId: string): k.Domain[] {
    const targets = new Set(this.assignments.where('user_id', userId).map((row) => row.target));
    return this.domains.filter((row) => targets.has(`domain:${row.id}`));
  }
}

const found = <T>(what: string, id: string, row: T | undefined): T => {
  if (!row) throw notFound(what, id);
  return row;
};

const duplicateName = (what: string, name: string): Error =>
  duplicate(what, `it is not permitted to have two ${what}s with the same name: ${name}`);
