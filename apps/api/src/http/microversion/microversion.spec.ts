import { describe, expect, it } from '@jest/globals';
import { AnsweredFault } from '../errors/faults.js';
import { Microversion, negotiate, refusedBy, versionHeaders } from './microversion.js';

const max = Microversion.of('1.12');

const refusal = (header: string) => {
  try {
    negotiate(header, max);
  } catch (error) {
    if (error instanceof AnsweredFault) return error.answer();
  }
  throw new Error(`accepted ${header}`);
};

describe('negotiate', () => {
  it.each([
    [undefined, '1.1'],
    ['container-infra 1.5', '1.5'],
    ['container-infrastructure 1.12', '1.12'],
    ['container-infrastructure-management 1.1', '1.1'],
    ['container-infra latest', '1.12'],
    ['container-infra LATEST', '1.12'],
    ['foo latest', '1.12'],
    ['  container-infra   1.9 ', '1.9'],
  ])('%j gives %s', (header, version) => {
    expect(negotiate(header, max).toString()).toBe(version);
  });

  it.each([
    ['1.5', 'Invalid service type for OpenStack-API-Version header'],
    ['', 'Invalid service type for OpenStack-API-Version header'],
    ['latest', 'Invalid service type for OpenStack-API-Version header'],
    ['compute 2.1', 'Invalid service type for OpenStack-API-Version header'],
    ['compute 2.1, container-infra 1.5', 'Invalid service type for OpenStack-API-Version header'],
    ['container-infra abc', 'Invalid value for OpenStack-API-Version header'],
    ['container-infra 1', 'Invalid value for OpenStack-API-Version header'],
    ['container-infra 1.2.3', 'Invalid value for OpenStack-API-Version header'],
    ['container-infra -1.2', 'Invalid value for OpenStack-API-Version header'],
  ])('refuses %j plainly', (header, detail) => {
    expect(refusal(header)).toMatchObject({
      status: 406,
      versioned: false,
      body: { errors: [{ code: '', status: 406, title: 'Not Acceptable', detail }] },
    });
  });

  it('refuses a minor version out of range in the extended shape', () => {
    const answer = refusal('container-infra 1.15');
    expect(answer.body).toEqual({
      errors: [
        {
          code: 'magnum.microversion-unsupported',
          title: 'Requested microversion is unsupported',
          description:
            'Version 1.15 was requested but the minor version is not supported by this service. The supported version range is: [container-infrastructure-management 1.1, container-infrastructure-management 1.12].',
          max_version: '1.12',
          min_version: '1.1',
          links: [
            {
              rel: 'help',
              href: 'http://docs.openstack.org/api-guide/compute/microversions.html',
            },
          ],
        },
      ],
    });
    expect(answer.headers['OpenStack-API-Version']).toBe(
      'container-infrastructure-management 1.15',
    );
  });

  it.each(['2.0', '0.9'])('refuses the major version of %s', (version) => {
    expect(refusal(`container-infra ${version}`).body).toMatchObject({
      errors: [
        {
          description: `Mutually exclusive versions requested. Version ${version} requested but not supported by this service.The supported version range is: [container-infrastructure-management 1.1, container-infrastructure-management 1.12].`,
        },
      ],
    });
  });

  it('refuses 1.0', () => {
    expect(refusal('container-infra 1.0').body).toMatchObject({
      errors: [{ code: 'magnum.microversion-unsupported' }],
    });
  });
});

describe('Microversion', () => {
  it('compares by number, not by text', () => {
    expect(Microversion.of('1.10').atLeast('1.9')).toBe(true);
    expect(Microversion.of('1.9').below('1.10')).toBe(true);
    expect(Microversion.of('1.12').within({ until: '1.12' })).toBe(true);
    expect(Microversion.of('1.13').within({ until: '1.12' })).toBe(false);
    expect(Microversion.of('1.13').within({ since: '1.13' })).toBe(true);
  });

  it('names the long service in headers', () => {
    expect(versionHeaders('1.5', max)).toEqual({
      'OpenStack-API-Minimum-Version': 'container-infrastructure-management 1.1',
      'OpenStack-API-Maximum-Version': 'container-infrastructure-management 1.12',
      'OpenStack-API-Version': 'container-infrastructure-management 1.5',
      vary: 'OpenStack-API-Version',
    });
  });
});

describe('refusedBy', () => {
  const resize = { api: 'resize', since: '1.7' } as const;

  it('names the operation below its first version', () => {
    expect(refusedBy(resize, Microversion.of('1.6'))?.answer()).toMatchObject({
      status: 406,
      versioned: false,
      body: {
        errors: [
          {
            detail:
              'Version 1.6 was requested but the requested API resize is not supported for this version.',
          },
        ],
      },
    });
    expect(refusedBy(resize, Microversion.of('1.7'))).toBeNull();
  });

  it('is a 404 past the last version', () => {
    const bays = { api: 'get_all', until: '1.10' } as const;
    expect(refusedBy(bays, Microversion.of('1.10'))).toBeNull();
    expect(refusedBy(bays, Microversion.of('1.11'))?.status).toBe(404);
  });
});
