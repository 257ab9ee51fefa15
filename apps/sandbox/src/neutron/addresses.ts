import type { AddressPool } from './types.js';

/** IPv4 addresses as numbers. */
export const toNumber = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

export const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Undefined when it is no IPv4 network in CIDR form. */
export const parseCidr = (cidr: string): Range | undefined => {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(cidr);
  const [, address = '', bits = ''] = match ?? [];
  const octets = address.split('.').map(Number);
  if (!match || Number(bits) > 32 || octets.some((octet) => octet > 255)) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / size) * size;
  return { first, last: first + size - 1 };
};

export const contains = (cidr: string, address: string): boolean => {
  const range = parseCidr(cidr);
  const value = toNumber(address);
  return range !== undefined && value >= range.first && value <= range.last;
};

export const overlap = (a: string, b: string): boolean => {
  const [left, right] = [parseCidr(a), parseCidr(b)];
  return !!left && !!right && left.first <= right.last && right.first <= left.last;
};

/** The first usable address of the network: its gateway unless another is named. */
export const firstHost = (cidr: string): string => toAddress((parseCidr(cidr)?.first ?? 0) + 1);

/** All of the network but its ends and the gateway. */
export const poolsOf = (cidr: string, gateway: string | null): AddressPool[] => {
  const range = parseCidr(cidr);
  if (!range) return [];
  const hosts = { first: range.first + 1, last: range.last - 1 };
  const hole = gateway === null ? 0 : toNumber(gateway);
  const parts =
    hole >= hosts.first && hole <= hosts.last
      ? [
          { first: hosts.first, last: hole - 1 },
          { first: hole + 1, last: hosts.last },
        ]
      : [hosts];
  return parts
    .filter(({ first, last }) => first <= last)
    .map(({ first, last }) => ({ start: toAddress(first), end: toAddress(last) }));
};

/** The first address of the pools, from `after` on and then around, that is not taken. */
export const freeAddress = (
  pools: readonly AddressPool[],
  taken: ReadonlySet<string>,
  after: number,
): string | undefined => {
  const ranges = pools.map(({ start, end }) => ({ first: toNumber(start), last: toNumber(end) }));
  const search = (from: number): string | undefined => {
    for (const { first, last } of ranges)
      for (let value = Math.max(first, from); value <= last; value += 1) {
        const address = toAddress(value);
        if (!taken.has(address)) return address;
      }
    return undefined;
  };
  return search(after + 1) ?? search(0);
};
