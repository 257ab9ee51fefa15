import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { CloudHttp } from '../http/cloud-http.js';
import { KeystoneClient } from './client.js';

const token = {
  user: { id: 'u', name: 'demo', domain: { id: 'default', name: 'Default' } },
  issued_at: '2026-01-01T00:00:00.000000Z',
  expires_at: '2099-01-01T00:00:00.000000Z',
  catalog: [],
};

describe('KeystoneClient', () => {
  let server: Server;
  let http: CloudHttp;
  let keystone: KeystoneClient;
  let asked: IncomingMessage[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      response
        .writeHead(request.method === 'POST' ? 201 : 200, {
          'content-type': 'application/json',
          'x-subject-token': 'ours',
        })
        .end(JSON.stringify({ token }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    http = new CloudHttp({ backoffMs: 1 });
    keystone = new KeystoneClient(http, {
      authUrl: `http://127.0.0.1:${typeof address === 'object' ? address!.port : ''}/v3`,
      username: 'jeroboam',
      password: 'p',
      projectName: 'service',
      userDomainName: 'Default',
      projectDomainName: 'Default',
      region: null,
      interface: 'public',
      caFile: null,
      trustees: { domainName: 'jeroboam', adminName: 'a', adminPassword: 'p' },
    });
  });
  afterEach(async () => {
    await http.close();
    server.close();
  });

  it('says that it looks to access rules, as Keystone hides tokens with them from others', async () => {
    expect((await keystone.validate('theirs'))?.user.id).toBe('u');
    expect(
      asked.map(({ method, url, headers }) => [method, url, headers['x-subject-token']]),
    ).toEqual([
      ['POST', '/v3/auth/tokens', undefined],
      ['GET', '/v3/auth/tokens', 'theirs'],
    ]);
    expect(asked[1]?.headers['openstack-identity-access-rules']).toBe('1');
  });
});
