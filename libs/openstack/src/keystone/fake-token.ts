import { fakeId } from './fake-directory.js';
import type { AccessRule, Named, Token } from './port.js';

const HOUR_MS = 3_600_000;

/** What a token shall say. */
export interface FakeTokenContent {
  readonly user: Named;
  readonly project: Named | null;
  readonly roles: readonly string[];
  readonly trustId: string | null;
  readonly restricted: Restriction | null;
}

/** Got with a restricted application credential, which may be for some requests only. */
export interface Restriction {
  readonly accessRules: readonly AccessRule[] | null;
}

/** A token that ends in an hour. */
export const fakeToken = (content: FakeTokenContent, now = Date.now()): Token => {
  const { id, name, domainId, domainName } = content.user;
  return {
    user: { id, name, domainId, domainName },
    project: content.project,
    domain: null,
    systemScope: false,
    roles: content.roles.map((role) => ({ id: fakeId('role', role), name: role })),
    isAdminProject: true,
    applicationCredential: content.restricted
      ? { id: fakeId('credential', id), restricted: true, ...content.restricted }
      : null,
    trustId: content.trustId,
    methods: [content.restricted ? 'application_credential' : 'password'],
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + HOUR_MS).toISOString(),
    catalog: [],
  };
};
