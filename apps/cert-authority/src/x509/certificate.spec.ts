import { describe, expect, it } from '@jest/globals';
import { serialText } from './certificate.js';

describe('serialText', () => {
  it.each([
    ['356708027d34ab7b', '356708027D34AB7B'],
    ['0356708027d34ab7', '0356708027D34AB7'],
    ['000056708027d34a', '56708027D34A'],
  ])('writes %s as OpenSSL does', (hex, text) => {
    expect(serialText(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
