import { describe, expect, it } from '@jest/globals';
import { tokenFrom } from './wire.js';

const rule = { service: 'container-infra', method: 'GET', path: '/v1/clusters' };

describe('the application credential of a token', () => {
  it.each([
    [undefined, null],
    [
      { id: 'c', restricted: true },
      { id: 'c', restricted: true, accessRules: null },
    ],
    [
      { id: 'c', restricted: false },
      { id: 'c', restricted: false, accessRules: null },
    ],
    [{ id: 'c' }, { id: 'c', restricted: true, accessRules: null }],
    [
      { id: 'c', access_rules: [] },
      { id: 'c', restricted: true, accessRules: [] },
    ],
    [
      { id: 'c', access_rules: 'x' },
      { id: 'c', restricted: true, accessRules: [] },
    ],
    [
      { id: 'c', access_rules: [{ id: 'r', ...rule }] },
      { id: 'c', restricted: true, accessRules: [rule] },
    ],
  ])('%j is %j', (application_credential, expected) => {
    expect(tokenFrom({ application_credential }).applicationCredential).toEqual(expected);
  });
});
