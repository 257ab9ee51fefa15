import { describe, expect, it } from '@jest/globals';
import { HttpException, NotFoundException } from '@nestjs/common';
import { Refused } from '@jeroboam/eventing/decider';
import { StoreUnavailable, VersionConflict } from '@jeroboam/eventing/event-store';
import { CloudRefused, CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import { isBug, toAnswer } from './answer.js';
import { Fault, InvalidInput, missingArgument, NoRoute, unknownArgument } from './faults.js';

const nova = { service: 'compute', status: 403, requestId: null } as const;

const shape = (error: unknown) => toAnswer(error, 'req-1');

describe('toAnswer', () => {
  it('answers with the six members of the standard error in their order', () => {
    expect(JSON.stringify(shape(new Fault(404, 'Cluster nope could not be found.')).body)).toBe(
      '{"errors":[{"request_id":"","code":"client","status":404,' +
        '"title":"Cluster nope could not be found",' +
        '"detail":"Cluster nope could not be found.","links":[]}]}',
    );
  });

  it.each([
    ['invalid', 400],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['quota-exceeded', 403],
    ['key-reused', 422],
  ] as const)('maps a refusal %s to %d', (code, status) => {
    expect(shape(new Refused(code, 'no'))).toMatchObject({ status, versioned: true });
  });

  it.each([
    [
      new InvalidInput('limit', 'abc', 'Bad.'),
      400,
      "Invalid input for field/attribute limit. Value: 'abc'. Bad.",
    ],
    [
      new InvalidInput('labels', { a: [1] }, 'x'),
      400,
      "Invalid input for field/attribute labels. Value: '{'a': [1]}'. x",
    ],
    [unknownArgument('foo'), 400, 'Unknown argument: "foo"'],
    [missingArgument('cluster'), 400, 'Missing argument: "cluster"'],
    [
      new VersionConflict('cluster-1', 3),
      409,
      'The resource was changed by other requests meanwhile. Please try again.',
    ],
    [new StoreUnavailable('x'), 503, 'The event store is temporarily unavailable.'],
    [new ServiceUnavailable('stats'), 503, 'The service stats is temporarily unavailable.'],
    [new CloudUnavailable('x', nova), 503, 'The compute service is temporarily unavailable.'],
    [new CloudRefused('Forbidden', nova), 403, 'nova connection failed. Forbidden'],
    [new HttpException('too big', 413), 413, 'Request is too large.'],
    [new Error('secret inside'), 500, "Unexpected error, see the server's log for req-1."],
    ['thrown text', 500, "Unexpected error, see the server's log for req-1."],
  ])('renders %s', (error, status, detail) => {
    expect(shape(error)).toMatchObject({ status, body: { errors: [{ status, detail }] } });
  });

  it('says server for 5xx, and cuts the title at the first full stop', () => {
    expect(shape(new Fault(500, 'a.b c')).body).toMatchObject({
      errors: [{ code: 'server', title: 'a', detail: 'a.b c' }],
    });
  });

  it.each([
    [new NoRoute(404), 'Not Found', ''],
    [new NotFoundException('Cannot GET /x'), 'Not Found', ''],
    [new NoRoute(405), 'Method Not Allowed', ''],
    [new NoRoute(406, 'why'), 'Not Acceptable', 'why'],
  ])('leaves the code of framework errors empty', (error, title, detail) => {
    const answer = shape(error);
    expect(answer.versioned).toBe(false);
    expect(answer.body).toMatchObject({ errors: [{ code: '', title, detail }] });
  });

  it('tells bugs from refusals', () => {
    expect(isBug(new TypeError('x'))).toBe(true);
    expect(isBug(new Refused('conflict', 'x'))).toBe(false);
    expect(isBug(new Fault(500, 'known'))).toBe(false);
  });
});
