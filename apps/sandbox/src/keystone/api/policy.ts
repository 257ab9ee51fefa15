import type { TokenContext } from '../../cloud.js';
import { notPermitted } from '../errors.js';

/**
 * An administrator of the cloud may do everything, one of a domain (with a token for the domain)
 * what concerns that domain.
 *
 * @param domainId of what is touched; absent: only the cloud's administrators
 * @throws Refusal 403
 */
export const requireAdmin = (caller: TokenContext, action: string, domainId?: string): void => {
  const reaches = caller.domainId === '' || caller.domainId === domainId;
  if (!caller.isAdmin || !reaches) throw notPermitted(`identity:${action}`);
};

export const isCloudAdmin = (caller: TokenContext): boolean =>
  caller.isAdmin && caller.domainId === '';

/** Domain of what is asked about; of what is not there any administrator may be told so. */
export const homeOf = (
  caller: TokenContext,
  row: { readonly domain_id: string } | undefined,
): string => row?.domain_id ?? caller.domainId;
