import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { bareMicros } from '../time.js';
import { badRequest, conflict, notFound } from './errors.js';
import type { Keypair } from './types.js';

/** Key pairs: each belongs to a user, whatever the project. */
export class Keypairs {
  readonly rows: Collection<Keypair>;

  constructor(documents: Documents) {
    this.rows = documents.collection('keypair');
  }

  ofUser(userId: string): Keypair[] {
    return this.rows.where('user_id', userId);
  }

  get(userId: string, name: string): Keypair {
    const found = this.rows.get(idOf(userId, name));
    if (!found) throw notFound(`Keypair ${name} not found for user ${userId}`);
    return found;
  }

  create(
    owner: Owner,
    request: { readonly name: string; readonly public_key?: string },
  ): Keypair & { readonly private_key?: string } {
    const { name } = request;
    if (!/^[\w \-.@]{1,255}$/.test(name))
      throw badRequest(
        'Keypair data is invalid: Keypair name contains unsafe characters or is not between 1 and 255 characters long',
      );
    if (this.rows.get(idOf(owner.userId, name)))
      throw conflict(`Key pair '${name}' already exists.`);
    const made = request.public_key === undefined ? generated() : undefined;
    const publicKey = (request.public_key ?? made?.public_key ?? '').trim();
    const row = this.rows.put({
      id: idOf(owner.userId, name),
      user_id: owner.userId,
      name,
      public_key: publicKey,
      fingerprint: fingerprint(publicKey),
      created_at: bareMicros(),
    });
    return made ? { ...row, private_key: made.private_key } : row;
  }

  delete(userId: string, name: string): void {
    this.rows.delete(this.get(userId, name).id);
  }
}

const idOf = (userId: string, name: string): string => `${userId} ${name}`;

/** MD5 over the key's blob, as Nova shows it: `aa:bb:…`. */
const fingerprint = (publicKey: string): string => {
  const [type = '', encoded = ''] = publicKey.split(/\s+/);
  const blob = Buffer.from(encoded, 'base64');
  const named = blob.length > 4 && blob.subarray(4, 4 + blob.readUInt32BE(0)).toString();
  if (!named || named !== type)
    throw badRequest('Keypair data is invalid: failed to generate fingerprint');
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/(..)(?!$)/g, '$1:');
};

const generated = (): { readonly public_key: string; readonly private_key: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    public_key: `${sshPublicKey(publicKey)} Generated-by-Nova`,
    private_key: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
};

/** RFC 4253 §6.6: name, exponent and modulus, each with its length before it. */
const sshPublicKey = (key: KeyObject): string => {
  const { e = '', n = '' } = key.export({ format: 'jwk' });
  const positive = (part: string): Buffer => {
    const bytes = Buffer.from(part, 'base64url');
    return (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  };
  const parts = [Buffer.from('ssh-rsa'), positive(e), positive(n)].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `ssh-rsa ${Buffer.concat(parts).toString('base64')}`;
};
