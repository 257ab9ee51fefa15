import type { AccessRule, Named, Token } from '@jeroboam/openstack/keystone/port';

export interface FakeToken {
  readonly userId?: string;
  readonly projectId?: string | null;
  readonly roles?: readonly string[];
  readonly userDomainId?: string;
  readonly domainId?: string;
  readonly systemScope?: boolean;
  readonly expiresAt?: string;
  readonly trustId?: string;
  /** As of an application credential that is limited to some requests. */
  readonly accessRules?: readonly AccessRule[];
}

const named = (id: string, domainId = 'default'): Named => ({
  id,
  name: `name of ${id}`,
  domainId,
  domainName: `name of ${domainId}`,
});

const scopeOf = ({ projectId = 'p1', domainId, systemScope = false }: FakeToken) => ({
  project: projectId === null ? null : named(projectId),
  domain: domainId === undefined ? null : { id: domainId, name: domainId },
  systemScope,
});

/** A token as Keystone describes it, for specs: a member of project p1 unless told otherwise. */
export const fakeToken = (facts: FakeToken = {}): Token => ({
  ...scopeOf(facts),
  user: named(facts.userId ?? 'u1', facts.userDomainId),
  roles: (facts.roles ?? ['member', 'reader']).map((name) => ({ id: `id of ${name}`, name })),
  isAdminProject: true,
  applicationCredential:
    facts.accessRules === undefined
      ? null
      : { id: 'c1', restricted: true, accessRules: facts.accessRules },
  trustId: facts.trustId ?? null,
  methods: ['password'],
  issuedAt: '2026-01-01T00:00:00.000000Z',
  expiresAt: facts.expiresAt ?? '2099-01-01T00:00:00.000000Z',
  catalog: [],
});
