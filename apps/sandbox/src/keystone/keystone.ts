import type { Settings, TokenContext } from '../cloud.js';
import type { Documents } from '../documents.js';
import { Credentials } from './credentials.js';
import { Directory } from './directory.js';
import { unauthorized } from './errors.js';
import { Tokens } from './tokens.js';
import { Trusts } from './trusts.js';

/** Identity: who is who, who may what, and the tokens that say so. */
export class Keystone {
  readonly directory: Directory;
  readonly trusts: Trusts;
  readonly credentials: Credentials;
  readonly tokens: Tokens;

  constructor(
    documents: Documents,
    private readonly settings: Settings,
  ) {
    this.directory = new Directory(documents);
    this.trusts = new Trusts(documents, this.directory);
    this.credentials = new Credentials(documents, this.directory);
    this.tokens = new Tokens(documents, {
      directory: this.directory,
      trusts: this.trusts,
      credentials: this.credentials.rows,
      settings,
    });
  }

  /** Where to authenticate. */
  get uri(): string {
    return `${this.settings.baseUrl}/identity`;
  }

  /** Who holds this token. @throws Refusal 401 */
  caller(tokenId: string | undefined): TokenContext {
    const context = tokenId === undefined ? undefined : this.tokens.context(tokenId);
    if (!context) throw unauthorized(this.uri);
    return context;
  }

  /** The user with everything that hangs on them: tokens, trusts, credentials, roles. */
  deleteUser(id: string): void {
    this.directory.deleteUser(id);
    this.trusts.deleteOfUser(id);
    this.credentials.deleteOfUser(id);
    this.tokens.revokeWhere((token) => token.user_id === id);
  }
}
