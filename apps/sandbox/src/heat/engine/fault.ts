import type { FaultRule } from '../../control/faults.js';
import { Refusal } from '../../refusal.js';
import type { ServiceCall } from '../resources/kind.js';
import { ResourceError, wentToError } from '../resources/kind.js';
import type { Records, Resource, Stack } from './records.js';

const NO_HOST =
  'Message: No valid host was found. There are not enough hosts available., Code: 500';

/** What the resource fails with when a rule makes its call fail. */
export const failureOf = (rule: FaultRule, call: ServiceCall | undefined): Error => {
  if (call?.path === '/servers' && rule.status >= 500) return wentToError(NO_HOST);
  const words = `Sandbox fault ${rule.id}`;
  return call
    ? new Refusal(rule.status, words, {})
    : new ResourceError('ResourceInError', `Went to status FAILED due to "${words}"`);
};

/**
 * What rules for the service `heat-resource` match with:
 * `/<root stack>/<resource>/<inner resource>:<type>?name=…&flavor=…`
 */
export const faultPath = (records: Records, stack: Stack, resource: Resource): string => {
  const names = [resource.name];
  let here = stack;
  while (here.parentId !== null) {
    names.unshift(here.parentResource ?? '');
    here = records.stack(here.parentId);
  }
  const given = ['name', 'flavor'].flatMap((key) => {
    const value = resource.properties[key];
    return typeof value === 'string' ? [`${key}=${value}`] : [];
  });
  const query = given.length === 0 ? '' : `?${given.join('&')}`;
  return `/${here.name}/${names.join('/')}:${resource.type}${query}`;
};
