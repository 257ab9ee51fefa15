import { randomUUID } from 'node:crypto';
import type { Owner } from '../cloud.js';
import { seconds } from '../time.js';
import { badRequest } from './errors.js';

/** What every document of Neutron begins with. */
export const owned = (owner: Owner) => {
  const now = seconds();
  return {
    id: randomUUID(),
    name: '',
    project_id: owner.projectId,
    tenant_id: owner.projectId,
    description: '',
    created_at: now,
    updated_at: now,
    revision_number: 1,
    tags: [] as readonly string[],
  };
};

/** Defaults, with what was asked for in their place. Refuses what the document has no field for. */
export const filled = <T extends object>(defaults: T, wish: object): T => {
  const given = Object.entries(wish).filter(([, value]) => value !== undefined);
  const unknown = given.map(([key]) => key).filter((key) => !(key in defaults));
  if (unknown.length > 0) throw badRequest(`Unrecognized attribute(s) '${unknown.join("', '")}'`);
  return { ...defaults, ...Object.fromEntries(given) };
};

/** The document after a change of its own fields. */
export const changed = <T extends { readonly revision_number: number }>(
  row: T,
  change: object,
): T => ({
  ...filled(row, change),
  updated_at: seconds(),
  revision_number: row.revision_number + 1,
});
