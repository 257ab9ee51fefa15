import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { failureOf } from '../contract/cloud-under-test.js';
import { CloudHttp } from '../http/cloud-http.js';
import { CloudUnavailable } from '../http/errors.js';
import type { CatalogEntry } from '../http/session.js';
import { GivenToken, SourcedSession } from '../keystone/sessions.js';
import { CinderClient } from './client.js';

const ANSWERS: Readonly<Record<string, object>> = {
  '/v3/p/types': { volume_types: [{ id: '1', name: 'open' }] },
  '/v3/p/types?is_public=None': {
    volume_types: [
      { id: '1', name: 'open' },
      { id: '2', name: 'closed', is_public: false },
    ],
  },
};

describe('CinderClient', () => {
  let server: Server;
  let http: CloudHttp;
  let cinder: CinderClient;

  const session = (catalog: readonly CatalogEntry[]): SourcedSession => {
    const who = { token: 't', userId: 'u', projectId: 'p', roles: ['admin'] };
    const access = { ...who, expiresAt: '2030-01-01T00:00:00.000Z', catalog };
    return new SourcedSession(new GivenToken(access), { region: null, interface: 'public' });
  };
  const offered = (): SourcedSession => {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}/v3/p`;
    const endpoints = [{ interface: 'public', region: null, url }] as const;
    return session([{ type: 'volumev3', name: 'cinder', endpoints }]);
  };

  beforeEach(async () => {
    server = createServer((request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(ANSWERS[request.url ?? '']));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = new CloudHttp({ backoffMs: 1 });
    cinder = new CinderClient(http);
  });
  afterEach(async () => {
    await http.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('finds private types too, and lists those that are for all', async () => {
    const closed = { id: '2', name: 'closed', isPublic: false };
    expect(await cinder.findVolumeType(offered(), 'closed')).toEqual(closed);
    expect(await cinder.findVolumeType(offered(), '2')).toEqual(closed);
    expect(await cinder.listVolumeTypes(offered())).toEqual([
      { id: '1', name: 'open', isPublic: true },
    ]);
  });

  it('is not there where the catalog does not have it', async () => {
    expect(await cinder.available(offered())).toBe(true);
    expect(await cinder.available(session([]))).toBe(false);
    const failure = await failureOf(cinder.findVolumeType(session([]), 'x'));
    expect(failure).toBeInstanceOf(CloudUnavailable);
  });
});
