import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

// Cheap on purpose: a stand-in that must start and log in within milliseconds.
const derive = (password: string, salt: Buffer): Buffer =>
  scryptSync(password, salt, 32, { N: 128 });

/** `salt:hash` in hex. */
export const hashed = (password: string): string => {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${derive(password, salt).toString('hex')}`;
};

export const matches = (password: string, stored: string): boolean => {
  const [salt = '', hash = ''] = stored.split(':');
  const expected = Buffer.from(hash, 'hex');
  const given = derive(password, Buffer.from(salt, 'hex'));
  return expected.length === given.length && timingSafeEqual(given, expected);
};
