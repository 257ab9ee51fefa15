import { describe, expect, it } from '@jest/globals';
import { BadRequest, CloudRefused, CloudUnavailable, Conflict, NotFound } from './errors.js';
import { errorFor, failureOf, redacted } from './failure.js';

describe('failureOf', () => {
  it.each([
    [
      'Keystone',
      { error: { code: 404, message: 'Could not find trust: x.' } },
      'Could not find trust: x.',
    ],
    ['Nova', { itemNotFound: { code: 404, message: 'Flavor x' } }, 'Flavor x'],
    ['Neutron', { NeutronError: { message: 'no net', type: 'T', detail: '' } }, 'no net'],
    [
      'Barbican',
      { code: 404, title: 'Not Found', description: 'in another castle' },
      'in another castle',
    ],
    ['Octavia', { faultcode: 'Client', faultstring: 'immutable', debuginfo: null }, 'immutable'],
    ['Magnum', { errors: [{ title: 'T', detail: 'the detail' }] }, 'the detail'],
    [
      'Glance',
      '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1>No image x<br /></body></html>',
      'No image x',
    ],
    [
      'Glance in JSON',
      { message: 'No image x<br /><br />\n\n', code: '404 Not Found' },
      'No image x',
    ],
    [
      'a nested stack',
      { error: { message: 'resources.0<worker.yaml>: no' } },
      'resources.0<worker.yaml>: no',
    ],
    ['nobody', undefined, 'HTTP 418'],
  ])('finds the words of %s', (_, body, words) => {
    expect(failureOf(418, body).message).toBe(words);
  });

  it("takes Heat's message and type, not its explanation", () => {
    const body = {
      explanation: 'There was a conflict.',
      code: 409,
      error: { message: 'The Stack (x) already exists.', traceback: null, type: 'StackExists' },
      title: 'Conflict',
    };
    expect(failureOf(409, body)).toEqual({
      message: 'The Stack (x) already exists.',
      type: 'StackExists',
    });
  });
});

describe('errorFor', () => {
  it.each([
    [400, BadRequest],
    [401, CloudRefused],
    [403, CloudRefused],
    [404, NotFound],
    [409, Conflict],
    [413, BadRequest],
    [429, CloudUnavailable],
    [500, CloudUnavailable],
    [503, CloudUnavailable],
  ])('makes of a %d the right error', (status, kind) => {
    const error = errorFor('why', { service: 'image', status, requestId: 'req-1' });
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ message: 'why', service: 'image', status, requestId: 'req-1' });
  });
});

describe('redacted', () => {
  it('hides what it is told, and Fernet tokens', () => {
    const token = `gAAAAAB${'x'.repeat(40)}`;
    expect(redacted(`bad pass-word in ${token}.`, ['pass-word'])).toBe('bad *** in ***.');
  });
});
