import { createHash } from 'node:crypto';

/** JSON with members in the order of their names. In one loop: it is done for each cluster shown. */
const canonical = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort())
    if (members[name] !== undefined) text += `${JSON.stringify(name)}:${canonical(members[name])},`;
  return `{${text}}`;
};

/** The same 32 hexadecimal digits for the same JSON, whatever the order of members. */
export const fingerprint = (value: object): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);
