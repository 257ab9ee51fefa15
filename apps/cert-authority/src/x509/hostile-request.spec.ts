import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { Refused } from '@jeroboam/eventing/decider';
import fc from 'fast-check';
import { AuthorityCertificates, openAuthority, type Authority } from './authority-certificates.js';
import { KeyMaker } from './key-pair.js';
import { DEFAULT_POLICY } from './signing-policy.js';

const policy = { ...DEFAULT_POLICY, rsaKeySize: 1024 };
const certificates = new AuthorityCertificates(policy, new KeyMaker(), () => new Date(0));
let authority: Authority;
let request: Buffer;

beforeAll(async () => {
  authority = openAuthority(await certificates.makeAuthority('swarm'));
  const extensions = [
    'basicConstraints=CA:TRUE,pathlen:1',
    'keyUsage=keyCertSign,digitalSignature',
    'subjectAltName=DNS:a',
  ].flatMap((extension) => ['-addext', extension]);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const pem = execFileSync(
    'openssl',
    ['req', '-new', ...key, '-keyout', '/dev/null', '-subj', '/CN=a/O=b', ...extensions],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  ).toString();
  request = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
});

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;

it('never makes an authority of a request with changed bytes, and refuses what it cannot read', async () => {
  const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const der = Buffer.from(request);
      for (const { at, to } of changes) der[Math.floor(at * der.length)] = to;
      const outcome = await certificates
        .sign(pemOf(der), authority)
        .catch((error: unknown) => error);
      if (outcome instanceof Refused) {
        expect(outcome.code).toBe('invalid');
        return;
      }
      const { ca } = new X509Certificate((outcome as { pem: string }).pem);
      expect(ca).toBe(false);
    }),
    { numRuns: 1500 },
  );
}, 30_000);

it('reads no text for a request', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      await expect(certificates.sign(text, authority)).rejects.toThrow('Received invalid csr b');
    }),
  );
});
