import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { decode, type Node } from './asn1.js';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKeyInfo: Node;
}

const generate = promisify(generateKeyPair);

/**
 * Makes RSA keys (e = 65537) in the thread pool. At most two at a time: the pool has four threads,
 * and signing must not wait behind a batch of new clusters.
 */
export class KeyMaker {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly atOnce = 2) {}

  async make(rsaKeySize: number): Promise<KeyPair> {
    if (this.running >= this.atOnce) {
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      const pair = await generate('rsa', { modulusLength: rsaKeySize, publicExponent: 0x10001 });
      const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
      return { privateKey: pair.privateKey, publicKeyInfo: decode(spki) };
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
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
