import { describe, expect, it } from '@jest/globals';
import { Refused } from '@jeroboam/eventing/decider';
import { toRequest, type Verb } from './requests.js';

const clusterId = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
const LONG = 'x'.repeat(65_537);
const named = { clusterId, clusterName: 'swarm' };
const signing = { ...named, authority: 'etcd', csr: 'pem' };
const keyed = {
  requestKey: '1b1c2d3e-4f50-5617-8293-a4b5c6d7e8f9',
  operationId: '2b1c2d3e-4f50-5617-8293-a4b5c6d7e8f9',
};

describe('toRequest', () => {
  it.each<[Verb, object]>([
    ['ensure', named],
    ['ensure', { clusterId, clusterName: '' }],
    ['ca', { clusterId, authority: 'front-proxy' }],
    ['sign', signing],
    ['sign', { ...signing, termDays: 0.5 }],
    ['sign', { ...signing, keyed }],
    ['prepare-rotation', named],
    ['commit-rotation', { clusterId }],
    ['abandon-rotation', { clusterId }],
    ['destroy', { clusterId }],
  ])('reads %s and drops what it does not know', (verb, request) => {
    expect(toRequest(verb, { ...request, other: 1 })).toEqual(request);
  });

  it.each<[Verb, unknown, string]>([
    ['ensure', null, 'body'],
    ['ensure', 'x', 'body'],
    ['destroy', {}, 'clusterId'],
    ['destroy', { clusterId: '../../etc' }, 'clusterId'],
    ['destroy', { clusterId: clusterId.toUpperCase() }, 'clusterId'],
    ['ensure', { clusterId }, 'clusterName'],
    ['ensure', { clusterId, clusterName: LONG }, 'clusterName'],
    ['ca', { clusterId, authority: 'kubelet' }, 'authority'],
    ['sign', { ...signing, csr: 7 }, 'csr'],
    ['sign', { ...signing, csr: LONG }, 'csr'],
    ['sign', { ...signing, termDays: 0 }, 'termDays'],
    ['sign', { ...signing, termDays: Number.NaN }, 'termDays'],
    ['sign', { ...signing, keyed: null }, 'keyed'],
    ['sign', { ...signing, keyed: 'k' }, 'keyed'],
    ['sign', { ...signing, keyed: { ...keyed, requestKey: 'k' } }, 'requestKey'],
    ['sign', { ...signing, keyed: { requestKey: keyed.requestKey } }, 'operationId'],
  ])('refuses %s, case %#', (verb, message, member) => {
    const read = () => toRequest(verb, message);
    expect(read).toThrow(Refused);
    expect(read).toThrow(`The ${member} of the request to the certificate authority is not valid.`);
  });
});
