import { createHash } from 'node:crypto';
import type { Named } from './port.js';

export interface FakeUser extends Named {
  readonly password: string;
}

/** The same name gives the same id on every run: 32 hexadecimal digits, as Keystone's. */
export const fakeId = (...parts: readonly string[]): string =>
  createHash('md5').update(parts.join('/')).digest('hex');

/** Domains, projects, users and their roles. */
export class FakeDirectory {
  readonly projects = new Map<string, Named>();
  readonly users = new Map<string, FakeUser>();
  readonly #roles = new Map<string, readonly string[]>();

  /** Domain `Default` unless said. */
  addProject(name: string, domainName = 'Default'): Named {
    const project = { ...domain(domainName), id: fakeId('project', domainName, name), name };
    this.projects.set(project.id, project);
    return project;
  }

  /** Domain `Default` unless said. */
  addUser(name: string, password: string, domainName = 'Default'): FakeUser {
    const id = fakeId('user', domainName, name);
    const user = { ...domain(domainName), id, name, password };
    this.users.set(id, user);
    return user;
  }

  grant(user: Named, project: Named, roles: readonly string[]): void {
    this.#roles.set(`${user.id}/${project.id}`, roles);
  }

  rolesOf(userId: string, projectId: string): readonly string[] {
    return this.#roles.get(`${userId}/${projectId}`) ?? [];
  }

  userNamed(name: string, domainName = 'Default'): FakeUser | undefined {
    return [...this.users.values()].find(
      (user) => user.name === name && user.domainName === domainName,
    );
  }

  projectNamed(name: string): Named | undefined {
    return [...this.projects.values()].find((project) => project.name === name);
  }
}

const domain = (name: string) => ({
  domainId: name === 'Default' ? 'default' : fakeId('domain', name),
  domainName: name,
});
