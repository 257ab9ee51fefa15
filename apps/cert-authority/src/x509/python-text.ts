/**
 * Values as Python prints them. Magnum's error texts hold such prints, and clients show or match
 * them, so ours must look alike.
 */

const NAMED: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

/** `b'…'`: quoted by `"` when there is a `'` in it and no `"`. */
export const bytesText = (bytes: Buffer): string => {
  const quote = bytes.includes("'") && !bytes.includes('"') ? '"' : "'";
  let text = '';
  for (const byte of bytes) text += byteText(byte, quote);
  return `b${quote}${text}${quote}`;
};

const byteText = (byte: number, quote: string): string => {
  const char = String.fromCharCode(byte);
  if (char === quote) return `\\${char}`;
  const named = NAMED[byte];
  if (named) return named;
  return byte >= 0x20 && byte < 0x7f ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
};

export const booleanText = (value: boolean): string => (value ? 'True' : 'False');
