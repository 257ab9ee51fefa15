import { describe, expect, it } from '@jest/globals';
import { isWithinAccessRules } from './access-rules.js';
import { fakeToken } from './fake-tokens.js';

const rule = (text: string) => {
  const [service = '', method = '', path = ''] = text.split(' ');
  return { service, method, path };
};

const isGood = (rules: readonly string[], request: string): boolean => {
  const [method = '', path = ''] = request.split(' ');
  return isWithinAccessRules(fakeToken({ accessRules: rules.map(rule) }), { method, path });
};

describe('access rules', () => {
  it('are none for most tokens', () => {
    const request = { method: 'DELETE', path: '/v1/clusters/x' };
    expect(isWithinAccessRules(fakeToken(), request)).toBe(true);
  });

  it.each([
    ['container-infra GET /v1/clusters', 'GET /v1/clusters', true],
    ['container-infrastructure-management GET /v1/clusters', 'GET /v1/clusters', true],
    ['container-infra GET /v1/clusters', 'POST /v1/clusters', false],
    ['container-infra GET /v1/clusters', 'GET /v1/clusters/x', false],
    ['container-infra GET /v1/clusters', 'GET /v1/clustersx', false],
    ['compute GET /v1/clusters', 'GET /v1/clusters', false],
    ['container-infra GET /v1/clusters/{id}', 'GET /v1/clusters/x', true],
    ['container-infra GET /v1/clusters/{id}', 'GET /v1/clusters/x/nodegroups', false],
    ['container-infra GET /v1/clusters/*', 'GET /v1/clusters/x', true],
    ['container-infra GET /v1/clusters/*', 'GET /v1/clusters/x/nodegroups', false],
    ['container-infra GET /v1/clusters/*/nodegroups', 'GET /v1/clusters/x/nodegroups', true],
    ['container-infra GET /v1/**', 'GET /v1/clusters/x/nodegroups', true],
    ['container-infra GET **', 'GET /v1/clusters', true],
    ['container-infra GET /v1/c.usters', 'GET /v1/clusters', false],
    ['container-infra GET /v1/(x', 'GET /v1/clusters', false],
    ['container-infra GET /v1/{x', 'GET /v1/{x', true],
  ])('%s is good for %s: %s', (given, request, expected) => {
    expect(isGood([given], request)).toBe(expected);
  });

  it('are read in no time, whatever they are', () => {
    const pattern = `container-infra GET /${'**a*a'.repeat(40)}`;
    expect(isGood([pattern], `GET /${'a'.repeat(4000)}!`)).toBe(false);
    expect(isGood([pattern], `GET /${'a'.repeat(4000)}`)).toBe(true);
  });

  it('are good for nothing when there are none in the list', () => {
    expect(isGood([], 'GET /v1/clusters')).toBe(false);
  });

  it('let whatever one of them lets', () => {
    const rules = ['container-infra GET /v1/stats', 'container-infra POST /v1/clusters'];
    expect(isGood(rules, 'POST /v1/clusters')).toBe(true);
  });
});
