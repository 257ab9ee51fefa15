/**
 * Which member a key belongs to, `null` when there is none. All who know the same members agree, in
 * whatever order they know them; when one goes, only its keys move.
 */
export const ownerOf = (key: string, members: readonly string[]): string | null => {
  let owner: string | null = null;
  let highest = -1;
  for (const member of members) {
    const weight = hash(`${member}\u0000${key}`);
    if (owner === null || weight > highest || (weight === highest && member < owner)) {
      owner = member;
      highest = weight;
    }
  }
  return owner;
};

/** 32 bits: FNV-1a, its weak high bits mixed by the finish of MurmurHash3. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
};
