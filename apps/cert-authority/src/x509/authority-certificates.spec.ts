import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorityCertificates, openAuthority, type Bundle } from './authority-certificates.js';
import { KeyMaker, unseal } from './key-pair.js';
import { DEFAULT_POLICY, type SigningPolicy } from './signing-policy.js';

const NOW = new Date('2026-11-23T10:20:30.456Z');
const ATTIME = '1795500000'; // 2026-11-24
const folder = mkdtempSync(join(tmpdir(), 'x509-'));
const keys = new KeyMaker();
const certificates = new AuthorityCertificates(DEFAULT_POLICY, keys, () => NOW);
let ca: Bundle;

beforeAll(async () => {
  ca = await certificates.makeAuthority('swarm');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

const makeKey = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: () => generateKeyPairSync('ed25519'),
};

const keyFile = (type: keyof typeof makeKey): string => {
  const { privateKey } = makeKey[type]();
  const file = `${type}.key`;
  writeFileSync(join(folder, file), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return file;
};

interface RequestOptions {
  readonly subject?: string;
  readonly key?: 'rsa' | 'ec' | 'ed25519';
  readonly extensions?: readonly string[];
}

const EC_KEY = keyFile('ec');

const requestOf = (options: RequestOptions): string => {
  const { subject = '/CN=admin/O=system:masters', key = 'ec', extensions = [] } = options;
  const file = key === 'ec' ? EC_KEY : keyFile(key);
  const additions = extensions.flatMap((extension) => ['-addext', extension]);
  writeFileSync(
    join(folder, 'req.cnf'),
    '[req]\ndistinguished_name=dn\nutf8=yes\nstring_mask=utf8only\n[dn]\n',
  );
  const base = ['req', '-new', '-utf8', '-config', 'req.cnf', '-key', file, '-subj', subject];
  return openssl(...base, ...additions);
};

const sign = (options: RequestOptions, policy: SigningPolicy = DEFAULT_POLICY) =>
  new AuthorityCertificates(policy, keys, () => NOW).sign(requestOf(options), openAuthority(ca));

const put = (name: string, pem: string): string => {
  writeFileSync(join(folder, name), pem);
  return name;
};

const text = (pem: string): string =>
  openssl('x509', '-in', put('shown.pem', pem), '-noout', '-text', '-certopt', 'ext_parse');

const extensionsOf = (pem: string): string =>
  openssl('x509', '-in', put('shown.pem', pem), '-noout', '-ext', EXTENSIONS)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const EXTENSIONS =
  'keyUsage,extendedKeyUsage,basicConstraints,subjectAltName,nameConstraints,authorityKeyIdentifier';

const verify = (pem: string, ...options: string[]): string =>
  openssl(
    'verify',
    '-attime',
    ATTIME,
    ...options,
    '-CAfile',
    put('ca.pem', ca.certificate),
    put('leaf.pem', pem),
  );

describe('an authority', () => {
  it('is self-signed, with nothing below it but what it signs', () => {
    const certificate = new X509Certificate(ca.certificate);
    expect(certificate.subject).toBe('CN=swarm');
    expect(certificate.issuer).toBe('CN=swarm');
    expect(extensionsOf(ca.certificate)).toBe(
      [
        'X509v3 Basic Constraints: critical',
        'CA:TRUE, pathlen:0',
        'X509v3 Key Usage: critical',
        'Certificate Sign',
      ].join('\n'),
    );
    expect(text(ca.certificate)).toContain('Signature Algorithm: sha256WithRSAEncryption');
    expect(text(ca.certificate)).toContain('Version: 3 (0x2)');
    expect(text(ca.certificate)).toContain('X509v3 Subject Key Identifier: \n');
    expect(verify(ca.certificate, '-x509_strict')).toBe('leaf.pem: OK\n');
  });

  it('begins a day ago and lasts five years', () => {
    const { validFromDate, validToDate } = new X509Certificate(ca.certificate);
    expect(validFromDate.toISOString()).toBe('2026-11-22T10:20:30.000Z');
    expect(validToDate.toISOString()).toBe('2031-11-22T10:20:30.000Z');
  });

  it('has an RSA key that opens with its passphrase only', () => {
    expect(ca.passphrase).toMatch(/^[a-z2-7]{12}$/);
    expect(ca.privateKey).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(unseal(ca).asymmetricKeyDetails).toEqual({
      modulusLength: 2048,
      publicExponent: 65537n,
    });
    expect(() => unseal({ ...ca, passphrase: 'aaaaaaaaaaaa' })).toThrow();
  });

  it('has a serial of 128 random bits', async () => {
    const other = await certificates.makeAuthority('swarm');
    const serials = [ca, other].map(
      (bundle) => new X509Certificate(bundle.certificate).serialNumber,
    );
    expect(new Set(serials).size).toBe(2);
    // The marks of a version 4 uuid.
    for (const serial of serials) expect(serial.padStart(32, '0')).toMatch(/^.{12}4.{3}[89AB]/);
  });

  it('takes names of any letters and length', async () => {
    const name = `größe-${'x'.repeat(200)}`;
    const { certificate } = await certificates.makeAuthority(name);
    expect(new X509Certificate(certificate).subject).toBe(`CN=${name}`);
  });

  it('is not opened with the key of another', async () => {
    const other = await certificates.makeAuthority('other');
    expect(() => openAuthority({ ...other, certificate: ca.certificate })).toThrow(
      'the private key of an authority does not fit its certificate',
    );
  });
});

describe('the client certificate', () => {
  it('is an admin of Kubernetes', async () => {
    const { certificate } = await certificates.makeClientCertificate(openAuthority(ca));
    expect(new X509Certificate(certificate).subject).toBe('CN=admin\nO=system:masters');
    expect(extensionsOf(certificate)).toBe(
      [
        'X509v3 Key Usage: critical',
        'Digital Signature, Key Encipherment',
        'X509v3 Extended Key Usage:',
        'TLS Web Client Authentication',
        'X509v3 Basic Constraints: critical',
        'CA:FALSE',
      ].join('\n'),
    );
    expect(verify(certificate, '-purpose', 'sslclient')).toBe('leaf.pem: OK\n');
  });
});

describe('a signed request', () => {
  it.each(['rsa', 'ec', 'ed25519'] as const)('may be of an %s key', async (key) => {
    const { pem } = await sign({ key });
    expect(verify(pem, '-purpose', 'sslclient')).toBe('leaf.pem: OK\n');
    const certified = new X509Certificate(pem).publicKey.export({ format: 'pem', type: 'spki' });
    expect(certified).toBe(openssl('pkey', '-in', `${key}.key`, '-pubout'));
  });

  it('may be of a short key, and be signed with SHA-1 itself, as old clients do', async () => {
    const made = ['req', '-new', '-sha1', '-newkey', 'rsa:1024', '-nodes', '-keyout', 'old.key'];
    const subject = '/C=US/ST=California/L=Mountain View/O=Some Inc/OU=IT/CN=www.example.com';
    const request = openssl(...made, '-subj', subject);
    const { pem } = await certificates.sign(request, openAuthority(ca));
    expect(verify(pem)).toBe('leaf.pem: OK\n');
    expect(text(pem)).toContain('Signature Algorithm: sha256WithRSAEncryption');
  });

  it('bears the subject as it was sent', async () => {
    const subject = '/C=DE/O=Ünïcode\\/Co/OU=a+CN=b/emailAddress=a@b.c';
    const { pem } = await sign({ subject });
    const request = put('sent.csr', requestOf({ subject }));
    const subjectOf = (...args: string[]) =>
      openssl(...args, '-noout', '-subject', '-nameopt', 'RFC2253,show_type');
    expect(subjectOf('x509', '-in', put('got.pem', pem))).toBe(subjectOf('req', '-in', request));
  });

  it('tells what the log wants to know', async () => {
    const signed = await sign({ subject: '/CN=adm,in/O=system:masters' });
    expect(signed).toEqual({
      pem: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/),
      serial: new X509Certificate(signed.pem).serialNumber,
      fingerprint: new X509Certificate(signed.pem).fingerprint256.replaceAll(':', '').toLowerCase(),
      subject: 'CN=adm\\,in,O=system:masters',
      notBefore: new Date('2026-11-22T10:20:30.000Z'),
      notAfter: new Date('2031-11-22T10:20:30.000Z'),
    });
    expect(new X509Certificate(signed.pem).issuer).toBe('CN=swarm');
  });

  it('keeps what is allowed', async () => {
    const extensions = [
      'keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment',
      'extendedKeyUsage=critical,clientAuth,serverAuth',
      'subjectAltName=DNS:node.example,IP:10.0.0.1,IP:2001:db8::1',
      'basicConstraints=critical,CA:FALSE',
    ];
    const { pem } = await sign({ extensions });
    expect(extensionsOf(pem)).toBe(
      [
        'X509v3 Key Usage: critical',
        'Digital Signature, Non Repudiation, Key Encipherment',
        'X509v3 Extended Key Usage: critical',
        'TLS Web Client Authentication, TLS Web Server Authentication',
        'X509v3 Subject Alternative Name:',
        'DNS:node.example, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1',
        'X509v3 Basic Constraints: critical',
        'CA:FALSE',
      ].join('\n'),
    );
  });

  it('gets its own subject key identifier instead of the one it asks for', async () => {
    const { pem } = await sign({ extensions: ['subjectKeyIdentifier=0102030405'] });
    const shown = text(pem);
    expect(shown.match(/X509v3 Subject Key Identifier/g)).toHaveLength(1);
    expect(shown).not.toContain('01:02:03:04:05');
    const expected = openssl('req', '-x509', '-key', EC_KEY, '-subj', '/CN=x', '-days', '1');
    const identifier = (certificate: string) =>
      /Subject Key Identifier: \n\s*(\S+)/.exec(text(certificate))?.[1];
    expect(identifier(pem)).toBe(identifier(expected));
  });

  it('loses quietly what is not allowed and not critical', async () => {
    const { pem } = await sign({
      extensions: [
        'nameConstraints=permitted;DNS:example.com',
        'keyUsage=digitalSignature,keyCertSign,cRLSign,dataEncipherment',
        'basicConstraints=CA:TRUE,pathlen:3',
        '1.2.3.4=DER:0500',
      ],
    });
    expect(extensionsOf(pem)).toBe(
      ['X509v3 Key Usage:', 'Digital Signature', 'X509v3 Basic Constraints:', 'CA:FALSE'].join(
        '\n',
      ),
    );
    expect(text(pem)).not.toContain('1.2.3.4');
  });

  it('may become an authority where the operator allows it', async () => {
    const policy: SigningPolicy = {
      ...DEFAULT_POLICY,
      allowCa: true,
      allowedKeyUsages: new Set(['Certificate Sign', 'CRL Sign']),
      allowedExtensions: new Set(['keyUsage', 'basicConstraints']),
      termDays: 10,
    };
    const extensions = [
      'keyUsage=critical,keyCertSign,cRLSign',
      'basicConstraints=critical,CA:TRUE,pathlen:3',
      'subjectAltName=DNS:dropped',
    ];
    const { pem, notAfter } = await sign({ extensions }, policy);
    expect(extensionsOf(pem)).toBe(
      [
        'X509v3 Key Usage: critical',
        'Certificate Sign, CRL Sign',
        'X509v3 Basic Constraints: critical',
        'CA:TRUE, pathlen:3',
      ].join('\n'),
    );
    expect(notAfter.toISOString()).toBe('2026-12-03T10:20:30.000Z');
  });

  it('is dated rightly beyond 2049', async () => {
    const { pem } = await sign({}, { ...DEFAULT_POLICY, termDays: 36_500 });
    expect(new X509Certificate(pem).validToDate.toISOString()).toBe('2126-10-30T10:20:30.000Z');
  });
});

const KU = 'oid=<ObjectIdentifier(oid=2.5.29.15, name=keyUsage)>, critical=True';
const BC = 'oid=<ObjectIdentifier(oid=2.5.29.19, name=basicConstraints)>, critical=True';
const NOTHING_ELSE =
  'content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False';

describe('a refused request', () => {
  it.each([
    [
      'keyUsage=critical,digitalSignature,keyCertSign',
      `Extension '<Extension(${KU}, value=<KeyUsage(digital_signature=True, ${NOTHING_ELSE}, key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False)>)>' not allowed`,
    ],
    [
      'keyUsage=critical,decipherOnly',
      `Extension '<Extension(${KU}, value=<KeyUsage(digital_signature=False, ${NOTHING_ELSE}, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=True)>)>' not allowed`,
    ],
    [
      'basicConstraints=critical,CA:TRUE',
      `Extension '<Extension(${BC}, value=<BasicConstraints(ca=True, path_length=None)>)>' not allowed`,
    ],
    [
      'basicConstraints=critical,CA:TRUE,pathlen:2',
      `Extension '<Extension(${BC}, value=<BasicConstraints(ca=True, path_length=2)>)>' not allowed`,
    ],
    [
      '1.2.3.4=critical,DER:0c022761',
      `Extension '<Extension(oid=<ObjectIdentifier(oid=1.2.3.4, name=Unknown OID)>, critical=True, value=<UnrecognizedExtension(oid=<ObjectIdentifier(oid=1.2.3.4, name=Unknown OID)>, value=b"\\x0c\\x02'a")>)>' not allowed`,
    ],
  ])('asked critically for %s', async (extension, message) => {
    await expect(sign({ extensions: [extension] })).rejects.toMatchObject({
      name: 'Refused',
      code: 'invalid',
      message,
    });
  });

  it('asked critically for a purpose that the operator does not allow', async () => {
    const policy = { ...DEFAULT_POLICY, allowedExtensions: new Set(['keyUsage'] as const) };
    const extensions = ['extendedKeyUsage=critical,clientAuth,1.2.3.4'];
    await expect(sign({ extensions }, policy)).rejects.toThrow(
      "Extension '<Extension(oid=<ObjectIdentifier(oid=2.5.29.37, name=extendedKeyUsage)>, critical=True, value=<ExtendedKeyUsage([<ObjectIdentifier(oid=1.3.6.1.5.5.7.3.2, name=clientAuth)>, <ObjectIdentifier(oid=1.2.3.4, name=Unknown OID)>])>)>' not allowed",
    );
  });

  it.each([
    ['bad', "Received invalid csr b'bad'."],
    ["it's\n\\\u00fc", `Received invalid csr b"it's\\n\\\\\\xc3\\xbc".`],
    [
      '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----',
      "Received invalid csr b'-----BEGIN CERTIFICATE REQUEST-----\\nMAA=\\n-----END CERTIFICATE REQUEST-----'.",
    ],
  ])('is no request: %j', async (sent, message) => {
    await expect(certificates.sign(sent, openAuthority(ca))).rejects.toMatchObject({
      name: 'Refused',
      code: 'invalid',
      message,
    });
  });

  it.each([
    ['cut short', (der: Buffer) => der.subarray(0, -1)],
    ['with something behind it', (der: Buffer) => Buffer.concat([der, Buffer.from([5, 0])])],
    ['with a key that is none', (der: Buffer) => replaced(der, '2a8648ce3d0201', '2a8648ce3d0209')],
    ['with a keyUsage that is none', (der: Buffer) => replaced(der, '03020780', '04020780')],
  ])('is broken: %s', async (_, spoil) => {
    const pem = requestOf({ extensions: ['keyUsage=digitalSignature'] });
    const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
    const lines = ['-----BEGIN CERTIFICATE REQUEST-----', spoil(der).toString('base64')];
    const sent = [...lines, '-----END CERTIFICATE REQUEST-----'].join('\n');
    await expect(certificates.sign(sent, openAuthority(ca))).rejects.toThrow(
      /^Received invalid csr b'-----BEGIN/,
    );
  });

  it('names an extension twice', async () => {
    const extensions = ['1.2.3.4=DER:0500', '1.2.3.5=DER:0500'];
    const der = Buffer.from(requestOf({ extensions }).replace(/-----[^-]+-----/g, ''), 'base64');
    const twice = replaced(der, '06032a0305', '06032a0304').toString('base64');
    const sent = `-----BEGIN CERTIFICATE REQUEST-----\n${twice}\n-----END CERTIFICATE REQUEST-----`;
    await expect(certificates.sign(sent, openAuthority(ca))).rejects.toThrow(
      'Received invalid csr',
    );
  });
});

const replaced = (der: Buffer, from: string, to: string): Buffer => {
  expect(der.toString('hex')).toContain(from);
  return Buffer.from(der.toString('hex').replace(from, to), 'hex');
};

it('reads a request whatever stands around it', async () => {
  const request = requestOf({ key: 'ec' }).replaceAll(
    'CERTIFICATE REQUEST',
    'NEW CERTIFICATE REQUEST',
  );
  const sent = `Certificate Request:\n    Data:\n${request}\n`.replaceAll('\n', '\r\n');
  const { pem } = await certificates.sign(sent, openAuthority(ca));
  expect(
    new X509Certificate(pem).publicKey.equals(
      createPublicKey(openssl('pkey', '-in', EC_KEY, '-pubout')),
    ),
  ).toBe(true);
});
