import { randomUUID } from 'node:crypto';

/** `2026-01-31T08:30:00.000000Z`: Keystone's form. */
export const micros = (at: number = Date.now()): string =>
  new Date(at).toISOString().replace('Z', '000Z');

/** `2026-01-31T08:30:00Z`: Nova's, Neutron's and Glance's form. */
export const seconds = (at: number = Date.now()): string =>
  `${new Date(at).toISOString().slice(0, 19)}Z`;

/** `2026-01-31T08:30:00`: Octavia's and Barbican's form. */
export const bare = (at: number = Date.now()): string => new Date(at).toISOString().slice(0, 19);

/** `2026-01-31T08:30:00.000000`: Cinder's form. */
export const bareMicros = (at: number = Date.now()): string => micros(at).slice(0, -1);

/** A UUID without dashes, as Keystone's ids are. */
export const hexId = (): string => randomUUID().replaceAll('-', '');
