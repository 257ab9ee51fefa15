import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ProcessorSlots } from '@jeroboam/platform/concurrency/processor-slots';
import { decode, type Node } from './asn1.js';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKeyInfo: Node;
}

const generate = promisify(generateKeyPair);

/** Makes RSA keys (e = 65537) in the thread pool, which has a thread left for signing at any time. */
export class KeyMaker {
  constructor(private readonly slots = new ProcessorSlots()) {}

  make(rsaKeySize: number): Promise<KeyPair> {
    return this.slots.run(async () => {
      const pair = await generate('rsa', { modulusLength: rsaKeySize, publicExponent: 0x10001 });
      const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
      return { privateKey: pair.privateKey, publicKeyInfo: decode(spki) };
    });
  }
}

/** A private key as it is kept: useless without its passphrase. */
export interface SealedKey {
  /** PKCS#8 PEM, encrypted. */
  readonly privateKey: string;
  /** 12 characters of lower-case base32: 60 random bits. */
  readonly passphrase: string;
}

export const seal = (key: KeyObject): SealedKey => {
  const passphrase = randomPassphrase();
  const privateKey = key.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase,
  });
  return { privateKey: privateKey.toString().trimEnd(), passphrase };
};

/** Throws when the passphrase is not the key's. */
export const unseal = ({ privateKey, passphrase }: SealedKey): KeyObject =>
  createPrivateKey({ key: privateKey, format: 'pem', passphrase });

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

const randomPassphrase = (): string =>
  Array.from(randomBytes(12), (byte) => BASE32[byte & 31]).join('');
