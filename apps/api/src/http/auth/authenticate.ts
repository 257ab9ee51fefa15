import { CloudError } from '@jeroboam/openstack/http/errors';
import { AnsweredFault, type Answer } from '../errors/faults.js';
import type { TokenCache } from './token-cache.js';
import type { Validated } from './request-context.js';

/** No token, or one that is not valid (any more). */
export class Unauthenticated extends AnsweredFault {
  override readonly name = 'Unauthenticated';

  constructor(readonly authUri: string) {
    super('The request you have made requires authentication.');
  }

  answer(): Answer {
    return {
      status: 401,
      body: { error: { code: 401, title: 'Unauthorized', message: this.message } },
      headers: { 'WWW-Authenticate': `Keystone uri="${this.authUri}"` },
      versioned: false,
    };
  }
}

/** Keystone could not be asked. Plain text, as its middleware has it. */
export class KeystoneAway extends AnsweredFault {
  override readonly name = 'KeystoneAway';

  constructor(override readonly cause: unknown) {
    super('The Keystone service is temporarily unavailable.');
  }

  answer(): Answer {
    return { status: 503, body: this.message, headers: {}, versioned: false };
  }
}

/** Longer than any token Keystone makes; what is longer is not worth a call. */
const maxTokenChars = 16_384;

/** The token of a request judged. Throws {@link Unauthenticated} or {@link KeystoneAway}. */
export const authenticate = async (
  token: string | undefined,
  cache: TokenCache,
  authUri: string,
): Promise<Validated> => {
  if (!token || token.length > maxTokenChars) throw new Unauthenticated(authUri);
  const validated = await cache.look(token).catch((error: unknown) => {
    throw error instanceof CloudError ? new KeystoneAway(error) : error;
  });
  if (validated === null) throw new Unauthenticated(authUri);
  return validated;
};
